import { setTimeout as wait } from 'node:timers/promises';

import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { BatchHandler } from 'lambda-batch-handler';
import { chunksOf } from 'lambda-batch-handler/chunk';
import { sqsEvent } from 'lambda-batch-handler/testing';

import type { Batch } from '../question';
import { type Entry, entryOf } from './entry';
import { silent as logger } from './handlers';

// Handlers that make a call of five milliseconds, for a record or for 25 of them, ten at once.

const CALL_MS = 5;
const SIZE = 25;
const AT_ONCE = 10;

export const messages = (count: number): Batch<SQSEvent> => ({
  event: sqsEvent(Array.from({ length: count }, (_, index) => `${index}`)),
  failures: [],
});

class Chunks {
  @BatchHandler({ source: 'SQS', concurrency: AT_ONCE, chunk: chunksOf(SIZE), logger })
  async handle(_records: readonly SQSRecord[]): Promise<void> {
    await wait(CALL_MS);
  }
}
export const chunks = entryOf<SQSEvent>(new Chunks());

class Singles {
  @BatchHandler({ source: 'SQS', concurrency: AT_ONCE, logger })
  async handle(_record: SQSRecord): Promise<void> {
    await wait(CALL_MS);
  }
}
export const singles = entryOf<SQSEvent>(new Singles());

/** A loop over slices, as one would write it: ten workers take one after the other. */
export const slices: Entry<SQSEvent> = async ({ Records }) => {
  const failed: SQSRecord[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let from = next; from < Records.length; from = next) {
      next = from + SIZE;
      try {
        await wait(CALL_MS);
      } catch {
        failed.push(...Records.slice(from, next));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
