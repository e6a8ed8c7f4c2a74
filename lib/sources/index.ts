import type {
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  KinesisStreamRecord,
  SQSBatchResponse,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';

import { dynamodb } from './dynamodb';
import { kinesis } from './kinesis';
import type { Source } from './source';
import { sqs } from './sqs';

export type { Source } from './source';

/** What each source with a name sends, what it expects to be answered, and the raw payload that a reader is given. */
export interface SourceTypes {
  /** Amazon SQS: standard and FIFO queues. */
  SQS: {
    /** What a method is called with. */
    record: SQSRecord;
    /** What Lambda calls the function with. */
    event: SQSEvent;
    /** What it is answered. */
    response: SQSBatchResponse;
    /** What a payload reader is given. */
    raw: string;
  };
  /** Amazon Kinesis Data Streams. */
  KinesisDataStreams: {
    /** What a method is called with. */
    record: KinesisStreamRecord;
    /** What Lambda calls the function with. */
    event: KinesisStreamEvent;
    /** What it is answered. */
    response: KinesisStreamBatchResponse;
    /** What a payload reader is given. */
    raw: Buffer;
  };
  /** Amazon DynamoDB Streams. */
  DynamoDBStreams: {
    /** What a method is called with. */
    record: DynamoDBRecord;
    /** What Lambda calls the function with. */
    event: DynamoDBStreamEvent;
    /** What it is answered. */
    response: DynamoDBBatchResponse;
    /** What a payload reader is given. */
    raw: DynamoDBRecord;
  };
}

/** The name of a source, as in `EventType`. */
export type SourceName = keyof SourceTypes;

/** A source by its name, or the row itself. */
export type AnySource = SourceName | Source;

/** The types that a source brings. */
export interface TypesOf<R, Event, Raw, Identifier> {
  record: R;
  event: Event;
  raw: Raw;
  response: { batchItemFailures: { itemIdentifier: Identifier }[] };
}

type Types<S extends AnySource> = S extends SourceName
  ? SourceTypes[S]
  : S extends Source<infer R, infer Event, infer Raw, infer Identifier>
    ? TypesOf<R, Event, Raw, Identifier>
    : never;

export type RecordOf<S extends AnySource> = Types<S>['record'];
export type EventOf<S extends AnySource> = Types<S>['event'];
export type RawOf<S extends AnySource> = Types<S>['raw'];
export type ResponseOf<S extends AnySource> = Types<S>['response'];

/** What the option `order` can be for a source: `never` for a queue. */
export type OrderOf<S extends AnySource> = S extends SourceName
  ? S extends 'SQS'
    ? never
    : 'shard' | 'key'
  : S extends Pick<Source<unknown, unknown, unknown, unknown, infer Order>, 'orders'>
    ? Order
    : string;

/** A record of one of the sources with a name. */
export type EventSourceDataClassTypes = SQSRecord | KinesisStreamRecord | DynamoDBRecord;

/** The event sources, by the name that options and processors give them. */
export const EventType = {
  /** Amazon SQS: standard and FIFO queues. */
  SQS: 'SQS',
  /** Amazon Kinesis Data Streams. */
  KinesisDataStreams: 'KinesisDataStreams',
  /** Amazon DynamoDB Streams. */
  DynamoDBStreams: 'DynamoDBStreams',
} as const satisfies { [S in SourceName]: S };

/** The rows that are built in, for code that does not care whose records it handles. */
export const rows: readonly Source[] = [sqs, kinesis, dynamodb];

export const sourceNames = rows.map(({ name }) => name) as SourceName[];

/** What a source can be, in words. */
export const anySource = `one of ${sourceNames.join(', ')}, or a row such as kafka of lambda-batch-handler/kafka`;

export function isSourceName(name: unknown): name is SourceName {
  return (sourceNames as unknown[]).includes(name);
}

/** Whether a value is a row, by what every batch needs of it. */
export function isRow(value: unknown): value is Source {
  const { name, payload } = Object(value) as Partial<Source>;
  const needed = ['records', 'hasShape', 'itemIdentifier', 'orderingKey'];
  return typeof name === 'string' && hasMethods(value, needed) && hasMethods(payload, ['of', 'with']);
}

/** Whether a value has functions by all of these names. */
export function hasMethods(value: unknown, names: readonly string[]): boolean {
  return names.every((name) => typeof (value as Record<string, unknown> | null | undefined)?.[name] === 'function');
}

/** The row of a source. */
export function sourceOf(source: AnySource): Source {
  return typeof source === 'string' ? rows.find(({ name }) => name === source)! : source;
}
