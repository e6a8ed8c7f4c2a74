// Compiled, not run: under both dialects every line must type-check, and every @ts-expect-error must be needed.
import { type as ark } from 'arktype';
import type {
  CloudWatchLogsDecodedData,
  Context,
  DynamoDBRecord,
  KinesisStreamRecord,
  S3Event,
  SQSRecord,
} from 'aws-lambda';
import { expectTypeOf } from 'expect-type';
import * as v from 'valibot';
import { z } from 'zod';

import {
  BatchHandler,
  BatchProcessor,
  createBatchHandler,
  type Delivery,
  EventType,
  lambdaHandler,
  type ParsedRecord,
  processPartialResponse,
  SqsFifoPartialProcessor,
  type Reader,
} from '../../lib';
import {
  base64,
  bytes,
  cloudWatchLogs,
  eventBridge,
  gunzip,
  images,
  type Item,
  type ItemChange,
  json,
  reader,
  s3Event,
  sns,
  text,
} from '../../lib/payload';
import { ledger, type LedgerEntry } from '../support/made-up-source';

interface Order {
  readonly id: string;
  readonly total: number;
}

const zodOrder = z.object({ id: z.string(), total: z.string().transform(Number) });
const valibotOrder = v.object({ id: v.string(), total: v.pipe(v.string(), v.transform(Number)) });
const arkOrder = ark({ id: 'string', total: 'string.numeric.parse' });
const asyncOrder = z.object({ id: z.string().refine(async (id) => id !== ''), total: z.number() });
const oldOrder = z.object({ id: z.string() });

const parsed = (body: string): Order => JSON.parse(body) as Order;

/** Methods that fit what their reader returns. */
export class Fitting {
  @BatchHandler({ source: 'SQS', payload: json(zodOrder) })
  async zod(order: Order, _context: Context, delivery: Delivery<SQSRecord>): Promise<void> {
    expectTypeOf(delivery.record).toEqualTypeOf<SQSRecord>();
    expectTypeOf(order.total).toEqualTypeOf<number>();
  }

  @BatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true, concurrency: 4, payload: json(valibotOrder) })
  async valibot(_order: Order): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'KinesisDataStreams', order: 'key', payload: gunzip(json(arkOrder)) })
  async arktype(_order: Order, _context: Context, _delivery: Delivery<KinesisStreamRecord>): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', payload: json(asyncOrder) })
  async asyncSchema(_order: Order): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', payload: sns(json(zodOrder)) })
  async sns(_order: Order): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', payload: eventBridge(json<Order>()) })
  async claimed(_order: Order): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', payload: base64(gunzip(text(), { maxBytes: 1024 })) })
  async text(_text: string): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', payload: sns(s3Event()) })
  async s3(_event: S3Event): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'KinesisDataStreams', payload: bytes() })
  async bytes(_bytes: Uint8Array): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'KinesisDataStreams', payload: cloudWatchLogs() })
  async logs(_logs: CloudWatchLogsDecodedData): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'DynamoDBStreams', order: 'key', payload: images() })
  async plainImages(change: ItemChange): Promise<void> {
    expectTypeOf(change.newImage).toEqualTypeOf<Item | undefined>();
  }

  @BatchHandler({ source: 'DynamoDBStreams', payload: images(zodOrder) })
  async images(change: ItemChange<Order>): Promise<void> {
    expectTypeOf(change.oldImage).toEqualTypeOf<Order | undefined>();
  }

  @BatchHandler({ source: 'DynamoDBStreams', payload: images({ newImage: zodOrder, oldImage: oldOrder }) })
  async twoImages(change: ItemChange<Order, { id: string }>): Promise<void> {
    expectTypeOf(change.oldImage).toEqualTypeOf<{ id: string } | undefined>();
  }

  @BatchHandler({ source: 'SQS', payload: reader(parsed) })
  async own(_order: Order): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'KinesisDataStreams', payload: reader(async (data) => data.readDoubleBE()) })
  async inline(_number: number): Promise<void> {
    // fits
  }

  @BatchHandler({
    source: 'SQS',
    payload: reader((body) => {
      expectTypeOf(body).toEqualTypeOf<string>();
      return body.length;
    }),
  })
  async inlineText(_number: number): Promise<void> {
    // fits
  }

  @BatchHandler({
    source: 'KinesisDataStreams',
    payload: reader((data) => {
      expectTypeOf(data).toEqualTypeOf<Buffer>();
      return data.length;
    }),
  })
  async inlineBytes(_number: number): Promise<void> {
    // fits
  }

  @BatchHandler({
    source: 'DynamoDBStreams',
    payload: reader((change) => {
      expectTypeOf(change).toEqualTypeOf<DynamoDBRecord>();
      return change.eventName;
    }),
  })
  async inlineChange(_name: DynamoDBRecord['eventName']): Promise<void> {
    // fits
  }

  @BatchHandler({
    source: ledger,
    payload: reader((entry) => {
      expectTypeOf(entry).toEqualTypeOf<string>();
      return entry.length;
    }),
  })
  async inlineOfRow(_number: number, _context: Context, delivery: Delivery<LedgerEntry>): Promise<void> {
    expectTypeOf(delivery.record).toEqualTypeOf<LedgerEntry>();
  }

  @BatchHandler({ source: ledger, order: 'key', payload: json(zodOrder) })
  async zodOfRow(_order: Order): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', payload: sns((message) => message.length) })
  async innerFunction(_length: number): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', payload: reader((body): ReturnType<typeof JSON.parse> => JSON.parse(body)) })
  async untyped(_order: Order): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', payload: reader(parsed) })
  async anything(_order: unknown): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', payload: reader(parsed) })
  async nothing(): Promise<void> {
    // fits
  }
}

