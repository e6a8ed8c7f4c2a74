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
  createBatchHandler,
  type Delivery,
  type EventSourceDataClassTypes,
  NonRetryableError,
  observe,
  type Observer,
  ParsingError,
  processPartialResponse,
} from '../../lib';
import { type DeadLetter, deadLetter, sqsQueue } from '../../lib/dead-letter';
import { json } from '../../lib/payload';
import { delayBy, exponentialBackoff, type RetryDelay } from '../../lib/retry-delay';
import { ledger, type LedgerEntry } from '../support/made-up-source';

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
    expectTypeOf(summary.stoppedBy).toEqualTypeOf<'timeout' | 'stop-batch' | 'failure' | undefined>();
  },
};

/** Methods whose options fit them. */
export class Fitting {
  @BatchHandler({
    source: 'SQS',
    nonRetryable: deadLetter({
      errors: [ValidationError, ParsingError, z.ZodError, (error) => error.message === 'poison'],
      deliverTo: async (record, error, delivery) => {
        expectTypeOf(record).toEqualTypeOf<SQSRecord>();
        expectTypeOf(error).toEqualTypeOf<Error>();
        expectTypeOf(delivery).toEqualTypeOf<Delivery<SQSRecord>>();
      },
    }),
    retryDelay: exponentialBackoff({ base: 5, max: 600, jitter: false, client: new SQSClient({}) }),
    observers: [observe(observer)],
  })
  async sqs(_record: SQSRecord): Promise<void> {
    throw new NonRetryableError('poison', { cause: 'why' });
  }

  @BatchHandler({
    source: 'SQS',
    payload: json<{ id: number }>(),
    nonRetryable: deadLetter({
      deliverTo: (record) => {
        expectTypeOf(record).toEqualTypeOf<SQSRecord>(); // as it was received, not what the reader made of it
      },
    }),
    retryDelay: delayBy((receiveCount, error) => {
      expectTypeOf(receiveCount).toEqualTypeOf<number>();
      expectTypeOf(error).toEqualTypeOf<Error>();
      return receiveCount * 2;
    }),
  })
  async payload(_payload: { id: number }): Promise<void> {
    // fits
  }

  @BatchHandler({
    source: 'KinesisDataStreams',
    nonRetryable: deadLetter({
      deliverTo: (record, _error, delivery) => {
        expectTypeOf(record).toEqualTypeOf<KinesisStreamRecord>();
        expectTypeOf(delivery).toEqualTypeOf<Delivery<KinesisStreamRecord>>();
      },
    }),
  })
  async kinesis(_record: KinesisStreamRecord): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'DynamoDBStreams', nonRetryable: deadLetter({ deliverTo: 'discard' }) })
  async discarded(_record: DynamoDBRecord): Promise<void> {
    // fits
  }

  // What takes the records of every source serves for each.
  @BatchHandler({
    source: 'DynamoDBStreams',
    nonRetryable: deadLetter({ deliverTo: (record: SQSRecord | DynamoDBRecord) => Promise.resolve(record) }),
  })
  async shared(_record: DynamoDBRecord): Promise<void> {
    // fits
  }

  @BatchHandler({
    source: 'DynamoDBStreams',
    nonRetryable: deadLetter({
      deliverTo: (record, _error, delivery) => {
        expectTypeOf(record).toEqualTypeOf<DynamoDBRecord>();
        expectTypeOf(delivery).toEqualTypeOf<Delivery<DynamoDBRecord>>();
      },
    }),
  })
  async dynamodb(_record: DynamoDBRecord): Promise<void> {
    // fits
  }

  @BatchHandler({
    source: ledger,
    nonRetryable: deadLetter({
      errors: [ValidationError],
      deliverTo: (record, _error, delivery) => {
        expectTypeOf(record).toEqualTypeOf<LedgerEntry>();
        expectTypeOf(delivery).toEqualTypeOf<Delivery<LedgerEntry>>();
      },
    }),
    observers: [observe(observer)],
  })
  async row(_record: LedgerEntry): Promise<void> {
    // fits
  }

  @BatchHandler({
    source: ledger,
    payload: json<{ id: number }>(),
    nonRetryable: deadLetter({
      deliverTo: (record) => {
        expectTypeOf(record).toEqualTypeOf<LedgerEntry>();
      },
    }),
  })
  async payloadOfRow(_payload: { id: number }): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl: 'https://queue' }) }) })
  async queue(_record: SQSRecord): Promise<void> {
    // fits
  }
}

