// Compiled, not run: under both dialects every line must type-check, and every @ts-expect-error must be needed.
import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { expectTypeOf } from 'expect-type';

import { BatchHandler, createBatchHandler, type Delivery } from '../../lib';
import { type DeadLetter, deadLetter, type DeliverTo, sqsQueue } from '../../lib/dead-letter';
import { delayBy } from '../../lib/retry-delay';

declare const send: (text: string) => Promise<{ readonly Failed?: readonly object[] }>;
declare const unknownly: (text: string) => unknown;
type Untyped = ReturnType<typeof JSON.parse>;
declare const delivers: (record: SQSRecord) => Untyped;
declare const resolves: (record: SQSRecord) => Promise<Untyped>;

const sqs = (nonRetryable: DeadLetter<SQSRecord>) => BatchHandler({ source: 'SQS', nonRetryable });
const kinesis = (nonRetryable: DeadLetter<KinesisStreamRecord>) =>
  BatchHandler({ source: 'KinesisDataStreams', nonRetryable });
const dynamodb = (nonRetryable: DeadLetter<DynamoDBRecord>) =>
  BatchHandler({ source: 'DynamoDBStreams', nonRetryable });

/** What delivers, whatever comes of it. */
export const delivering = [
  sqs(deadLetter({ deliverTo: ({ body }) => send(body) })),
  sqs(
    deadLetter({
      deliverTo: async ({ body }): Promise<void> => {
        await send(body);
      },
    }),
  ),
  sqs(deadLetter({ deliverTo: ({ body }) => unknownly(body) })),
  sqs(deadLetter({ deliverTo: delivers })),
  sqs(deadLetter({ deliverTo: resolves })),
  sqs(deadLetter({ deliverTo: () => undefined })),
  sqs(deadLetter({ deliverTo: () => true })),
  sqs(deadLetter({ deliverTo: ({ body }) => Promise.all([send(body), send(body)]) })),
  sqs(deadLetter({ deliverTo: () => Promise.reject(new Error('no')) })),
  sqs(
    deadLetter({
      deliverTo: () => {
        throw new Error('no');
      },
    }),
  ),
];

/** What does not run. */
export const running = [
  sqs(
    deadLetter({
      // @ts-expect-error a generator function runs nothing
      *deliverTo({ body }) {
        yield send(body);
      },
    }),
  ),
  sqs(
    deadLetter({
      // @ts-expect-error nor does an async one
      async *deliverTo({ body }) {
        yield send(body);
      },
    }),
  ),
  // @ts-expect-error nor one that returns a function
  sqs(deadLetter({ deliverTo: (record) => () => send(record.body) })),
  // @ts-expect-error nor one that resolves to a function
  sqs(deadLetter({ deliverTo: async (record) => () => send(record.body) })),
  // @ts-expect-error the same where the option is written in place
  () => BatchHandler({ source: 'SQS', nonRetryable: deadLetter({ deliverTo: (record) => () => record }) }),
  // @ts-expect-error the same without a decorator
  createBatchHandler({ source: 'SQS', nonRetryable: deadLetter({ deliverTo: (one) => () => one }) }, () => 1),
];

/** Functions for records of this source, of several, and of any. */
export const fitting = [
  sqs(deadLetter({ deliverTo: (record: SQSRecord) => send(record.body) })),
  sqs(deadLetter({ deliverTo: (record: { body: string; more?: string }) => send(record.body) })),
  sqs(deadLetter({ deliverTo: (_: { messageId?: string; eventID?: string }) => 1 })),
  sqs(deadLetter({ deliverTo: (_: SQSRecord | DynamoDBRecord) => 1 })),
  sqs(deadLetter({ deliverTo: (_: unknown) => 1 })),
  sqs(deadLetter({ deliverTo: sqsQueue({ queueUrl: 'https://queue.example' }) })),
  dynamodb(deadLetter({ deliverTo: (_: DynamoDBRecord) => 1 })),
  dynamodb(deadLetter({ deliverTo: (_: SQSRecord | DynamoDBRecord) => 1 })),
  dynamodb(deadLetter({ deliverTo: sqsQueue({ queueUrl: 'https://queue.example' }) })),
  () => BatchHandler({ source: 'DynamoDBStreams', nonRetryable: deadLetter({ deliverTo: (_: DynamoDBRecord) => 1 }) }),
];

/** Functions for records of another source: all of a change is optional, so a message would do for one. */
export const unfitting = [
  // @ts-expect-error deliverTo is given messages
  sqs(deadLetter({ deliverTo: (_: DynamoDBRecord) => 1 })),
  // @ts-expect-error and their delivery
  sqs(deadLetter({ deliverTo: (_record, _error, _: Delivery<DynamoDBRecord>) => 1 })),
  // @ts-expect-error deliverTo is given records of a shard
  kinesis(deadLetter({ deliverTo: (_: DynamoDBRecord) => 1 })),
  // @ts-expect-error deliverTo is given messages, also where the option is written in place
  () => BatchHandler({ source: 'SQS', nonRetryable: deadLetter({ deliverTo: (_: DynamoDBRecord) => 1 }) }),
  // @ts-expect-error the same without a decorator
  createBatchHandler({ source: 'SQS', nonRetryable: deadLetter({ deliverTo: (_: DynamoDBRecord) => 1 }) }, () => 1),
  // @ts-expect-error the same of a value for another source
  sqs(deadLetter<DynamoDBRecord>({ deliverTo: 'discard' })),
  // @ts-expect-error a delay is no promise
  () => BatchHandler({ source: 'SQS', retryDelay: delayBy(async () => 60) }),
];

const typed: DeliverTo<KinesisStreamRecord> = (record) => send(record.kinesis.data);
export const ofTyped = kinesis(deadLetter({ deliverTo: typed }));

expectTypeOf(deadLetter<SQSRecord>({ deliverTo: 'discard' })).toEqualTypeOf<DeadLetter<SQSRecord>>();
