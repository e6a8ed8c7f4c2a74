// Compiled, not run: under both dialects every line must type-check, and every @ts-expect-error must be needed.
import type {
  Context,
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  KinesisStreamRecord,
  SQSBatchResponse,
  SQSEvent,
  SQSHandler,
  SQSRecord,
} from 'aws-lambda';
import { expectTypeOf } from 'expect-type';

import { BatchHandler, type BatchHandlerOptions, BatchProcessor, type Delivery, lambdaHandler } from '../../lib';

interface Body {
  readonly body: string;
}

/** Methods that fit their source. */
export class Fitting {
  @BatchHandler({ source: 'SQS' })
  async sqs(_record: SQSRecord, _context: Context, delivery: Delivery<SQSRecord>): Promise<number | undefined> {
    expectTypeOf(delivery.record).toEqualTypeOf<SQSRecord>();
    expectTypeOf(delivery.signal).toEqualTypeOf<AbortSignal>();
    return delivery.receiveCount;
  }

  @BatchHandler({ source: 'KinesisDataStreams', order: 'key', concurrency: 10 })
  async kinesis(_record: KinesisStreamRecord): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'DynamoDBStreams', order: 'shard' })
  dynamodb(_record: DynamoDBRecord): void {
    // fits
  }

  @BatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true, concurrency: Infinity })
  async structural(_record: Body): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', concurrency: 1, processInParallel: false })
  async part(_record: Pick<SQSRecord, 'body' | 'messageId'>): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS' })
  async optional(_record?: SQSRecord): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS' })
  async nothing(): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'DynamoDBStreams', stopBeforeTimeout: 500, throwOnFullBatchFailure: false, logger: console })
  async anything(_record: unknown): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'KinesisDataStreams', processInParallel: true, concurrency: 8 })
  async untyped(_record: ReturnType<typeof JSON.parse>): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', processor: new BatchProcessor('SQS') })
  static async ofClass(_record: SQSRecord): Promise<void> {
    // fits
  }
}

/** Methods that do not. */
export class Unfitting {
  // @ts-expect-error an SQSRecord is assignable to the all-optional DynamoDBRecord, but this method expects another source
  @BatchHandler({ source: 'SQS' })
  async dynamodbForSqs(_record: DynamoDBRecord): Promise<void> {
    // does not fit
  }

  // @ts-expect-error nor does it where the parameter is optional
  @BatchHandler({ source: 'SQS' })
  async optionalDynamodbForSqs(_record?: DynamoDBRecord): Promise<void> {
    // does not fit
  }

  // @ts-expect-error Kinesis records are no messages
  @BatchHandler({ source: 'SQS' })
  async kinesisForSqs(_record: KinesisStreamRecord): Promise<void> {
    // does not fit
  }

  // @ts-expect-error messages are no changes
  @BatchHandler({ source: 'DynamoDBStreams' })
  async sqsForDynamodb(_record: SQSRecord): Promise<void> {
    // does not fit
  }

  // @ts-expect-error changes are no Kinesis records
  @BatchHandler({ source: 'KinesisDataStreams' })
  async dynamodbForKinesis(_record: DynamoDBRecord): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the record has no such property
  @BatchHandler({ source: 'SQS' })
  async wants(_record: SQSRecord & { readonly parsed: string }): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the second argument is the Lambda context
  @BatchHandler({ source: 'SQS' })
  async context(_record: SQSRecord, _context: string): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the third argument is the delivery of the same source
  @BatchHandler({ source: 'SQS' })
  async delivery(_record: SQSRecord, _context: Context, _delivery: Delivery<KinesisStreamRecord>): Promise<void> {
    // does not fit
  }

  // @ts-expect-error not on a field
  @BatchHandler({ source: 'SQS' })
  field = 1;

  // @ts-expect-error not on an accessor
  @BatchHandler({ source: 'SQS' })
  get accessor(): number {
    return 1;
  }
}

// @ts-expect-error not on a class
@BatchHandler({ source: 'SQS' })
export class Decorated {}

export const refusedOptions = [
  // @ts-expect-error there is no such source
  () => BatchHandler({ source: 'SNS' }),
  // @ts-expect-error a source is needed
  () => BatchHandler({ fifo: true }),
  // @ts-expect-error fifo is for SQS
  () => BatchHandler({ source: 'KinesisDataStreams', fifo: true }),
  // @ts-expect-error skipGroupOnError needs fifo
  () => BatchHandler({ source: 'SQS', skipGroupOnError: true }),
  // @ts-expect-error order is for streams
  () => BatchHandler({ source: 'SQS', order: 'key' }),
  // @ts-expect-error there is no such order
  () => BatchHandler({ source: 'DynamoDBStreams', order: 'item' }),
  // @ts-expect-error one lane has no concurrency
  () => BatchHandler({ source: 'SQS', fifo: true, concurrency: 2 }),
  // @ts-expect-error one lane has no concurrency
  () => BatchHandler({ source: 'KinesisDataStreams', order: 'shard', concurrency: 2 }),
  // @ts-expect-error order and processInParallel exclude each other
  () => BatchHandler({ source: 'KinesisDataStreams', order: 'key', processInParallel: true }),
  // @ts-expect-error one after another, and four at once
  () => BatchHandler({ source: 'SQS', processInParallel: false, concurrency: 4 }),
  // @ts-expect-error unknown option
  () => BatchHandler({ source: 'SQS', fif0: true }),
  // @ts-expect-error wrong type
  () => BatchHandler({ source: 'SQS', stopBeforeTimeout: '500' }),
];

// Options kept in a variable.
const options: BatchHandlerOptions =
  process.env.FIFO === 'true' ? { source: 'SQS', fifo: true } : { source: 'KinesisDataStreams', order: 'key' };
export const fromVariable = BatchHandler(options);

const instance = new Fitting();
expectTypeOf(lambdaHandler(instance, 'sqs')).toEqualTypeOf<
  (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>
>();
expectTypeOf(lambdaHandler(instance, 'kinesis')).toEqualTypeOf<
  (event: KinesisStreamEvent, context: Context) => Promise<KinesisStreamBatchResponse>
>();
expectTypeOf(lambdaHandler(instance, 'dynamodb')).toEqualTypeOf<
  (event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>
>();
expectTypeOf(lambdaHandler(instance, 'optional')).returns.resolves.toEqualTypeOf<SQSBatchResponse>();
expectTypeOf(lambdaHandler(Fitting, 'ofClass')).returns.resolves.toEqualTypeOf<SQSBatchResponse>();
expectTypeOf(lambdaHandler<'SQS'>(instance, 'structural')).parameter(0).toEqualTypeOf<SQSEvent>();
export const asLambdaType: SQSHandler = lambdaHandler(instance, 'sqs');

// @ts-expect-error the source cannot be told from a structural type
lambdaHandler(instance, 'structural');
// @ts-expect-error the source cannot be told without a parameter
lambdaHandler(instance, 'nothing');
// @ts-expect-error the source cannot be told from unknown
lambdaHandler(instance, 'anything');
// @ts-expect-error there is no such method
lambdaHandler(instance, 'missing');
