import { show } from '../errors/show';
import type { KafkaEvent, KafkaRecord } from '../kafka/event';
import { topicPartitionOf } from '../kafka/records';
import { checkOneOf, checkString } from './check';

/** Options that say from which cluster records are. */
export interface KafkaClusterOptions {
  /** `aws:kafka` for Amazon MSK, `SelfManagedKafka` for a cluster that AWS does not manage. Default: `aws:kafka`. */
  readonly eventSource?: KafkaEvent['eventSource'];
  /** The cluster; Amazon MSK only. Default: one named `orders`. */
  readonly eventSourceArn?: string;
  /** Its brokers: `host:port`, with commas between. Default: one broker. */
  readonly bootstrapServers?: string;
}

export const clusterOptionNames: readonly (keyof KafkaClusterOptions)[] = [
  'eventSource',
  'eventSourceArn',
  'bootstrapServers',
];

/** What an event has beside its records. */
export type KafkaCluster = Omit<KafkaEvent, 'records'>;

/**
 * The cluster that options mean.
 *
 * @throws TypeError where an option is not what it should be, or a cluster that AWS does not manage has an ARN
 */
export function clusterOf({ eventSource = 'aws:kafka', ...options }: KafkaClusterOptions): KafkaCluster {
  checkOneOf('eventSource', eventSource, ['aws:kafka', 'SelfManagedKafka']);
  const isManaged = eventSource === 'aws:kafka';
  if (!isManaged && options.eventSourceArn !== undefined) {
    throw new TypeError(`Expected no eventSourceArn of a SelfManagedKafka, received ${show(options.eventSourceArn)}.`);
  }
  const {
    eventSourceArn = 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders/01234567-89ab-4cde-8f01-23456789abcd-1',
  } = options;
  const { bootstrapServers = isManaged ? 'b-1.orders.kafka.eu-west-1.amazonaws.com:9098' : 'kafka.example.com:9092' } =
    options;
  checkString('eventSourceArn', eventSourceArn);
  checkString('bootstrapServers', bootstrapServers);
  return { eventSource, ...(isManaged && { eventSourceArn }), bootstrapServers };
}

/** The event with these records: by topic and partition, each in the order in which they are given. */
export function eventFrom(cluster: KafkaCluster, list: readonly KafkaRecord[]): KafkaEvent {
  const records: KafkaEvent['records'] = {};
  for (const record of list) (records[topicPartitionOf(record)] ??= []).push(record);
  return { ...cluster, records };
}
