import { ParsingError } from '../errors';
import type { Source } from '../sources/source';
import type { KafkaEvent, KafkaItemIdentifier, KafkaRecord } from './event';
import { recordsOf, topicPartitionOf } from './records';

/**
 * Amazon MSK and other Kafka clusters, as the value of the option `source`, or of a processor's event type.
 *
 * The option `order` can be `'partition'`, or `'key'`: in order within the key of a partition; records without a key share
 * one. Without it a record that failed comes back behind those that have succeeded since. Whatever did not succeed is
 * reported, what was not run included, since AWS does not say whether Lambda retries single records or resumes at one.
 *
 * @throws UnexpectedBatchTypeError where the event is of no cluster
 *
 * @example
 * ```ts
 * createBatchHandler({ source: kafka, order: 'partition', payload: json<Order>() }, (order) => orders.place(order));
 * ```
 */
export const kafka: Source<KafkaRecord, KafkaEvent, Buffer, KafkaItemIdentifier, 'partition' | 'key'> = {
  name: 'Kafka',
  kind: 'stream',
  orders: ['partition', 'key'],
  eventSource: 'aws:kafka',
  records: recordsOf,
  hasShape: (record) => 'topic' in record && 'offset' in record,
  itemIdentifier: (record) => {
    const { offset } = record;
    // What is larger has lost its last digits before anyone could read it, and would name another record, or none.
    if (!Number.isSafeInteger(offset) || offset < 0) return undefined;
    return { partition: topicPartitionOf(record), offset };
  },
  textOf: ({ partition, offset }) => `${partition}@${offset}`,
  orderingKey: (record, order) => {
    const partition = topicPartitionOf(record);
    const key = record.key ?? undefined;
    return order === 'partition' || key === undefined ? partition : `${partition} ${key}`; // no topic has a space
  },
  payload: {
    kind: 'bytes',
    isTombstone: ({ value }) => value === undefined || value === null,
    of: ({ value }) => {
      if (value !== undefined && value !== null) return value;
      throw new ParsingError('The record has no value: it is a tombstone, which tombstone(reader) reads as null.');
    },
    with: (record, value) => ({ ...record, value }),
  },
};
