import type { KafkaBatchResponse, KafkaEvent, KafkaRecord } from '../../lib/kafka';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A record such as `orders-0@10 a`: topic, partition, offset and, if there is one, key. Its value is that text. */
export function kafkaRecord(name: string, overrides: Partial<KafkaRecord> = {}): KafkaRecord {
  const [, topic, partition, offset, key] = /^(.+)-(\d+)@(\d+)(?: (.+))?$/.exec(name)!;
  return {
    topic: topic!,
    partition: Number(partition),
    offset: Number(offset),
    timestamp: 1_700_000_000_123,
    timestampType: 'CREATE_TIME',
    ...(key !== undefined && { key: base64(key) }),
    value: base64(name),
    headers: [],
    ...overrides,
  };
}

/** The event of these records, each by its name or itself, under the topic and partition of each. */
export function kafkaEvent(...names: readonly (string | KafkaRecord)[]): KafkaEvent {
  const records: KafkaEvent['records'] = {};
  for (const name of names) {
    const record = typeof name === 'string' ? kafkaRecord(name) : name;
    (records[`${record.topic}-${record.partition}`] ??= []).push(record);
  }
  return {
    eventSource: 'aws:kafka',
    eventSourceArn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders/abcd-1',
    bootstrapServers: 'b-1.orders.kafka.eu-west-1.amazonaws.com:9098',
    records,
  };
}

/** The event of https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html: several partitions. */
export const mixedEvent = (): KafkaEvent =>
  kafkaEvent('orders-0@10 a', 'orders-0@11 b', 'orders-0@12 a', 'orders-1@7 c', 'orders-0@13 b');

/** What the value of a record says: its name. */
export const nameIn = ({ value }: KafkaRecord): string => Buffer.from(value ?? '', 'base64').toString();

/** The answer that reports these, such as `orders-0@11`. */
export const offsets = (...texts: readonly string[]): KafkaBatchResponse => ({
  batchItemFailures: texts.map((text) => {
    const [partition, offset] = text.split('@') as [string, string];
    return { itemIdentifier: { partition, offset: Number(offset) } };
  }),
});
