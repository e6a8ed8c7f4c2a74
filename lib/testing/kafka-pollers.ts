import type { KafkaEvent, KafkaRecord } from '../kafka/event';
import { kafka } from '../kafka/kafka';
import { topicPartitionOf } from '../kafka/records';
import { checkInteger } from './check';
import { clusterOf, eventFrom } from './kafka-cluster';
import type { KafkaRules, KafkaSimulationOptions } from './kafka-options';
import { kafkaRecords, type Partitioner } from './kafka-records';
import type { Lane, LaneRecord } from './lane-mapping';
import { murmur2 } from './murmur2';
import { kafkaBatchInfo } from './on-failure';
import { bytesOf } from './payload-limit';
import { agesOf } from './record-ages';
import { startTime } from './start-time';

/** A record in a topic. */
interface TopicRecord extends LaneRecord {
  readonly record: KafkaRecord;
}

/**
 * The pollers, and what each reads: one record of each of its partitions in turn.
 *
 * @throws TypeError, RangeError where a record, or its age, is not what it should be
 */
export function pollersOf<P>(
  options: KafkaSimulationOptions<P>,
  rules: Required<KafkaRules>,
): Lane<KafkaEvent, TopicRecord>[] {
  const cluster = clusterOf(options);
  const partitions = new Map<string, TopicRecord[]>();
  for (const record of recordsOf(options, rules)) {
    const name = topicPartitionOf(record.record);
    partitions.set(name, partitions.get(name) ?? []);
    partitions.get(name)!.push(record);
  }
  const eventOf = (batch: readonly TopicRecord[]) =>
    eventFrom(
      cluster,
      batch.map(({ record }) => record),
    );
  return Array.from({ length: rules.pollers }, (_, poller) => ({
    records: inTurn([...partitions.values()].filter((__, index) => index % rules.pollers === poller)),
    doneAs: 'committed',
    eventOf,
    infoOf: (batch) => kafkaBatchInfo(eventOf(batch)),
  }));
}

function recordsOf<P>(options: KafkaSimulationOptions<P>, { partitions }: Required<KafkaRules>): TopicRecord[] {
  const { records, topic, partition, key, headers, offset, ageMs, startTime: start = startTime } = options;
  const arrivedAt = new Date(start.getTime() - records.length);
  const given = { topic, partition, key, headers, offset, arrivedAt };
  const ages = agesOf(records, ageMs);
  return kafkaRecords(records, given, partitionerOf(partitions)).map((made, index) => {
    checkInteger('partition', made.partition, { min: 0, max: partitions - 1 });
    const record = { ...made, timestamp: made.timestamp - ages[index]! };
    return {
      index,
      payload: records[index],
      identifier: kafka.textOf!(kafka.itemIdentifier(record)!),
      receiveCount: 0,
      record,
      bytes: bytesOf(record),
      ageMs: ages[index]!,
    };
  });
}

/** As Kafka's producers do it, but that they send a few records without a key to one partition before the next has its turn. */
function partitionerOf(partitions: number): Partitioner {
  const turns = new Map<string, number>();
  return (topic, key) => {
    if (key !== undefined) return (murmur2(key) & 0x7fffffff) % partitions;
    const turn = turns.get(topic) ?? 0;
    turns.set(topic, turn + 1);
    return turn % partitions;
  };
}

/** The first of each list, the second of each, and so on. */
function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list.slice(turn, turn + 1))).flat();
}
