import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

import { show } from '../errors/show';
import { bytesIn } from './bytes';
import { anyInteger, checkArray, checkDate, checkInteger, checkOptions, checkString } from './check';
import { Ids } from './ids';
import { payloadText } from './payload-text';
import { startTime } from './start-time';

/** Options of `kinesisEvent`; `P` is what the payloads are made of. */
export interface KinesisEventOptions<P = unknown> {
  /** The stream. Default: one named `orders`. */
  readonly eventSourceARN?: string;
  /** The shard. Default: the first one, `shardId-000000000000`. */
  readonly shardId?: string;
  /** The partition key, or how to tell it. Default: `'1'`. */
  readonly partitionKey?: string | ((payload: P, index: number) => string);
  /** When the first record arrived; each further one follows a millisecond later. Default: 2026-01-01. */
  readonly arrivedAt?: Date;
  /** The same seed makes the same sequence numbers. Default: 1. */
  readonly seed?: number;
}

const optionNames: readonly (keyof KinesisEventOptions)[] = [
  'eventSourceARN',
  'shardId',
  'partitionKey',
  'arrivedAt',
  'seed',
];

/**
 * The event that Lambda makes of these records of a Kinesis shard: strings and bytes are taken as they are, anything else
 * becomes JSON. Sequence numbers have 56 digits, and ascend.
 *
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 *
 * @throws TypeError where an option is not what it should be, or a payload cannot be serialised
 *
 * @example
 * ```ts
 * const event = kinesisEvent([{ id: 'order-1' }], { partitionKey: ({ id }) => id });
 * ```
 */
export function kinesisEvent<P>(payloads: readonly P[], options: KinesisEventOptions<P> = {}): KinesisStreamEvent {
  checkArray('payloads', payloads);
  checkOptions('kinesisEvent', options, optionNames);
  const { eventSourceARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders' } = options;
  const { shardId = 'shardId-000000000000', partitionKey = '1', arrivedAt = startTime, seed = 1 } = options;
  checkString('eventSourceARN', eventSourceARN);
  checkString('shardId', shardId);
  checkDate('arrivedAt', arrivedAt);
  checkInteger('seed', seed, anyInteger);
  const sequence = new Ids('kinesis', shardId, seed).sequenceStart(56, '496');

  const recordOf = (payload: P, index: number): KinesisStreamRecord => {
    const key: unknown = typeof partitionKey === 'function' ? partitionKey(payload, index) : partitionKey;
    checkString('partitionKey', key);
    if ((key as string).length < 1 || (key as string).length > 256) {
      throw new TypeError(`Expected partitionKey to be of 1 to 256 characters, received ${show(key)}.`);
    }
    const sequenceNumber = String(sequence + BigInt(index));
    return {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: key as string,
        sequenceNumber,
        data: (bytesIn(payload) ?? Buffer.from(payloadText(payload))).toString('base64'),
        approximateArrivalTimestamp: (arrivedAt.getTime() + index) / 1000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shardId}:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: 'arn:aws:iam::123456789012:role/orders',
      awsRegion: eventSourceARN.split(':')[3] ?? '',
      eventSourceARN,
    };
  };
  return { Records: Array.from(payloads, recordOf) };
}
