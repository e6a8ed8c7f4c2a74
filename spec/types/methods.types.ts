// Compiled, not run: under both dialects every line must type-check, and every @ts-expect-error must be needed.
import type { Context, DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { Observable } from 'rxjs';

import { BatchHandler, type BatchHandlerOptions, createBatchHandler, type Delivery } from '../../lib';
import { images, json } from '../../lib/payload';

const sqs = { source: 'SQS' } as const;
declare const known: BatchHandlerOptions;

/** What cannot be meant as success is refused, and what is ignored at run time is not. */
export class Results {
  // @ts-expect-error a generator runs nothing when it is called
  @BatchHandler(sqs)
  *generator(_record: SQSRecord) {
    yield 1;
  }

  // @ts-expect-error nor does an async one
  @BatchHandler(sqs)
  async *asyncGenerator(_record: SQSRecord) {
    yield 1;
  }

  // @ts-expect-error a TaskEither is a function
  @BatchHandler(sqs)
  task(_record: SQSRecord) {
    return () => Promise.resolve(1);
  }

  // @ts-expect-error also where a promise resolves to it
  @BatchHandler(sqs)
  async laterTask(_record: SQSRecord) {
    return () => 1;
  }

  // @ts-expect-error nobody subscribes
  @BatchHandler(sqs)
  observable(_record: SQSRecord) {
    return new Observable<number>();
  }

  // @ts-expect-error errors are thrown
  @BatchHandler(sqs)
  async error(_record: SQSRecord) {
    return new RangeError('no');
  }

  // @ts-expect-error it handles one record
  @BatchHandler(sqs)
  async answer(_record: SQSRecord) {
    return { batchItemFailures: [] as { itemIdentifier: string }[] };
  }

  // @ts-expect-error nobody awaits them
  @BatchHandler(sqs)
  async promises(record: SQSRecord) {
    return [record].map(async ({ body }) => body);
  }

  // @ts-expect-error with a payload too
  @BatchHandler({ ...sqs, payload: json<{ id: string }>() })
  async *ofPayload(_order: { id: string }) {
    yield 1;
  }

  @BatchHandler(sqs)
  never(_record: SQSRecord): never {
    throw new Error('no');
  }

  @BatchHandler(sqs)
  async any(record: SQSRecord) {
    return JSON.parse(record.body); // eslint-disable-line @typescript-eslint/no-unsafe-return -- as many methods do
  }

  @BatchHandler(sqs)
  async unknown(_record: SQSRecord): Promise<unknown> {
    return 1;
  }

  @BatchHandler(sqs)
  async maybe(_record: SQSRecord): Promise<Error | undefined> {
    return undefined;
  }

  @BatchHandler(sqs)
  async list(_record: SQSRecord) {
    return [1, 2];
  }

  @BatchHandler(sqs)
  async nothing(_record: SQSRecord) {
    return [];
  }

  @BatchHandler(sqs)
  async anything(record: SQSRecord) {
    return [JSON.parse(record.body)]; // eslint-disable-line @typescript-eslint/no-unsafe-return -- as above
  }

  @BatchHandler(sqs)
  async some(record: SQSRecord): Promise<(string | Promise<string>)[]> {
    return [record.body];
  }
}

// @ts-expect-error without a decorator it is the same
createBatchHandler(sqs, async function* (_record: SQSRecord) {
  yield 1;
});

/** The third parameter is of the same source as the first. */
export class Deliveries {
  // @ts-expect-error a delivery of another source
  @BatchHandler(sqs)
  async other(_record: SQSRecord, _context: Context, _delivery: Delivery<DynamoDBRecord>) {
    // nothing to do
  }

  // @ts-expect-error also with a payload
  @BatchHandler({ source: 'DynamoDBStreams', payload: images() })
  async ofPayload(_change: object, _context: Context, _delivery: Delivery<SQSRecord>) {
    // nothing to do
  }

  @BatchHandler(sqs)
  async right(_record: SQSRecord, _context: Context, { record }: Delivery<SQSRecord>) {
    return record.body;
  }

  @BatchHandler(sqs)
  async any(_record: SQSRecord, _context: Context, _delivery: Delivery) {
    // nothing to do
  }
}

/** Options that are written elsewhere say which source they are for only when they run. */
export class Known {
  @BatchHandler(known)
  async handle(_record: SQSRecord) {
    // nothing to do
  }

  @BatchHandler(known)
  async ofKinesis(_record: KinesisStreamRecord) {
    // nothing to do
  }

  // @ts-expect-error a record of none of them
  @BatchHandler(known)
  async ofNone(_record: { readonly id: number }) {
    // nothing to do
  }
}
