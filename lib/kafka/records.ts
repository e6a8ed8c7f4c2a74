import { kindOf, otherThan, unexpected } from '../sources/records';
import type { KafkaRecord } from './event';

/** Topic and partition of records that the event had under another name than their own: that is the one to report. */
const otherNames = new WeakMap<object, string>();

/**
 * The topic and partition of a record as one text, such as `orders-0`: as its event has it, where it came with one.
 *
 * @example
 * ```ts
 * createBatchHandler({ source: kafka }, (record) => {
 *   console.log(topicPartitionOf(record)); // such as `orders-0`
 * });
 * ```
 */
export function topicPartitionOf(record: KafkaRecord): string {
  return otherNames.get(record) ?? ownName(record);
}

const expected = "an event of Kafka { records: { 'topic-0': [...] } }";

/** @throws UnexpectedBatchTypeError where the event is of no Kafka cluster */
export function recordsOf(event: unknown): readonly KafkaRecord[] {
  const { eventSource, records } = Object(event) as { eventSource?: unknown; records?: unknown };
  const isKafka = eventSource === 'aws:kafka' || eventSource === 'SelfManagedKafka';
  const received = `records: ${kindOf(records)}.`;
  if (!isKafka && (eventSource !== undefined || records === undefined)) throw otherThan(expected, event, received);
  if (typeof records !== 'object' || records === null || Array.isArray(records)) throw unexpected(expected, received);
  const all: KafkaRecord[] = [];
  for (const [topicPartition, list] of Object.entries(records)) addRecordsOf(topicPartition, list, all);
  return all;
}

function addRecordsOf(topicPartition: string, list: unknown, all: KafkaRecord[]): void {
  if (!Array.isArray(list)) throw unexpected(expected, `records of a partition that are ${kindOf(list)}.`);
  for (const record of list as KafkaRecord[]) {
    // What is no object is named by who reads the batch.
    const isRight =
      typeof record !== 'object' || (record as KafkaRecord | null) === null || ownName(record) === topicPartition;
    all.push(isRight ? record : copyUnder(topicPartition, record));
  }
}

/** A copy, because a record that somebody keeps can be in another event under another name. */
function copyUnder(topicPartition: string, record: KafkaRecord): KafkaRecord {
  const copy = { ...record };
  otherNames.set(copy, topicPartition);
  return copy;
}

/** What was named last: records come partition by partition, and to make a text takes longer than to look. */
let named = { topic: '', partition: NaN, name: '' };

function ownName({ topic, partition }: KafkaRecord): string {
  if (topic !== named.topic || partition !== named.partition) {
    named = { topic, partition, name: `${topic}-${partition}` };
  }
  return named.name;
}
