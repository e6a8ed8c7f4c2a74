import type { DynamoDBRecord, KinesisStreamRecord } from 'aws-lambda';

import { show } from '../errors/show';
import {
  type AnySource,
  anySource,
  isRow,
  isSourceName,
  type OrderOf,
  type RawOf,
  type RecordOf,
  type Source,
  type SourceName,
  sourceOf,
} from '../sources';
import { otherThan, unexpected } from '../sources/records';

/**
 * A Kinesis record as a pipe sends it: flat.
 *
 * Shape: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html
 */
export type PipesKinesisRecord = KinesisStreamRecord['kinesis'] & Omit<KinesisStreamRecord, 'kinesis'>;

/** The source that `pipe(source)` makes. What a pipe reads from another source than those with a name is all or nothing. */
export type PipeSource<S extends AnySource> = Source<
  RecordOf<S>,
  readonly (S extends 'KinesisDataStreams' ? PipesKinesisRecord : RecordOf<S>)[],
  RawOf<S>,
  S extends SourceName ? string : never,
  OrderOf<S>
>;

/**
 * A source behind EventBridge Pipes, which calls its Lambda target with a bare array: for the option `source`, or a
 * processor's event type.
 *
 * Records are those of the source, and so are the options; flat Kinesis records are nested before anyone sees them. SQS is
 * reported by `messageId`, streams by `eventID`. From any other source, such as Kafka, a pipe takes no partial answer: any
 * failure throws, and the whole batch comes back. The pipe's invocation type has to be REQUEST_RESPONSE.
 *
 * Rules: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 *
 * @param source the name of a source, or a row such as `kafka`
 * @throws TypeError where it is neither
 *
 * @example
 * ```ts
 * createBatchHandler({ source: pipe('SQS'), payload: json<Order>() }, (order) => orders.place(order));
 * ```
 */
export function pipe<const S extends AnySource>(source: S): PipeSource<S> {
  if ((!isSourceName(source) && !isRow(source)) || isPipe(source)) {
    throw new TypeError(`pipe(): expected ${anySource}, received ${show(source)}.`);
  }
  const row = sourceOf(source);
  const made: Source = {
    ...row,
    ...(isSourceName(source) ? behindPipe[source] : { isAllOrNothing: true, eventSource: undefined }),
    name: `pipe(${row.name})`,
    records: (event) => {
      const array = arrayOf(event);
      return row.name === 'KinesisDataStreams' ? array.map(nested) : array;
    },
  };
  return made as PipeSource<S>;
}

function isPipe(source: AnySource): boolean {
  return typeof source === 'object' && source.name.startsWith('pipe(');
}

/** What is other for a source behind a pipe. */
const behindPipe: { readonly [S in SourceName]: Partial<Source> } = {
  SQS: {},
  KinesisDataStreams: { itemIdentifier: eventIdOf },
  DynamoDBStreams: { itemIdentifier: eventIdOf },
};

function eventIdOf(record: unknown): string | undefined {
  return (record as KinesisStreamRecord | DynamoDBRecord).eventID;
}

function arrayOf(event: unknown): readonly unknown[] {
  if (Array.isArray(event)) return event as unknown[];
  const { Records, records } = Object(event) as { Records?: unknown; records?: unknown };
  const expected = 'an array, as EventBridge Pipes send it';
  const fromMapping = 'an event of an event source mapping: leave pipe() out.';
  throw (Records ?? records) === undefined
    ? otherThan(expected, event, 'an object.')
    : unexpected(expected, fromMapping);
}

/** Of the shape that the record has in an event source mapping. What is no flat record of Kinesis stays as it is. */
function nested(record: unknown): unknown {
  const flat = Object(record) as PipesKinesisRecord;
  if (!('data' in flat) || 'kinesis' in flat) return record;
  const { kinesisSchemaVersion, partitionKey, sequenceNumber, data, approximateArrivalTimestamp, ...rest } = flat;
  return {
    kinesis: { kinesisSchemaVersion, partitionKey, sequenceNumber, data, approximateArrivalTimestamp },
    ...rest,
  };
}
