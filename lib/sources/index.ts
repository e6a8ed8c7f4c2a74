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

/** What each source sends, what it expects to be answered, and the raw payload that a reader is given of a record. */
export interface SourceTypes {
  SQS: { record: SQSRecord; event: SQSEvent; response: SQSBatchResponse; raw: string };
  KinesisDataStreams: {
    record: KinesisStreamRecord;
    event: KinesisStreamEvent;
    response: KinesisStreamBatchResponse;
    raw: Buffer;
  };
  DynamoDBStreams: {
    record: DynamoDBRecord;
    event: DynamoDBStreamEvent;
    response: DynamoDBBatchResponse;
    raw: DynamoDBRecord;
  };
}

/** The name of a source, as in `EventType`. */
export type SourceName = keyof SourceTypes;
export type RecordOf<S extends SourceName> = SourceTypes[S]['record'];
export type EventOf<S extends SourceName> = SourceTypes[S]['event'];
export type RawOf<S extends SourceName> = SourceTypes[S]['raw'];
export type ResponseOf<S extends SourceName> = SourceTypes[S]['response'];

/** The event sources, by the name that options and processors give them. */
export const EventType = {
  SQS: 'SQS',
  KinesisDataStreams: 'KinesisDataStreams',
  DynamoDBStreams: 'DynamoDBStreams',
} as const satisfies { [S in SourceName]: S };

const table: { readonly [S in SourceName]: Source<RecordOf<S>> } = {
  SQS: sqs,
  KinesisDataStreams: kinesis,
  DynamoDBStreams: dynamodb,
};

export const sourceNames = Object.keys(table) as SourceName[];

export function isSourceName(name: unknown): name is SourceName {
  return (sourceNames as unknown[]).includes(name);
}

/** The row of a source, for code that does not care whose records it handles. */
export function sourceOf(name: SourceName): Source<unknown> {
  return table[name];
}
