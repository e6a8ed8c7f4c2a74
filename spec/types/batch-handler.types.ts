// Compiled, not run: under both dialects every line must type-check, and every @ts-expect-error must be needed.
import type {
  Context,
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
  DynamoDBStreamHandler,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  KinesisStreamHandler,
  KinesisStreamRecord,
  SQSBatchResponse,
  SQSEvent,
  SQSHandler,
  SQSRecord,
} from 'aws-lambda';
import { expectTypeOf } from 'expect-type';

import {
  BatchHandler,
  type BatchHandlerOptions,
  BatchProcessor,
  createBatchHandler,
  type Delivery,
  getBatchHandlerOptions,
  lambdaHandler,
  type LambdaHandler,
  processPartialResponse,
  type Source,
} from '../../lib';
import { ledger, type LedgerEntry, type LedgerEvent, type Position } from '../support/made-up-source';

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

/** Methods of a source that brings its code. */
export class OfRow {
  @BatchHandler({ source: ledger, order: 'key', concurrency: 4, processor: new BatchProcessor(ledger) })
  async entry(_record: LedgerEntry, _context: Context, delivery: Delivery<LedgerEntry>): Promise<void> {
    expectTypeOf(delivery.record).toEqualTypeOf<LedgerEntry>();
    expectTypeOf(delivery.itemIdentifier).toEqualTypeOf<string | undefined>();
  }

  @BatchHandler({ source: ledger })
  part(_record: Pick<LedgerEntry, 'account'>): void {
    // fits
  }

  @BatchHandler({ source: ledger })
  nothing(): void {
    // fits
  }

  // @ts-expect-error messages are no entries
  @BatchHandler({ source: ledger })
  sqs(_record: SQSRecord): void {
    // does not fit
  }

  // @ts-expect-error an entry is assignable to the all-optional DynamoDBRecord, but this method expects another source
  @BatchHandler({ source: ledger })
  dynamodb(_record: DynamoDBRecord): void {
    // does not fit
  }

  // @ts-expect-error the delivery is that of an entry
  @BatchHandler({ source: ledger })
  delivery(_record: LedgerEntry, _context: Context, _delivery: Delivery<SQSRecord>): void {
    // does not fit
  }

  // @ts-expect-error entries are no messages
  @BatchHandler({ source: 'SQS' })
  entryForSqs(_record: LedgerEntry): void {
    // does not fit
  }
}

/** A source of one's own whose records are those of a source with a name. */
declare const relayed: Source<SQSRecord, readonly SQSRecord[], string, string>;

