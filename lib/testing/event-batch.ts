import { show } from '../errors/show';
import { kafka } from '../kafka/kafka';
import { pipe } from '../pipes/pipe';
import { rows, type Source } from '../sources';
import { identifierOf, isFrom, textOf } from '../sources/detect';
import { checkArray } from './check';

/** An event of SQS, Kinesis or DynamoDB Streams. */
export interface BatchEvent {
  /** The records of the batch, in their order. */
  readonly Records: readonly unknown[];
}

/** An event of Kafka. */
export interface KafkaBatchEvent {
  /** The records of each partition, by topic and partition, such as `orders-0`. */
  readonly records: Readonly<Record<string, readonly unknown[]>>;
}

/** An event of whatever source; an array is what a pipe sends. */
export type AnyBatchEvent = BatchEvent | KafkaBatchEvent | readonly unknown[];

/** What an event holds, as far as its answer is concerned. */
export interface EventBatch {
  readonly records: readonly unknown[];
  /** What each of the records is reported by, in one line; index-aligned with them. */
  readonly identifiers: readonly (string | undefined)[];
  /** The message group or partition of a record, within which order is to be kept. */
  laneOf(record: unknown): string | undefined;
  /**
   * What comes back after an answer that lists failures: exactly what is `listed`, everything from a `checkpoint` on, what
   * is listed or follows it in its `partition`, or `everything`.
   */
  readonly returns: 'listed' | 'checkpoint' | 'partition' | 'everything';
  /** Whether it is of a tumbling window. */
  readonly needsState: boolean;
}

/** What a pipe sends of each of the sources; of Kinesis it is nested before it is looked at. */
const kinesisPipe = pipe('KinesisDataStreams') as Source;
const pipes: readonly Source[] = [pipe('SQS'), kinesisPipe, pipe('DynamoDBStreams'), pipe(kafka)];

/** Whether an event is of Kafka: by what it says, or, where it says nothing, by its shape. */
export function isKafkaEvent(event: unknown): boolean {
  const { eventSource, Records, records } = Object(event) as Record<string, unknown>;
  if (eventSource === 'aws:kafka' || eventSource === 'SelfManagedKafka') return true;
  return !Array.isArray(event) && Records === undefined && records !== undefined;
}

/** @throws TypeError where the event is no batch of one source */
export function batchOf(event: unknown): EventBatch {
  if (Array.isArray(event)) {
    return batchFrom(pipes, kinesisPipe.records(event), 'SQS, Kinesis, DynamoDB Streams or Kafka');
  }
  if (isKafkaEvent(event)) return batchFrom([kafka], kafkaRecordsIn(event), 'Kafka');
  const { Records: records, window } = (event ?? {}) as { Records?: unknown; window?: unknown };
  checkArray('Records of the event', records);
  const batch = batchFrom(rows, records as readonly unknown[], 'SQS, Kinesis or DynamoDB Streams');
  return { ...batch, needsState: (window ?? undefined) !== undefined };
}

function kafkaRecordsIn(event: unknown): readonly unknown[] {
  try {
    return kafka.records(event as never);
  } catch (cause) {
    throw new TypeError((cause as Error).message, { cause });
  }
}

function batchFrom(sources: readonly Source[], records: readonly unknown[], names: string): EventBatch {
  const source = records.length === 0 ? sources[0] : sources.find((each) => isFrom(each, records[0]));
  if (source === undefined) {
    const { eventSource } = (records[0] ?? {}) as { eventSource?: unknown };
    throw new TypeError(`Expected records of ${names}, received one whose eventSource is ${show(eventSource)}.`);
  }
  const other = records.findIndex((record) => !isFrom(source, record));
  if (other >= 0) throw new TypeError(`Expected records of one source, received another one at index ${other}.`);
  const identifiers = records.map((record) => {
    const identifier = identifierOf(source, record);
    return identifier === undefined ? undefined : textOf(source, identifier);
  });
  const laneOf = (record: unknown) => source.orderingKey(record, 'partition');
  return { records, identifiers, laneOf, returns: returnsOf(source), needsState: false };
}

function returnsOf(source: Source): EventBatch['returns'] {
  if (source.isAllOrNothing === true) return 'everything';
  if (source === kafka) return 'partition';
  return source.kind === 'queue' ? 'listed' : 'checkpoint';
}
