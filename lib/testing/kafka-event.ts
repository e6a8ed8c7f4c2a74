import type { KafkaEvent } from '../kafka/event';
import { checkArray, checkOptions } from './check';
import { clusterOf, clusterOptionNames, eventFrom, type KafkaClusterOptions } from './kafka-cluster';
import { kafkaRecords, type KafkaRecordOptions, recordOptionNames } from './kafka-records';

/** Options of `kafkaEvent`; `P` is what the payloads are made of. */
export interface KafkaEventOptions<P = unknown> extends KafkaClusterOptions, KafkaRecordOptions<P> {}

const optionNames: readonly (keyof KafkaEventOptions)[] = [...clusterOptionNames, ...recordOptionNames];

/**
 * The event that Lambda makes of these records of Kafka topics: strings and bytes are taken as they are, null and undefined
 * as tombstones, which have no value, and anything else becomes JSON. The bytes of headers are signed, as Lambda writes them.
 *
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html, https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html
 *
 * @throws TypeError, RangeError where an option is not what it should be, or a payload cannot be serialised
 *
 * @example
 * ```ts
 * const event = kafkaEvent([{ id: 'order-1' }, null], { topic: 'orders', key: 'customer-1' }); // null is a tombstone
 * ```
 */
export function kafkaEvent<P>(payloads: readonly P[], options: KafkaEventOptions<P> = {}): KafkaEvent {
  checkArray('payloads', payloads);
  checkOptions('kafkaEvent', options, optionNames);
  return eventFrom(clusterOf(options), kafkaRecords(payloads, options));
}
