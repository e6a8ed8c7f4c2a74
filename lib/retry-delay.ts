import type { Context, SQSRecord } from 'aws-lambda';

import type { Batch } from './batch';
import type { AwsClient } from './client-sqs';
import { clientSqsAtRunTime } from './client-sqs-at-run-time';
import type { Outcome } from './engine/outcome';
import { toError } from './errors';
import { type BatchLogger, logWarning, summaryOf } from './log';
import { Patience } from './patience';
import { MOST_ENTRIES, SqsBatches } from './sqs-batches';
import { withoutPayload } from './without-payload';

/** When messages that failed are tried again. */
export interface RetryDelay {
  /** Seconds until then, by how often the message was received and its error; what is no number of at least 0 delays nothing. */
  readonly seconds: (receiveCount: number, error: Error) => number;
  /** An SQSClient. Default: one that is configured by the environment. */
  readonly client?: AwsClient;
  /** The URL of the queue. Default: made of the ARN in each message. */
  readonly queueUrl?: string;
}

/** A message can be invisible for 12 hours after it was received, and may have waited the longest batching window. */
const LONGEST_SECONDS = 43_200 - 300;

/** How long an answer waits for the calls, at most. */
const PATIENCE_MS = 5_000;

interface DelayedBatch {
  readonly logger: BatchLogger;
  readonly startedAt: number;
  readonly context: Context | undefined;
}

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout: number;
}

/** Has messages that failed come back when `seconds` says, by their visibility timeout. */
export class RetryDelayer {
  readonly #options: RetryDelay;
  readonly #batches: SqsBatches;

  constructor(options: RetryDelay) {
    this.#options = options;
    this.#batches = new SqsBatches('retryDelay', clientSqsAtRunTime, options.client);
  }

  /**
   * Delays the failed messages of a batch. Best effort: what goes wrong is logged, and changes nothing else.
   *
   * @param startedAt when the function was invoked, in epoch milliseconds
   */
  async delay(batch: Batch, outcomes: readonly Outcome[], { logger, startedAt, context }: DelayedBatch): Promise<void> {
    const longest = LONGEST_SECONDS - Math.ceil((Date.now() - startedAt) / 1000);
    const problems = new Set<string>();
    const failed = (thrown: unknown): void => {
      problems.add(summaryOf(withoutPayload(toError(thrown))));
    };
    const calls = [...this.#entriesByQueue(batch, outcomes, longest, failed)].flatMap(([QueueUrl, entries]) =>
      chunksOf(entries).map((Entries) => ({ QueueUrl, Entries })),
    );
    if (calls.length > 0) {
      const patience = new Patience('SQS', context, PATIENCE_MS);
      const send = async (call: object): Promise<void> => {
        const { Failed: refused = [] } = await this.#batches.send(
          'ChangeMessageVisibilityBatchCommand',
          call,
          patience.signal,
        );
        if (refused.length > 0) throw new Error(`SQS refused ${refused.length}, the first as ${refused[0]!.Code}`);
      };
      // A client that is not the SDK's may know nothing of signals.
      await Promise.all(calls.map((call) => Promise.race([send(call), patience.over]).catch(failed)));
      patience.release();
    }
    for (const problem of problems) logWarning(logger, `Messages that failed are not delayed: ${problem}.`);
  }

  /** What was not run has done nothing to be delayed for. */
  #entriesByQueue(
    batch: Batch,
    outcomes: readonly Outcome[],
    longest: number,
    failed: (thrown: unknown) => void,
  ): Map<string, Entry[]> {
    const byQueue = new Map<string, Entry[]>();
    outcomes.forEach((outcome, index) => {
      if (outcome.status !== 'failure') return;
      try {
        const { receiptHandle, attributes, eventSourceARN } = batch.records[index] as SQSRecord;
        const receiveCount = Number(attributes.ApproximateReceiveCount);
        const seconds: unknown = this.#options.seconds(receiveCount, outcome.error);
        if (typeof seconds !== 'number' || !(seconds >= 0)) return;
        if (!receiptHandle) throw new Error('A message has no receiptHandle'); // SQS would refuse the whole call
        const url = this.#options.queueUrl ?? queueUrlOf(eventSourceARN);
        const VisibilityTimeout = Math.min(Math.round(seconds), longest);
        const entries = byQueue.get(url) ?? [];
        byQueue.set(url, entries);
        entries.push({ Id: String(index), ReceiptHandle: receiptHandle, VisibilityTimeout });
      } catch (thrown) {
        failed(thrown);
      }
    });
    return byQueue;
  }
}

function chunksOf(entries: readonly Entry[]): Entry[][] {
  const chunks: Entry[][] = [];
  for (let start = 0; start < entries.length; start += MOST_ENTRIES) {
    chunks.push(entries.slice(start, start + MOST_ENTRIES));
  }
  return chunks;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html */
function queueUrlOf(arn: string): string {
  const [, partition, , region, account, name] = arn.split(':');
  if (!name) throw new Error('The eventSourceARN of a message is not that of a queue: set queueUrl');
  return `https://sqs.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/${account}/${name}`;
}