/** The same without a decorator. */
export const created = [
  createBatchHandler(
    {
      source: 'SQS',
      nonRetryable: deadLetter({
        deliverTo: (record) => {
          expectTypeOf(record).toEqualTypeOf<SQSRecord>();
        },
      }),
      retryDelay: delayBy(() => 60),
      observers: [observe(observer)],
    },
    (record) => {
      expectTypeOf(record).toEqualTypeOf<SQSRecord>();
    },
  ),
  createBatchHandler(
    {
      source: 'KinesisDataStreams',
      nonRetryable: deadLetter({
        deliverTo: (record) => {
          expectTypeOf(record).toEqualTypeOf<KinesisStreamRecord>();
        },
      }),
    },
    () => undefined,
  ),
  createBatchHandler(
    {
      source: 'DynamoDBStreams',
      nonRetryable: deadLetter({
        deliverTo: (record) => {
          expectTypeOf(record).toEqualTypeOf<DynamoDBRecord>();
        },
      }),
    },
    () => undefined,
  ),
  createBatchHandler(
    {
      source: ledger,
      nonRetryable: deadLetter({
        deliverTo: (record) => {
          expectTypeOf(record).toEqualTypeOf<LedgerEntry>();
        },
      }),
    },
    () => undefined,
  ),
];

/** Plain data in place of values that are made, as options took it once. */
export const plainData = [
  // @ts-expect-error deadLetter({ ... }) makes it
  () => BatchHandler({ source: 'SQS', nonRetryable: { errors: [ValidationError], deliverTo: 'discard' } }),
  // @ts-expect-error exponentialBackoff({ ... }) or delayBy(...) makes it
  () => BatchHandler({ source: 'SQS', retryDelay: { seconds: () => 60 } }),
  // @ts-expect-error nor is it a function
  () => BatchHandler({ source: 'SQS', retryDelay: () => 60 }),
  // @ts-expect-error nor the options of what makes it
  () => BatchHandler({ source: 'SQS', retryDelay: { base: 5, max: 900 } }),
  // @ts-expect-error observe({ ... }) makes each
  () => BatchHandler({ source: 'SQS', observers: [observer] }),
  // @ts-expect-error observe({ ... }) makes each
  () => BatchHandler({ source: 'SQS', observers: [{ onBatchEnd: () => undefined }] }),
  // @ts-expect-error a value for another option
  () => BatchHandler({ source: 'SQS', observers: [exponentialBackoff()] }),
  // @ts-expect-error a value for another option
  () => BatchHandler({ source: 'SQS', nonRetryable: exponentialBackoff() }),
  // @ts-expect-error a value for another option
  () => BatchHandler({ source: 'SQS', retryDelay: observe(observer) }),
  // @ts-expect-error the same of a row
  () => BatchHandler({ source: ledger, nonRetryable: { deliverTo: 'discard' } }),
  // @ts-expect-error the same of a row
  () => BatchHandler({ source: ledger, observers: [observer] }),
  // @ts-expect-error the same without a decorator
  () => createBatchHandler({ source: 'SQS', nonRetryable: { deliverTo: 'discard' } }, () => undefined),
  // @ts-expect-error the same without a decorator
  () => createBatchHandler({ source: 'SQS', retryDelay: { seconds: () => 60 } }, () => undefined),
  // @ts-expect-error the same without a decorator
  () => createBatchHandler({ source: 'SQS', observers: [observer] }, () => undefined),
];

