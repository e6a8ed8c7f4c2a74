// Compiled, not run: under both dialects every line must type-check, and every @ts-expect-error must be needed.
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';

import {
  BatchHandler,
  type BatchObserver,
  BatchProcessor,
  type BatchSummary,
  type Delivery,
  type EventSourceDataClassTypes,
  exponentialBackoff,
  NonRetryableError,
  ParsingError,
  processPartialResponse,
} from '../../lib';
import { sqsQueue } from '../../lib/dead-letter';
import { json } from '../../lib/payload';

class ValidationError extends Error {
  constructor(readonly field: string) {
    super(field);
  }
}

const observer: BatchObserver = {
  onBatchStart: async ({ records }) => {
    expectTypeOf(records).toEqualTypeOf<readonly unknown[]>();
  },
  aroundRecord: (_delivery, next) => next(),
  onBatchEnd: (summary) => {
    expectTypeOf(summary).toEqualTypeOf<BatchSummary>();
    expectTypeOf(summary.stoppedBy).toEqualTypeOf<'failure' | 'timeout' | undefined>();
  },
};

export class Fitting {
  @BatchHandler({
    source: 'SQS',
    nonRetryable: {
      errors: [ValidationError, ParsingError, z.ZodError, (error) => error.message === 'poison'],
      deliverTo: async (record, error, delivery) => {
        expectTypeOf(record).toEqualTypeOf<SQSRecord>();
        expectTypeOf(error).toEqualTypeOf<Error>();
        expectTypeOf(delivery).toEqualTypeOf<Delivery<SQSRecord>>();
      },
    },
    retryDelay: { seconds: exponentialBackoff({ base: 5, max: 600, jitter: false }), client: new SQSClient({}) },
    observers: [observer],
  })
  async sqs(_record: SQSRecord): Promise<void> {
    throw new NonRetryableError('poison', { cause: 'why' });
  }

  @BatchHandler({
    source: 'SQS',
    payload: json<{ id: number }>(),
    nonRetryable: {
      deliverTo: (record) => {
        expectTypeOf(record).toEqualTypeOf<SQSRecord>(); // as it was received, not what the reader made of it
      },
    },
  })
  async payload(_payload: { id: number }): Promise<void> {
    // fits
  }

  @BatchHandler({
    source: 'KinesisDataStreams',
    nonRetryable: {
      deliverTo: (record) => {
        expectTypeOf(record).toEqualTypeOf<KinesisStreamRecord>();
      },
    },
  })
  async kinesis(_record: KinesisStreamRecord): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'DynamoDBStreams', nonRetryable: { deliverTo: 'discard' } })
  async discarded(_record: DynamoDBRecord): Promise<void> {
    // fits
  }

  // What takes the records of every source serves for each.
  @BatchHandler({
    source: 'DynamoDBStreams',
    nonRetryable: { deliverTo: (record: SQSRecord | DynamoDBRecord) => Promise.resolve(record) },
  })
  async shared(_record: DynamoDBRecord): Promise<void> {
    // fits
  }
}

export const refusedOptions = [
  // @ts-expect-error messages have a visibility timeout, records of a stream have not
  () => BatchHandler({ source: 'KinesisDataStreams', retryDelay: { seconds: () => 60 } }),
  // @ts-expect-error nor have those of a table
  () => BatchHandler({ source: 'DynamoDBStreams', retryDelay: { seconds: () => 60 } }),
  // @ts-expect-error seconds is a function
  () => BatchHandler({ source: 'SQS', retryDelay: { seconds: 60 } }),
  // @ts-expect-error and not an async one
  () => BatchHandler({ source: 'SQS', retryDelay: { seconds: () => Promise.resolve(60) } }),
  // @ts-expect-error deliverTo is given messages
  () => BatchHandler({ source: 'SQS', nonRetryable: { deliverTo: (record: KinesisStreamRecord) => record } }),
  // @ts-expect-error where records go has to be said
  () => BatchHandler({ source: 'SQS', nonRetryable: { errors: [ValidationError] } }),
  // @ts-expect-error there is one such word
  () => BatchHandler({ source: 'SQS', nonRetryable: { deliverTo: 'drop' } }),
  // @ts-expect-error a class of what is no error
  () => BatchHandler({ source: 'SQS', nonRetryable: { errors: [Map], deliverTo: 'discard' } }),
  // @ts-expect-error observers are a list
  () => BatchHandler({ source: 'SQS', observers: observer }),
  // @ts-expect-error there is no such hook
  () => BatchHandler({ source: 'SQS', observers: [{ onBatchFinish: () => undefined }] }),
  // @ts-expect-error jitter is a boolean
  () => exponentialBackoff({ jitter: 0.5 }),
];

expectTypeOf(exponentialBackoff()).toEqualTypeOf<(receiveCount: number) => number>();

/** The same names in the class API, whose processors do not tell the type of their records. */
const classApi = (options: Parameters<typeof processPartialResponse>[3]) =>
  processPartialResponse({ Records: [] }, () => undefined, new BatchProcessor('SQS'), options);

export const inTheClassApi = () => [
  classApi({
    nonRetryable: { errors: [ValidationError], deliverTo: async (record: SQSRecord) => Promise.resolve(record.body) },
    retryDelay: { seconds: exponentialBackoff(), queueUrl: 'https://queue.example' },
    observers: [observer],
  }),
  classApi({
    nonRetryable: {
      deliverTo: (record, error, delivery) => {
        expectTypeOf(record).toEqualTypeOf<EventSourceDataClassTypes>();
        expectTypeOf(delivery.record).toEqualTypeOf<EventSourceDataClassTypes>();
        return error;
      },
    },
  }),
  classApi({ nonRetryable: { deliverTo: sqsQueue({ queueUrl: 'https://queue.example' }) } }),
  // @ts-expect-error no source has such records
  classApi({ nonRetryable: { deliverTo: (record: number) => record } }),
];
