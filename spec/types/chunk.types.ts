// Compiled by `npm run compile` in both dialects: what compiles here has to compile for users, and what must not, does not.
import type { Context, KinesisStreamRecord, SQSHandler, SQSRecord } from 'aws-lambda';
import { expectTypeOf } from 'expect-type';

import {
  BatchHandler,
  BatchProcessor,
  type ChunkOptionsFor,
  createBatchHandler,
  type Delivery,
  type LambdaHandler,
  lambdaHandler,
} from '../../lib';
import { type Chunk, ChunkError, chunksOf } from '../../lib/chunk';
import { kafka, type KafkaRecord } from '../../lib/kafka';
import { json } from '../../lib/payload';

interface Item {
  readonly id: string;
}
interface Other {
  readonly other: number;
}

class Fitting {
  @BatchHandler({ source: 'SQS', payload: json<Item>(), chunk: chunksOf(25, { distinct: (item: Item) => item.id }) })
  async save(items: readonly Item[], context: Context, deliveries: readonly Delivery<SQSRecord>[]): Promise<void> {
    expectTypeOf(context).toEqualTypeOf<Context>();
    if (items.length !== deliveries.length) throw new ChunkError(new Map([[0, new Error('no')]]));
  }

  @BatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true, chunk: chunksOf(10, { distinct: true }) })
  async records(records: readonly SQSRecord[]): Promise<void> {
    expectTypeOf(records[0]!.body).toEqualTypeOf<string>();
  }

  @BatchHandler({ source: 'KinesisDataStreams', order: 'key', concurrency: 4, chunk: chunksOf(500) })
  sync(_records: readonly KinesisStreamRecord[]): void {
    // fits
  }

  @BatchHandler({ source: kafka, order: 'partition', chunk: chunksOf(100, { maxBytes: 1_000_000 }) })
  async ofRow(_records: readonly KafkaRecord[]): Promise<undefined> {
    return undefined;
  }
}

class Wrong {
  // @ts-expect-error with chunk the first parameter is an array
  @BatchHandler({ source: 'SQS', chunk: chunksOf(2) })
  async single(_record: SQSRecord): Promise<void> {
    // does not fit
  }

  // @ts-expect-error without it, it is none
  @BatchHandler({ source: 'SQS' })
  async several(_records: readonly SQSRecord[]): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the records of another source
  @BatchHandler({ source: 'SQS', chunk: chunksOf(2) })
  async ofOther(_records: readonly KinesisStreamRecord[]): Promise<void> {
    // does not fit
  }

  // @ts-expect-error an answer that nobody has looked at
  @BatchHandler({ source: 'SQS', chunk: chunksOf(2) })
  async answer(_records: readonly SQSRecord[]): Promise<{ FailedEntryCount: number }> {
    return { FailedEntryCount: 0 };
  }

  // @ts-expect-error what is handed over may not be changed
  @BatchHandler({ source: 'SQS', chunk: chunksOf(2) })
  async mutable(_records: SQSRecord[]): Promise<void> {
    // does not fit
  }
}
export { Wrong };

export const refused = [
  // @ts-expect-error distinct is about what is handed over
  () => BatchHandler({ source: 'SQS', payload: json<Item>(), chunk: chunksOf(2, { distinct: (_: Other) => 'x' }) }),
  // @ts-expect-error distinct gives a text
  () => chunksOf(2, { distinct: (item: Item) => item }),
  // @ts-expect-error plain data is no chunk
  () => BatchHandler({ source: 'SQS', chunk: { size: 2 } }),
  // @ts-expect-error unknown option
  () => chunksOf(2, { size: 3 }),
  // @ts-expect-error a processor handles single records
  () => BatchHandler({ source: 'SQS', chunk: chunksOf(2), processor: new BatchProcessor('SQS') }),
  // @ts-expect-error a record, where there are several
  () => createBatchHandler({ source: 'SQS', chunk: chunksOf(2) }, (_record: SQSRecord) => undefined),
  // @ts-expect-error several, where there is a record
  () => createBatchHandler({ source: 'SQS' }, (_records: readonly SQSRecord[]) => undefined),
  // @ts-expect-error it returns something
  () => createBatchHandler({ source: 'SQS', chunk: chunksOf(2) }, (records) => records.length),
];

const entry = lambdaHandler<'SQS'>(new Fitting(), 'records');
expectTypeOf(entry).toEqualTypeOf<LambdaHandler<'SQS'>>();
export const asLambdaType: SQSHandler = entry;

export const created = createBatchHandler(
  { source: 'SQS', chunk: chunksOf(2) },
  async (records, context, deliveries) => {
    expectTypeOf(records).toEqualTypeOf<readonly SQSRecord[]>();
    expectTypeOf(context).toEqualTypeOf<Context>();
    expectTypeOf(deliveries).toEqualTypeOf<readonly Delivery<SQSRecord>[]>();
  },
);
export const read = createBatchHandler({ source: 'SQS', payload: json<Item>(), chunk: chunksOf(2) }, (items) => {
  expectTypeOf(items).toEqualTypeOf<readonly Item[]>();
});

// Options in a variable.
const options: ChunkOptionsFor<'SQS'> = { source: 'SQS', chunk: chunksOf(2), concurrency: 2 };
export const fromOptions = createBatchHandler(options, (_records: readonly SQSRecord[]) => undefined);
export const forAll: Chunk<never>[] = [chunksOf(2), chunksOf(2, { distinct: (item: Item) => item.id })];
