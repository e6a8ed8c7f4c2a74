// Names of the semantic conventions for messaging, as of version 1.45; they are not stable yet, so the package that has
// them as constants asks to copy these. Names of our own begin with `lambda_batch_handler`.
import type { Attributes } from '@opentelemetry/api';

export const SCOPE = 'lambda-batch-handler';
export const OPERATION = 'process';

export const SYSTEM = 'messaging.system';
export const OPERATION_NAME = 'messaging.operation.name';
export const OPERATION_TYPE = 'messaging.operation.type';
export const DESTINATION_NAME = 'messaging.destination.name';
export const PARTITION_ID = 'messaging.destination.partition.id';
export const BATCH_MESSAGE_COUNT = 'messaging.batch.message_count';
export const MESSAGE_ID = 'messaging.message.id';
export const KAFKA_OFFSET = 'kafka.offset';
export const KAFKA_TOMBSTONE = 'kafka.message.tombstone';
export const ERROR_TYPE = 'error.type';
export const CONSUMED_MESSAGES = 'messaging.client.consumed.messages';
export const PROCESS_DURATION = 'messaging.process.duration';

/** What became of a record: `succeeded`, `failed`, `delivered` or `unprocessed`. */
export const OUTCOME = 'lambda_batch_handler.outcome';
export const RECEIVE_COUNT = 'lambda_batch_handler.receive_count';
export const STOPPED_BY = 'lambda_batch_handler.stopped_by';

const KAFKA = 'kafka';

/** By what records say of their source, and by its name where they say nothing, as those of Kafka do not. */
const systems: ReadonlyMap<unknown, string> = new Map([
  ['aws:sqs', 'aws_sqs'],
  ['aws:kinesis', 'aws.kinesis'],
  ['aws:dynamodb', 'aws.dynamodb'],
  ['aws:kafka', KAFKA],
  ['SelfManagedKafka', KAFKA],
  ['SQS', 'aws_sqs'],
  ['KinesisDataStreams', 'aws.kinesis'],
  ['DynamoDBStreams', 'aws.dynamodb'],
  ['Kafka', KAFKA],
]);

/** What is read of a record: where it is from, and which one it is, never its key, headers or value. */
interface Origin {
  readonly eventSource?: unknown;
  readonly eventSourceARN?: unknown;
  readonly messageId?: string;
  readonly topic?: string;
  readonly partition?: number | string;
  readonly offset?: number;
}

const originOf = (record: unknown): Origin => Object(record) as Origin;

/** What holds for a record, in spans and in metrics; without a record, for those of its source. */
export function attributesOf(record: unknown, source: string): Attributes {
  const { eventSource, eventSourceARN, topic, partition } = originOf(record);
  const system = systems.get(eventSource) ?? systemOf(source);
  return {
    [SYSTEM]: system,
    [OPERATION_NAME]: OPERATION,
    [DESTINATION_NAME]: system === KAFKA ? topic : nameIn(eventSourceARN),
    ...(system === KAFKA && partition !== undefined && { [PARTITION_ID]: String(partition) }),
  };
}

/** What a batch has in common with each of its records: they can be of several topics and partitions. */
export function attributesOfAll(records: readonly Attributes[], source: string): Attributes {
  const [first = attributesOf(undefined, source)] = records;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => records.every((attributes) => attributes[name] === value)),
  );
}

/** What a span tells of one record of Kafka alone, beside its attributes. */
export function ofKafka(record: unknown, attributes: Attributes): Attributes {
  if (attributes[SYSTEM] !== KAFKA) return {};
  const { offset, value } = originOf(record) as Origin & { readonly value?: unknown };
  return {
    ...(Number.isSafeInteger(offset) && { [KAFKA_OFFSET]: offset }), // a larger one has lost its last digits
    ...((value ?? undefined) === undefined && { [KAFKA_TOMBSTONE]: true }),
  };
}

/** What a link says of the record that was sent. */
export function linkedBy(record: unknown, attributes: Attributes): Attributes {
  if (attributes[SYSTEM] !== KAFKA) return { [MESSAGE_ID]: originOf(record).messageId };
  const { [DESTINATION_NAME]: topic, [PARTITION_ID]: partition } = attributes;
  return { [DESTINATION_NAME]: topic, [PARTITION_ID]: partition, ...ofKafka(record, attributes) };
}

/** Of a pipe it is that of the source behind it, whose name `pipe(SQS)` has. */
function systemOf(source: string): string {
  const name = /^pipe\((.+)\)$/.exec(source)?.[1] ?? source;
  return systems.get(name) ?? name;
}

/** The name of the queue, stream or table. */
function nameIn(arn: unknown): string | undefined {
  if (typeof arn !== 'string') return undefined;
  // arn:aws:sqs:region:account:queue, but stream/name, and table/name/stream/label
  const [first, name = first] = arn.split(':')[5]?.split('/') ?? [];
  return name;
}