/** Methods and readers that do not. */
export class Unfitting {
  // @ts-expect-error the schema gives a total that is a number
  @BatchHandler({ source: 'SQS', payload: json(zodOrder) })
  async zod(_order: { id: string; total: string }): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the schema gives no items
  @BatchHandler({ source: 'SQS', payload: json(valibotOrder) })
  async valibot(_order: Order & { readonly items: string[] }): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the schema gives an order
  @BatchHandler({ source: 'SQS', payload: json(arkOrder) })
  async arktype(_order: string): Promise<void> {
    // does not fit
  }

  // @ts-expect-error without a schema the payload is unknown
  @BatchHandler({ source: 'SQS', payload: json() })
  async unchecked(_order: Order): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the method is called with the payload, not with the record
  @BatchHandler({ source: 'SQS', payload: json(zodOrder) })
  async record(_record: SQSRecord): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the delivery is that of a message
  @BatchHandler({ source: 'SQS', payload: reader(parsed) })
  async delivery(_order: Order, _context: Context, _delivery: Delivery<KinesisStreamRecord>): Promise<void> {
    // does not fit
  }

  // @ts-expect-error an image may be absent
  @BatchHandler({ source: 'DynamoDBStreams', payload: images(zodOrder) })
  async image(_change: Required<ItemChange<Order>>): Promise<void> {
    // does not fit
  }

  // @ts-expect-error a message has no images
  @BatchHandler({ source: 'SQS', payload: images() })
  async imagesOfSqs(_change: ItemChange): Promise<void> {
    // does not fit
  }

  // @ts-expect-error a change is no JSON
  @BatchHandler({ source: 'DynamoDBStreams', payload: json() })
  async jsonOfDynamodb(_order: unknown): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the body of a message is text: base64(bytes())
  @BatchHandler({ source: 'SQS', payload: bytes() })
  async bytesOfSqs(_bytes: Buffer): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the body of a message is text: base64(gunzip(...))
  @BatchHandler({ source: 'SQS', payload: gunzip(text()) })
  async gzipOfSqs(_text: string): Promise<void> {
    // does not fit
  }

  // @ts-expect-error what is inflated is no change
  @BatchHandler({ source: 'KinesisDataStreams', payload: gunzip(images()) })
  async imagesInGzip(_change: ItemChange): Promise<void> {
    // does not fit
  }

  // @ts-expect-error a plain function is no reader: reader(parsed)
  @BatchHandler({ source: 'SQS', payload: parsed })
  async plain(_order: Order): Promise<void> {
    // does not fit
  }

  // @ts-expect-error nor where it is written in place
  @BatchHandler({ source: 'SQS', payload: (body: string) => body.length })
  async plainInline(_length: number): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the reader gives a number
  @BatchHandler({ source: 'SQS', payload: reader((body) => body.length) })
  async inline(_text: string): Promise<void> {
    // does not fit
  }

  // @ts-expect-error a message has a text
  @BatchHandler({ source: 'SQS', payload: reader((data: Buffer) => data.length) })
  async readerOfBytes(_length: number): Promise<void> {
    // does not fit
  }

  // @ts-expect-error a Kinesis record has bytes
  @BatchHandler({ source: 'KinesisDataStreams', payload: reader((body: string) => body.length) })
  async readerOfText(_length: number): Promise<void> {
    // does not fit
  }

  // @ts-expect-error a change is the record
  @BatchHandler({ source: 'DynamoDBStreams', payload: reader((body: string) => body.length) })
  async readerOfTextForDynamodb(_length: number): Promise<void> {
    // does not fit
  }