export const refusedOptions = [
  // @ts-expect-error messages have a visibility timeout, records of a stream have not
  () => BatchHandler({ source: 'KinesisDataStreams', retryDelay: delayBy(() => 60) }),
  // @ts-expect-error nor have those of a table
  () => BatchHandler({ source: 'DynamoDBStreams', retryDelay: exponentialBackoff() }),
  // @ts-expect-error seconds is a function
  () => BatchHandler({ source: 'SQS', retryDelay: delayBy(60) }),
  // @ts-expect-error and not an async one
  () => BatchHandler({ source: 'SQS', retryDelay: delayBy(() => Promise.resolve(60)) }),
  // @ts-expect-error deliverTo is given messages
  () => BatchHandler({ source: 'SQS', nonRetryable: deadLetter({ deliverTo: (_: KinesisStreamRecord) => 1 }) }),
  // @ts-expect-error deliverTo is given records of a stream
  () => BatchHandler({ source: 'KinesisDataStreams', nonRetryable: deadLetter({ deliverTo: (_: SQSRecord) => 1 }) }),
  // @ts-expect-error deliverTo is given changes
  () => BatchHandler({ source: 'DynamoDBStreams', nonRetryable: deadLetter({ deliverTo: (_: SQSRecord) => 1 }) }),
  // @ts-expect-error deliverTo is given entries
  () => BatchHandler({ source: ledger, nonRetryable: deadLetter({ deliverTo: (_: SQSRecord) => 1 }) }),
  () =>
    // @ts-expect-error the same without a decorator
    createBatchHandler({ source: 'SQS', nonRetryable: deadLetter({ deliverTo: (_: LedgerEntry) => 1 }) }, () => 1),
  // @ts-expect-error where records go has to be said
  () => BatchHandler({ source: 'SQS', nonRetryable: deadLetter({ errors: [ValidationError] }) }),
  // @ts-expect-error there is one such word
  () => BatchHandler({ source: 'SQS', nonRetryable: deadLetter({ deliverTo: 'drop' }) }),
  // @ts-expect-error a class of what is no error
  () => BatchHandler({ source: 'SQS', nonRetryable: deadLetter({ errors: [Map], deliverTo: 'discard' }) }),
  // @ts-expect-error observers are a list
  () => BatchHandler({ source: 'SQS', observers: observe(observer) }),
  // @ts-expect-error there is no such hook
  () => BatchHandler({ source: 'SQS', observers: [observe({ onBatchFinish: () => undefined })] }),
  // @ts-expect-error jitter is a boolean
  () => exponentialBackoff({ jitter: 0.5 }),
  // @ts-expect-error a client can send
  () => exponentialBackoff({ client: {} }),
];

expectTypeOf(exponentialBackoff()).toEqualTypeOf<RetryDelay>();
expectTypeOf(delayBy(() => 1)).toEqualTypeOf<RetryDelay>();
expectTypeOf(observe({})).toEqualTypeOf<Observer>();
expectTypeOf(deadLetter<SQSRecord>({ deliverTo: 'discard' })).toEqualTypeOf<DeadLetter<SQSRecord>>();

/** The same names in the class API, whose processors do not tell the type of their records. */
const classApi = (options: Parameters<typeof processPartialResponse>[3]) =>
  processPartialResponse({ Records: [] }, () => undefined, new BatchProcessor('SQS'), options);

export const inTheClassApi = () => [
  classApi({
    nonRetryable: deadLetter({
      errors: [ValidationError],
      deliverTo: async (record: SQSRecord) => Promise.resolve(record.body),
    }),
    retryDelay: exponentialBackoff({ queueUrl: 'https://queue.example' }),
    observers: [observe(observer)],
  }),
  classApi({
    nonRetryable: deadLetter({
      deliverTo: (record, error, delivery) => {
        expectTypeOf(record).toEqualTypeOf<EventSourceDataClassTypes>();
        expectTypeOf(delivery.record).toEqualTypeOf<EventSourceDataClassTypes>();
        return error;
      },
    }),
  }),
  classApi({ nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl: 'https://queue.example' }) }) }),
  // @ts-expect-error no source has such records
  classApi({ nonRetryable: deadLetter({ deliverTo: (record: number) => record }) }),
  // @ts-expect-error nor such objects
  classApi({ nonRetryable: deadLetter({ deliverTo: (record: { sns: string }) => record }) }),
  // @ts-expect-error deadLetter({ ... }) makes it
  classApi({ nonRetryable: { deliverTo: 'discard' } }),
  // @ts-expect-error exponentialBackoff({ ... }) or delayBy(...) makes it
  classApi({ retryDelay: { seconds: () => 60 } }),
  // @ts-expect-error observe({ ... }) makes each
  classApi({ observers: [observer] }),
];
