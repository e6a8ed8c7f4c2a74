// Compiled by `npm run compile` in both dialects: what compiles here has to compile for users, and what must not, does not.
import type {
  Context,
  KinesisStreamRecord,
  MSKEvent,
  MSKHandler,
  SelfManagedKafkaEvent,
  SQSHandler,
  SQSRecord,
} from 'aws-lambda';
import { expectTypeOf } from 'expect-type';

import {
  BatchHandler,
  BatchProcessor,
  createBatchHandler,
  type Delivery,
  type LambdaHandler,
  lambdaHandler,
  type OptionsFor,
  type ParsedRecord,
  type PartialItemFailureResponse,
  processPartialResponse,
  type Reader,
} from '../../lib';
import {
  headersOf,
  kafka,
  type KafkaBatchResponse,
  type KafkaEvent,
  type KafkaRecord,
  keyOf,
  tombstone,
} from '../../lib/kafka';
import { json, text } from '../../lib/payload';
import { pipe, type PipesKinesisRecord } from '../../lib/pipes';
import { exponentialBackoff } from '../../lib/retry-delay';

interface Reading {
  readonly celsius: number;
}

class Readings {
  @BatchHandler({ source: kafka, order: 'partition', concurrency: 4, payload: json<Reading>() })
  async read(reading: Reading, _context: Context, { record, itemIdentifier }: Delivery<KafkaRecord>): Promise<void> {
    expectTypeOf(reading.celsius).toEqualTypeOf<number>();
    expectTypeOf(record).toEqualTypeOf<KafkaRecord>();
    expectTypeOf(itemIdentifier).toEqualTypeOf<string | undefined>();
  }

  @BatchHandler({ source: kafka, order: 'key' })
  async raw(record: KafkaRecord): Promise<void> {
    expectTypeOf(record.value).toEqualTypeOf<string | null | undefined>();
    expectTypeOf(keyOf(record)).toEqualTypeOf<Buffer | null>();
    expectTypeOf(headersOf(record)).toEqualTypeOf<ReadonlyMap<string, Buffer[]>>();
  }

  @BatchHandler({ source: kafka, payload: tombstone(json<Reading>()) })
  async deleted(_reading: Reading | null): Promise<void> {
    // fits
  }

  @BatchHandler({ source: pipe('SQS'), fifo: true, skipGroupOnError: true, retryDelay: exponentialBackoff() })
  async message(_record: SQSRecord, _context: Context, _delivery: Delivery<SQSRecord>): Promise<void> {
    // fits
  }

  @BatchHandler({ source: pipe('KinesisDataStreams'), order: 'shard' })
  async nested(_record: KinesisStreamRecord): Promise<void> {
    // fits
  }

  @BatchHandler({ source: pipe(kafka), order: 'partition', payload: text() })
  async throughPipe(_text: string, _context: Context, _delivery: Delivery<KafkaRecord>): Promise<void> {
    // fits
  }
}

class Wrong {
  // @ts-expect-error a message is no record of Kafka
  @BatchHandler({ source: kafka })
  async message(_record: SQSRecord): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the delivery is of Kafka
  @BatchHandler({ source: kafka, payload: json<Reading>() })
  async delivery(_reading: Reading, _context: Context, _delivery: Delivery<SQSRecord>): Promise<void> {
    // does not fit
  }

  // @ts-expect-error a tombstone is null
  @BatchHandler({ source: kafka, payload: tombstone(json<Reading>()) })
  async deleted(_reading: Reading): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the records of a pipe are those of its source
  @BatchHandler({ source: pipe('SQS') })
  async flat(_record: PipesKinesisRecord): Promise<void> {
    // does not fit
  }
}
Wrong;

