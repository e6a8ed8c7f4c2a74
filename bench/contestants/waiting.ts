import { setTimeout as wait } from 'node:timers/promises';

import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import type { KinesisStreamEvent, KinesisStreamRecord, SQSEvent, SQSRecord } from 'aws-lambda';
import { BatchHandler } from 'lambda-batch-handler';
import { kinesisEvent, sqsEvent } from 'lambda-batch-handler/testing';

import type { Batch } from '../question';
import { sequenceNumber, sequentialOf } from './by-hand';
import { type Entry, entryOf } from './entry';
import { silent as logger } from './handlers';

// Handlers that wait, as those that call a service do.

export const MESSAGE_MS = 10;
export const RECORD_MS = 5;

/** Ten messages of ten groups. */
export const tenGroups = (count: number): Batch<SQSEvent> => ({
  event: sqsEvent(
    Array.from({ length: count }, (_, index) => `${index}`),
    { fifo: true, messageGroupId: (_body, index) => `group-${index % 10}` },
  ),
  failures: [],
});

/** Records of 200 keys in turn. */
export const twoHundredKeys = (count: number): Batch<KinesisStreamEvent> => ({
  event: kinesisEvent(
    Array.from({ length: count }, (_, index) => `${index}`),
    { partitionKey: (_payload, index) => `key-${index % 200}` },
  ),
  failures: [],
});

class Groups {
  @BatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true, concurrency: 10, logger })
  async handle(): Promise<void> {
    await wait(MESSAGE_MS);
  }
}
export const groups = entryOf<SQSEvent>(new Groups());

const fifoProcessor = new SqsFifoPartialProcessorAsync();
const handle = async (_record: SQSRecord): Promise<void> => wait(MESSAGE_MS);
export const powertoolsGroups: Entry<SQSEvent> = (event, context) =>
  processPartialResponse(event, handle, fifoProcessor, { context, skipGroupOnError: true });

/** The number of the record of each key that is next: what runs out of order throws. */
const next = new Map<string, number>();

function inOrder({ kinesis }: KinesisStreamRecord): void {
  const number = Number(Buffer.from(kinesis.data, 'base64').toString());
  const expected = next.get(kinesis.partitionKey);
  if (number >= 200 && number !== expected) throw new Error(`Expected record ${expected}, received ${number}.`);
  next.set(kinesis.partitionKey, number + 200);
}

class Keys {
  @BatchHandler({ source: 'KinesisDataStreams', order: 'key', concurrency: 100, logger })
  async handle(record: KinesisStreamRecord): Promise<void> {
    await wait(RECORD_MS);
    inOrder(record);
  }
}
export const keys = entryOf<KinesisStreamEvent>(new Keys());

export const sequentialKeys = sequentialOf(async (record: KinesisStreamRecord) => {
  await wait(RECORD_MS);
  inOrder(record);
}, sequenceNumber);
