import { createHash } from 'node:crypto';

import { sourceOf } from '../sources';
import { checkInteger } from './check';
import { dynamodbEvent } from './dynamodb-event';
import { Ids } from './ids';
import { kinesisEvent } from './kinesis-event';
import { bytesOf } from './payload-limit';
import type { Tracked } from './simulation';
import { startTime } from './start-time';
import type { StreamEvent, StreamOptions, StreamRules } from './stream-options';

/** How old a record may be: a year, which is as long as a stream keeps it at the most. */
const OLDEST_MS = 31_536_000_000;

/** A record in a stream. */
export interface StreamRecord extends Tracked<unknown> {
  readonly record: StreamEvent['Records'][number];
  readonly bytes: number;
  /** When the simulation starts, in milliseconds. */
  readonly ageMs: number;
}

/** The records that are read in one order, one batch at a time: those of a shard, or of one of its parts. */
export interface Lane {
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
}

/** @throws TypeError, RangeError where a record, or its age, is not what it should be */
export function lanesOf(options: StreamOptions, rules: Required<StreamRules>): Lane[] {
  const { shards, parallelizationFactor } = rules;
  const source = sourceOf(options.source ?? 'KinesisDataStreams');
  const lanes = Array.from({ length: shards * parallelizationFactor }, (_, lane) => ({
    shardId: shardIdOf(options, Math.floor(lane / parallelizationFactor)),
    records: [] as StreamRecord[],
  }));
  for (const record of recordsOf(options)) {
    const { shardId, records } = lanes[laneOf(source.orderingKey(record.record)!, lanes.length)]!;
    const { eventID } = record.record;
    records.push({
      ...record,
      record: {
        ...record.record,
        eventID: eventID?.startsWith('shardId-') ? `${shardId}:${record.identifier}` : eventID,
      } as StreamRecord['record'],
    });
  }
  return lanes;
}

function recordsOf(options: StreamOptions): StreamRecord[] {
  const { records, eventSourceARN, seed, startTime: start = startTime } = options;
  const { Records } =
    options.source === 'DynamoDBStreams'
      ? dynamodbEvent(options.records, { eventSourceARN, seed, streamViewType: options.streamViewType })
      : kinesisEvent(options.records, { eventSourceARN, seed, partitionKey: options.partitionKey });
  const source = sourceOf(options.source ?? 'KinesisDataStreams');
  const ages = agesOf(options);
  return Records.map((made, index) => {
    const ageMs = ages[index]!;
    const record = arrivedAt(made, start.getTime() - records.length + index - ageMs);
    return {
      index,
      payload: records[index],
      identifier: source.itemIdentifier(record) as string,
      receiveCount: 0,
      record,
      bytes: bytesOf(record),
      ageMs,
    };
  });
}

function agesOf({ records, ageMs = 0 }: StreamOptions): number[] {
  let max = OLDEST_MS;
  return Array.from(records as readonly unknown[], (record, index) => {
    const age =
      typeof ageMs === 'function' ? (ageMs as (record: unknown, index: number) => number)(record, index) : ageMs;
    checkInteger(`ageMs of record ${index}, at most that of the record before,`, age, { min: 0, max });
    return (max = age);
  });
}

function arrivedAt(record: StreamRecord['record'], milliseconds: number): StreamRecord['record'] {
  if ('kinesis' in record) {
    return { ...record, kinesis: { ...record.kinesis, approximateArrivalTimestamp: milliseconds / 1000 } };
  }
  return { ...record, dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: Math.floor(milliseconds / 1000) } };
}

/** Of the shape that each of the services gives it. */
function shardIdOf({ source, startTime: start = startTime }: StreamOptions, shard: number): string {
  return source === 'DynamoDBStreams'
    ? `shardId-${String(start.getTime()).padStart(20, '0')}-${new Ids('shard', shard).hex(8)}`
    : `shardId-${String(shard).padStart(12, '0')}`;
}

/** As Kinesis does it: the MD5 of the key, as a number of 128 bits, falls into one of as many ranges. */
function laneOf(key: string, lanes: number): number {
  const hash = BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
  return Number((hash * BigInt(lanes)) >> 128n);
}