export const refused = [
  // @ts-expect-error what only queues have
  () => BatchHandler({ source: kafka, fifo: true }),
  // @ts-expect-error what only queues have
  () => BatchHandler({ source: kafka, retryDelay: exponentialBackoff() }),
  // @ts-expect-error a batch of Kafka is of no shard
  () => BatchHandler({ source: kafka, order: 'shard' }),
  // @ts-expect-error order and processInParallel exclude each other
  () => BatchHandler({ source: kafka, order: 'partition', processInParallel: true }),
  // @ts-expect-error a row is no name
  () => BatchHandler({ source: 'Kafka' }),
  // @ts-expect-error a shard has no partitions
  () => BatchHandler({ source: 'KinesisDataStreams', order: 'partition' }),
  // @ts-expect-error queues have no such order
  () => BatchHandler({ source: pipe('SQS'), order: 'key' }),
  // @ts-expect-error streams are not FIFO
  () => BatchHandler({ source: pipe('DynamoDBStreams'), fifo: true }),
  // @ts-expect-error a batch of Kafka is of no shard, through a pipe neither
  () => BatchHandler({ source: pipe(kafka), order: 'shard' }),
  // @ts-expect-error no name of a source
  () => pipe('Kafka'),
];

const entry = lambdaHandler<typeof kafka>(new Readings(), 'read');
expectTypeOf(entry).toEqualTypeOf<LambdaHandler<typeof kafka>>();
expectTypeOf(entry).parameter(0).toEqualTypeOf<KafkaEvent>();
expectTypeOf(entry).returns.resolves.toEqualTypeOf<KafkaBatchResponse>();

// The events that @types/aws-lambda knows are taken; its handlers, which answer nothing, are another type.
export const taken = (msk: MSKEvent, selfManaged: SelfManagedKafkaEvent, context: Context) => [
  entry(msk, context),
  entry(selfManaged, context),
];
// @ts-expect-error it cannot express an answer
export const asLambdaType: MSKHandler = entry;
// @ts-expect-error identifiers are objects
export const asQueueType: SQSHandler = entry;

const created = createBatchHandler({ source: kafka, order: 'key' }, (record, _context, delivery) => {
  expectTypeOf(record).toEqualTypeOf<KafkaRecord>();
  expectTypeOf(delivery).toEqualTypeOf<Delivery<KafkaRecord>>();
});
expectTypeOf(created).toEqualTypeOf<LambdaHandler<typeof kafka>>();

const queue = createBatchHandler({ source: pipe('SQS') }, (record) => {
  expectTypeOf(record).toEqualTypeOf<SQSRecord>();
});
expectTypeOf(queue).parameter(0).toEqualTypeOf<readonly SQSRecord[]>();
expectTypeOf(queue).returns.resolves.toEqualTypeOf<PartialItemFailureResponse>();

const stream = createBatchHandler({ source: pipe('KinesisDataStreams'), order: 'key' }, (record) => {
  expectTypeOf(record).toEqualTypeOf<KinesisStreamRecord>();
});
expectTypeOf(stream).parameter(0).toEqualTypeOf<readonly PipesKinesisRecord[]>();

const wholly = createBatchHandler({ source: pipe(kafka) }, () => undefined);
expectTypeOf(wholly).returns.resolves.toEqualTypeOf<{ batchItemFailures: { itemIdentifier: never }[] }>();

expectTypeOf(tombstone(json<Reading>())).toEqualTypeOf<Reader<string | Uint8Array, Reading | null>>();

// Options in a variable.
const options: OptionsFor<typeof kafka> = { source: kafka, order: 'partition', concurrency: 2 };
export const fromOptions = createBatchHandler(options, (_record: KafkaRecord) => undefined);
export const inOrder = (ordered: boolean) => BatchHandler({ source: kafka, order: ordered ? 'partition' : undefined });

type Read = ParsedRecord<KafkaRecord, Reading>;
expectTypeOf<Read['value']>().toEqualTypeOf<Reading>();
expectTypeOf<Read['offset']>().toEqualTypeOf<number>();

export const registered = (records: KafkaRecord[]) => new BatchProcessor(kafka).register(records, () => undefined);

export async function classApi(event: KafkaEvent): Promise<void> {
  const processor: BatchProcessor = new BatchProcessor(kafka);
  const answer = await processPartialResponse<typeof kafka>(event, (_record: KafkaRecord) => undefined, processor, {
    order: 'partition',
  });
  expectTypeOf(answer).toEqualTypeOf<KafkaBatchResponse>();
  // @ts-expect-error the source of a row has to be named
  await processPartialResponse(event, () => undefined, processor);
}
