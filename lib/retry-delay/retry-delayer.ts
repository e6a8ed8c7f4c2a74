import type { SQSRecord } from 'aws-lambda';

import type { AwsClient } from '../aws/command';
import type { ExtendedBatch } from '../batch/extension';
import { logWarning } from '../batch/log';
import { isThenable, quietly } from '../batch/thenable';
import type { Outcome } from '../engine/outcome';
import { toError } from '../errors/to-error';
import { summaryOf } from '../errors/without-payload';
import { clientSqs } from '../sqs/client-sqs';
import { queueUrlOf } from '../sqs/queue-url';
import { inTens, SqsBatches } from '../sqs/sqs-batches';

/** A message can be invisible for 12 hours after it was received, and may have waited the longest batching window. */
const LONGEST_SECONDS = 43_200 - 300;

/** How long an answer waits for the calls, at most. */
const PATIENCE_MS = 5_000;

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout: number;
}

/** Has messages that failed come back when `seconds` says, by their visibility timeout. */
export class RetryDelayer {
  readonly #seconds: (receiveCount: number, error: Error) => unknown;
  readonly #batches: SqsBatches;
  readonly #queueUrl: string | undefined;

  constructor(
    seconds: (receiveCount: number, error: Error) => unknown,
    client: AwsClient | undefined,
    queueUrl: string | undefined,
  ) {
    this.#seconds = seconds;
    this.#batches = new SqsBatches('retryDelay', client, clientSqs);
    this.#queueUrl = queueUrl;
  }

  /** Delays the failed messages of a batch. Best effort: what goes wrong is logged, and changes nothing else. */
  async delay(batch: ExtendedBatch<SQSRecord>, outcomes: readonly Outcome[]): Promise<void> {
    const problems = new Set<string>();
    const failed = (thrown: unknown): void => {
      problems.add(summaryOf(toError(thrown)));
    };
    const calls = [...this.#entriesByQueue(batch, outcomes, failed)].flatMap(([QueueUrl, entries]) =>
      inTens(entries).map((Entries) => ({ QueueUrl, Entries })),
    );
    if (calls.length > 0) {
      const patience = batch.patience('SQS', PATIENCE_MS);
      // A client that is not the SDK's may know nothing of signals.
      const send = (call: object) => Promise.race([this.#send(call, patience.signal), patience.over]);
      await Promise.all(calls.map((call) => send(call).catch(failed)));
      patience.release();
    }
    for (const problem of problems) logWarning(batch.logger, `Messages that failed are not delayed: ${problem}.`);
  }

  async #send(call: object, abortSignal: AbortSignal): Promise<void> {
    const ownEndpoint = this.#queueUrl === undefined;
    const answer = await this.#batches.send('ChangeMessageVisibilityBatch', call, { abortSignal, ownEndpoint });
    const { Failed: refused = [] } = answer;
    if (refused.length > 0) throw new Error(`SQS refused ${refused.length}, the first as ${refused[0]!.Code}`);
  }

  /** What was not run has done nothing to be delayed for. */
  #entriesByQueue(
    batch: ExtendedBatch<SQSRecord>,
    outcomes: readonly Outcome[],
    failed: (thrown: unknown) => void,
  ): Map<string, Entry[]> {
    const longest = LONGEST_SECONDS - Math.ceil((Date.now() - batch.startedAt) / 1000);
    const byQueue = new Map<string, Entry[]>();
    outcomes.forEach((outcome, index) => {
      if (outcome.status !== 'failure') return;
      try {
        const record = batch.records[index]!;
        // Tests write messages that say nothing of how often they were received.
        const seconds = this.#seconds(batch.deliveryOf(index).receiveCount ?? 1, outcome.error);
        if (isThenable(seconds)) throw refusePromise(seconds);
        if (typeof seconds !== 'number' || !(seconds >= 0)) return;
        if (!record.receiptHandle) throw new Error('A message has no receiptHandle'); // SQS would refuse the whole call
        const url = this.#queueUrl ?? queueUrlIn(record);
        const VisibilityTimeout = Math.min(Math.round(seconds), longest);
        const entries = byQueue.get(url) ?? [];
        byQueue.set(url, entries);
        entries.push({ Id: String(index), ReceiptHandle: record.receiptHandle, VisibilityTimeout });
      } catch (thrown) {
        failed(thrown);
      }
    });
    return byQueue;
  }
}

/** @throws Error where the message does not say in which queue it is */
function queueUrlIn({ eventSourceARN }: Partial<SQSRecord>): string {
  return queueUrlOf(eventSourceARN ?? '');
}

function refusePromise(promise: PromiseLike<unknown>): Error {
  quietly(() => promise);
  return new Error('The delay is a promise, and has to be a number');
}
