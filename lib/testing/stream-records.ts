import { createHash } from 'node:crypto';

import { sourceOf } from '../sources';
import { dynamodbEvent } from './dynamodb-event';
import { Ids } from './ids';
import { kinesisEvent } from './kinesis-event';
import type { Lane, LaneRecord } from './lane-mapping';
import { streamBatchInfo } from './on-failure';
import { bytesOf } from './payload-limit';
import { type AgeOf, agesOf } from './record-ages';
import { startTime } from './start-time';
import type { StreamEvent, StreamOptions, StreamRules } from './stream-options';

/** A record in a stream. */
export interface StreamRecord extends LaneRecord {
  readonly record: StreamEvent['Records'][number];
}

/**
 * The lanes of a stream: its shards, or their parts.
 *
 * @throws TypeError, RangeError where a record, or its age, is not what it should be
 */
export function lanesOf(options: StreamOptions, rules: Required<StreamRules>): Lane<StreamEvent, StreamRecord>[] {
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
  return lanes.map(({ shardId, records }) => ({
    records,
    doneAs: 'checkpointed',
    eventOf: (batch) => ({ Records: sentOf(batch) }) as StreamEvent,
    infoOf: (batch) => streamBatchInfo(sentOf(batch), shardId),
  }));
}

const sentOf = (batch: readonly StreamRecord[]) => batch.map(({ record }) => record) as StreamEvent['Records'];

function recordsOf(options: StreamOptions): StreamRecord[] {
  const { records, eventSourceARN, seed, startTime: start = startTime } = options;
  const { Records } =
    options.source === 'DynamoDBStreams'
      ? dynamodbEvent(options.records, { eventSourceARN, seed, streamViewType: options.streamViewType })
      : kinesisEvent(options.records, { eventSourceARN, seed, partitionKey: options.partitionKey });
  const source = sourceOf(options.source ?? 'KinesisDataStreams');
  const ages = agesOf<unknown>(records, options.ageMs as AgeOf<unknown>);
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
