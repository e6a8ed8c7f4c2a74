import type { Context, SQSRecord } from 'aws-lambda';

import type { Batch } from './batch';
import type { AwsClient } from './client-sqs';
import { clientSqsAtRunTime } from './client-sqs-at-run-time';
import type { Outcome } from './engine/outcome';
import { toError } from './errors';
import { type BatchLogger, logWarning, quietly } from './log';
import { MOST_ENTRIES, SqsBatches } from './sqs-batches';

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

/** How long an answer waits for the calls, at most; or for half of the time that is left, if that is less. */
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
    const calls = [...this.#entriesByQueue(batch, outcomes, longest)].flatMap(([QueueUrl, entries]) =>
      chunksOf(entries).map((Entries) => ({ QueueUrl, Entries })),
    );
    if (calls.length === 0) return;
    const remaining = quietly(() => context?.getRemainingTimeInMillis()) ?? Infinity;
    const signal = AbortSignal.timeout(Math.max(1, Math.floor(Math.min(PATIENCE_MS, remaining / 2))));
    const send = async (call: object): Promise<void> => {
      const { Failed: refused = [] } = await this.#batches.send('ChangeMessageVisibilityBatchCommand', call, signal);
      if (refused.length > 0) throw new Error(`SQS refused ${refused.length}, the first as ${refused[0]!.Code}`);
    };
    const results = await Promise.allSettled(calls.map((call) => Promise.race([send(call), aborted(signal)])));
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      const { name, message } = toError(result.reason);
      logWarning(logger, `Messages that failed are not delayed: ${name}: ${message}.`);
    }
  }

  /** What was not run has done nothing to be delayed for. */
  #entriesByQueue(batch: Batch, outcomes: readonly Outcome[], longest: number): Map<string, Entry[]> {
    const byQueue = new Map<string, Entry[]>();
    outcomes.forEach((outcome, index) => {
      if (outcome.status !== 'failure') return;
      quietly(() => {
        const { receiptHandle, attributes, eventSourceARN } = batch.records[index] as SQSRecord;
        const seconds = this.#options.seconds(Number(attributes.ApproximateReceiveCount), outcome.error);
        if (!(seconds >= 0)) return;
        const url = this.#options.queueUrl ?? queueUrlOf(eventSourceARN);
        const VisibilityTimeout = Math.min(Math.round(seconds), longest);
        const entries = byQueue.get(url) ?? [];
        byQueue.set(url, entries);
        entries.push({ Id: String(index), ReceiptHandle: receiptHandle, VisibilityTimeout });
      });
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

/** A client that is not the SDK's may know nothing of signals. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(toError(signal.reason));
    });
  });
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html */
function queueUrlOf(arn: string): string {
  const [, partition, , region, account, name] = arn.split(':');
  return `https://sqs.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/${account}/${name}`;
}