export class Relayed {
  @BatchHandler({ source: relayed })
  async message(_record: SQSRecord): Promise<void> {
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
  // @ts-expect-error a row has to have all that a batch needs
  () => BatchHandler({ source: { name: 'Ledger' } }),
  // @ts-expect-error unknown option, of a row too
  () => BatchHandler({ source: ledger, fif0: true }),
  // @ts-expect-error fifo and order exclude each other, of a row too
  () => BatchHandler({ source: ledger, fifo: true, order: 'key' }),
];

// Options kept in a variable.
const options: BatchHandlerOptions =
  process.env.FIFO === 'true' ? { source: 'SQS', fifo: true } : { source: 'KinesisDataStreams', order: 'key' };
export const fromVariable = BatchHandler(options);
export const createdFromVariable = createBatchHandler(options, () => undefined);

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
export const asKinesisType: KinesisStreamHandler = lambdaHandler(instance, 'kinesis');
export const asDynamodbType: DynamoDBStreamHandler = lambdaHandler(instance, 'dynamodb');
export const named: SQSHandler = lambdaHandler<'SQS'>(instance, 'structural');

const row = lambdaHandler<typeof ledger>(new OfRow(), 'entry');
expectTypeOf(row).toEqualTypeOf<LambdaHandler<typeof ledger>>();
expectTypeOf(row).parameter(0).toEqualTypeOf<LedgerEvent>();
expectTypeOf(row).returns.resolves.toEqualTypeOf<{ batchItemFailures: { itemIdentifier: Position }[] }>();

// @ts-expect-error an entry answers other identifiers
export const rowAsLambdaType: SQSHandler = row;
// @ts-expect-error a message is not of Kinesis
export const sqsAsKinesis: KinesisStreamHandler = lambdaHandler(instance, 'sqs');

// @ts-expect-error the source cannot be told from a structural type
lambdaHandler(instance, 'structural');
// @ts-expect-error the source cannot be told without a parameter
lambdaHandler(instance, 'nothing');
// @ts-expect-error the source cannot be told from unknown
lambdaHandler(instance, 'anything');
// @ts-expect-error there is no such method
lambdaHandler(instance, 'missing');
// @ts-expect-error the source of a row has to be named
lambdaHandler(new OfRow(), 'entry');

const sqs = createBatchHandler(
  { source: 'SQS', fifo: true, skipGroupOnError: true },
  async (record, context, delivery) => {
    expectTypeOf(record).toEqualTypeOf<SQSRecord>();
    expectTypeOf(context).toEqualTypeOf<Context>();
    expectTypeOf(delivery).toEqualTypeOf<Delivery<SQSRecord>>();
  },
);
const kinesis = createBatchHandler({ source: 'KinesisDataStreams', order: 'key' }, (record) => {
  expectTypeOf(record).toEqualTypeOf<KinesisStreamRecord>();
});
const dynamodb = createBatchHandler({ source: 'DynamoDBStreams' }, async (record) => {
  expectTypeOf(record).toEqualTypeOf<DynamoDBRecord>();
});
const entry = createBatchHandler({ source: ledger, order: 'shard' }, (record, _context, delivery) => {
  expectTypeOf(record).toEqualTypeOf<LedgerEntry>();
  expectTypeOf(delivery).toEqualTypeOf<Delivery<LedgerEntry>>();
});
expectTypeOf(sqs).toEqualTypeOf<(event: SQSEvent, context: Context) => Promise<SQSBatchResponse>>();
expectTypeOf(kinesis).toEqualTypeOf<
  (event: KinesisStreamEvent, context: Context) => Promise<KinesisStreamBatchResponse>
>();
expectTypeOf(dynamodb).toEqualTypeOf<
  (event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>
>();
expectTypeOf(entry).toEqualTypeOf<
  (
    event: LedgerEvent,
    context: Context,
  ) => Promise<{
    batchItemFailures: { itemIdentifier: Position }[];
  }>
>();
export const created: [SQSHandler, KinesisStreamHandler, DynamoDBStreamHandler] = [sqs, kinesis, dynamodb];
export const optionsOfEntry = getBatchHandlerOptions(sqs)?.source;

export const fittingFunctions = [
  createBatchHandler({ source: 'SQS' }, async (_record: SQSRecord) => undefined),
  createBatchHandler({ source: 'SQS' }, (_record: Body) => undefined),
  createBatchHandler({ source: 'SQS' }, (_record?: SQSRecord) => undefined),
  createBatchHandler({ source: 'DynamoDBStreams' }, (_record: unknown) => undefined),
  createBatchHandler({ source: 'KinesisDataStreams' }, () => undefined),
  createBatchHandler({ source: relayed }, (_record: SQSRecord) => undefined),
];

export const unfittingFunctions = [
  // @ts-expect-error a Kinesis record is no message
  () => createBatchHandler({ source: 'SQS' }, (_record: KinesisStreamRecord) => undefined),
  // @ts-expect-error an SQSRecord is assignable to the all-optional DynamoDBRecord, but this function expects another source
  () => createBatchHandler({ source: 'SQS' }, (_record: DynamoDBRecord) => undefined),
  // @ts-expect-error messages are no changes
  () => createBatchHandler({ source: 'DynamoDBStreams' }, (_record: SQSRecord) => undefined),
  // @ts-expect-error messages are no records of a stream
  () => createBatchHandler({ source: 'KinesisDataStreams' }, (_record: SQSRecord) => undefined),
  // @ts-expect-error messages are no entries
  () => createBatchHandler({ source: ledger }, (_record: SQSRecord) => undefined),
  // @ts-expect-error entries are no messages
  () => createBatchHandler({ source: 'SQS' }, (_record: LedgerEntry) => undefined),
  // @ts-expect-error the second argument is the Lambda context
  () => createBatchHandler({ source: 'SQS' }, (_record: SQSRecord, _context: string) => undefined),
  // @ts-expect-error the third argument is the delivery of the same source
  () => createBatchHandler({ source: 'SQS' }, (_: SQSRecord, _c: Context, _d: Delivery<KinesisStreamRecord>) => 1),
  // @ts-expect-error a function is needed
  () => createBatchHandler({ source: 'SQS' }),
  // @ts-expect-error unknown option
  () => createBatchHandler({ source: 'SQS', fif0: true }, () => undefined),
  // @ts-expect-error fifo is for SQS
  () => createBatchHandler({ source: 'KinesisDataStreams', fifo: true }, () => undefined),
  // @ts-expect-error one lane has no concurrency
  () => createBatchHandler({ source: 'SQS', fifo: true, concurrency: 2 }, () => undefined),
];

/** The class API, where the source of one's own is named. */
export const inTheClassApi = async (event: LedgerEvent): Promise<Position | undefined> => {
  const { batchItemFailures } = await processPartialResponse<typeof ledger>(
    event,
    (_record: LedgerEntry) => undefined,
    new BatchProcessor(ledger),
    { order: 'key' },
  );
  return batchItemFailures[0]?.itemIdentifier;
};
export const unnamed = (event: LedgerEvent) =>
  // @ts-expect-error such an event has no Records, unless the source is named
  processPartialResponse(event, (_record: LedgerEntry) => undefined, new BatchProcessor(ledger));
export const misnamed = () =>
  // @ts-expect-error the event of another source
  processPartialResponse<typeof ledger>({ Records: [] }, () => undefined, new BatchProcessor(ledger));
