import { show } from '../errors/show';
import type { KafkaRecord } from '../kafka/event';
import { topicPartitionOf } from '../kafka/records';
import { bytesIn } from './bytes';
import { checkDate, checkInteger, checkObject } from './check';
import { payloadText } from './payload-text';
import { startTime } from './start-time';

/** A value for all records, or how to tell it for each. */
type Given<P, T> = T | ((payload: P, index: number) => T);

/** Headers in plain values: text or bytes by name, in an array where a name is repeated. */
export type PlainKafkaHeaders = Readonly<Record<string, string | Uint8Array | readonly (string | Uint8Array)[]>>;

/** Options about the records of Kafka topics; `P` is what the payloads are made of. */
export interface KafkaRecordOptions<P = unknown> {
  /** The topic, or how to tell it: 1 to 249 letters, digits, dots, underscores and hyphens. Default: `orders`. */
  readonly topic?: Given<P, string>;
  /** The partition, or how to tell it: an integer from 0 to 2,147,483,647. Default: 0. */
  readonly partition?: Given<P, number>;
  /** The key, or how to tell it: text or bytes; null, or undefined, for a record without one. Default: none. */
  readonly key?: Given<P, string | Uint8Array | null | undefined>;
  /** Default: none. */
  readonly headers?: Given<P, PlainKafkaHeaders>;
  /** The offset of the first record of each partition; further ones follow one by one. An integer of at least 0. Default: 0. */
  readonly offset?: number;
  /** When the first record arrived; each further one follows a millisecond later. Default: 2026-01-01. */
  readonly arrivedAt?: Date;
}

export const recordOptionNames: readonly (keyof KafkaRecordOptions)[] = [
  'topic',
  'partition',
  'key',
  'headers',
  'offset',
  'arrivedAt',
];

/** The partition of a record where no option tells it. */
export type Partitioner = (topic: string, key: Buffer | undefined) => number;

/** Where a partition cannot be told from the others; Kafka takes no other names of topics. */
const TOPIC = /^[\w.-]{1,249}$/;

/** The records that Lambda makes of these payloads, in the order in which they are given. */
export function kafkaRecords<P>(
  payloads: readonly P[],
  options: KafkaRecordOptions<P>,
  partitioner: Partitioner = () => 0,
): KafkaRecord[] {
  const { topic = 'orders', partition, key, headers = {}, offset: start = 0, arrivedAt = startTime } = options;
  checkInteger('offset', start, { min: 0, max: Number.MAX_SAFE_INTEGER - payloads.length });
  checkDate('arrivedAt', arrivedAt);
  const next = new Map<string, number>();

  const recordOf = (payload: P, index: number): KafkaRecord => {
    const told = <T>(given: Given<P, T>): T =>
      typeof given === 'function' ? (given as (payload: P, index: number) => T)(payload, index) : given;
    const itsTopic = told(topic);
    checkTopic(itsTopic);
    const itsKey = keyBytes(told(key));
    const itsPartition = partition === undefined ? partitioner(itsTopic, itsKey) : told(partition);
    checkInteger('partition', itsPartition, { min: 0, max: 2_147_483_647 });
    const place = { topic: itsTopic, partition: itsPartition };
    const name = topicPartitionOf(place as KafkaRecord);
    const offset = next.get(name) ?? start;
    next.set(name, offset + 1);
    return {
      ...place,
      offset,
      timestamp: arrivedAt.getTime() + index,
      timestampType: 'CREATE_TIME',
      ...(itsKey && { key: itsKey.toString('base64') }),
      ...valueOf(payload),
      headers: headersFrom(told(headers)),
    };
  };
  return Array.from(payloads, recordOf);
}

function checkTopic(topic: unknown): void {
  if (typeof topic === 'string' && TOPIC.test(topic)) return;
  const expected = 'Expected topic to be 1 to 249 letters, digits, dots, underscores and hyphens';
  throw new (typeof topic === 'string' ? RangeError : TypeError)(`${expected}, received ${show(topic)}.`);
}

/** None in a tombstone. */
function valueOf(payload: unknown): { readonly value?: string } {
  if (payload === undefined || payload === null) return {};
  return { value: (bytesIn(payload) ?? Buffer.from(payloadText(payload))).toString('base64') };
}

function keyBytes(key: unknown): Buffer | undefined {
  return key === undefined || key === null ? undefined : textOrBytes('key', key);
}

function headersFrom(plain: PlainKafkaHeaders): KafkaRecord['headers'] {
  checkObject('headers', plain);
  return Object.entries(plain).flatMap(([name, values]) =>
    (Array.isArray(values) ? (values as readonly unknown[]) : [values]).map((value) => ({
      [name]: [...Int8Array.from(textOrBytes(`the header ${name}`, value))],
    })),
  );
}

function textOrBytes(name: string, value: unknown): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : bytesIn(value);
  if (bytes === undefined) throw new TypeError(`Expected ${name} to be a string or bytes, received ${show(value)}.`);
  return bytes;
}