  // @ts-expect-error an entry has a text
  @BatchHandler({ source: ledger, payload: reader((data: Buffer) => data.length) })
  async readerOfBytesForRow(_length: number): Promise<void> {
    // does not fit
  }

  // @ts-expect-error the method is called with the payload, not with the entry
  @BatchHandler({ source: ledger, payload: json(zodOrder) })
  async recordOfRow(_entry: LedgerEntry): Promise<void> {
    // does not fit
  }

  // @ts-expect-error a schema is no reader
  @BatchHandler({ source: 'SQS', payload: zodOrder })
  async schema(_order: Order): Promise<void> {
    // does not fit
  }
}

export const handler = lambdaHandler<'SQS'>(new Fitting(), 'zod');

export const orderReader: Reader<string, Order> = json(zodOrder);
export const ownReader: Reader<string, Order> = reader(parsed);
// @ts-expect-error it has no code to have a record read
export const plainReader: Reader<string, Order> = parsed;

/** The record handler of a team that comes from Powertools' parser integration. */
export const recordHandler = async ({ messageId, body }: ParsedRecord<SQSRecord, Order>): Promise<void> => {
  expectTypeOf(messageId).toEqualTypeOf<string>();
  expectTypeOf(body).toEqualTypeOf<Order>();
};

export const kinesisHandler = ({ kinesis }: ParsedRecord<KinesisStreamRecord, Order>): void => {
  expectTypeOf(kinesis.data).toEqualTypeOf<Order>();
  expectTypeOf(kinesis.sequenceNumber).toEqualTypeOf<string>();
};

export const dynamodbHandler = ({ dynamodb }: ParsedRecord<DynamoDBRecord, Order, { id: string }>): void => {
  expectTypeOf(dynamodb.NewImage).toEqualTypeOf<Order | undefined>();
  expectTypeOf(dynamodb.OldImage).toEqualTypeOf<{ id: string } | undefined>();
  expectTypeOf(dynamodb.SequenceNumber).toEqualTypeOf<string | undefined>();
};

export const processors = [
  new BatchProcessor(EventType.SQS, { payload: json(zodOrder) }),
  new SqsFifoPartialProcessor({ payload: json(zodOrder) }),
  // @ts-expect-error a processor takes no parser
  new BatchProcessor(EventType.SQS, { parser: () => undefined }),
  // @ts-expect-error a plain function is no reader: reader(parsed)
  new BatchProcessor(EventType.SQS, { payload: parsed }),
  new BatchProcessor(EventType.SQS, { payload: reader(parsed) }),
  new BatchProcessor(ledger, { payload: json(zodOrder) }),
];

/** Payloads without a decorator. */
export const created = [
  createBatchHandler({ source: 'SQS', payload: json(zodOrder) }, (order, context, delivery) => {
    expectTypeOf(order.total).toEqualTypeOf<number>();
    expectTypeOf(context).toEqualTypeOf<Context>();
    expectTypeOf(delivery).toEqualTypeOf<Delivery<SQSRecord>>();
  }),
  createBatchHandler({ source: 'KinesisDataStreams', payload: reader((data) => data.length) }, (length) => {
    expectTypeOf(length).toEqualTypeOf<number>();
  }),
  createBatchHandler({ source: 'DynamoDBStreams', payload: images(zodOrder) }, async ({ newImage }) => {
    expectTypeOf(newImage?.total).toEqualTypeOf<number | undefined>();
  }),
  createBatchHandler({ source: ledger, payload: json(valibotOrder) }, (order, _context, { record }) => {
    expectTypeOf(order.total).toEqualTypeOf<number>();
    expectTypeOf(record).toEqualTypeOf<LedgerEntry>();
  }),
  // @ts-expect-error the schema gives a total that is a number
  createBatchHandler({ source: 'SQS', payload: json(zodOrder) }, (_order: { total: string }) => undefined),
  // @ts-expect-error the function is called with the payload, not with the record
  createBatchHandler({ source: 'SQS', payload: json(zodOrder) }, (_record: SQSRecord) => undefined),
  // @ts-expect-error a plain function is no reader: reader(parsed)
  createBatchHandler({ source: 'SQS', payload: parsed }, () => undefined),
  // @ts-expect-error a message has a text
  createBatchHandler({ source: 'SQS', payload: reader((data: Buffer) => data.length) }, () => undefined),
  // @ts-expect-error a message has no images
  createBatchHandler({ source: 'SQS', payload: images() }, () => undefined),
];

export const answer = processPartialResponse({ Records: [] }, recordHandler, processors[0]!, {
  payload: json(zodOrder),
});

export const refusedAnswer = () =>
  // @ts-expect-error a plain function is no reader: reader(parsed)
  processPartialResponse({ Records: [] }, recordHandler, processors[0]!, { payload: parsed });
