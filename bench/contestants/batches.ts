import type { KinesisStreamEvent, SQSEvent } from 'aws-lambda';
import type { KafkaEvent } from 'lambda-batch-handler/kafka';
import { kafkaEvent, kinesisEvent, sqsEvent } from 'lambda-batch-handler/testing';

import type { Batch } from '../question';
import { messageId, sequenceNumber } from './by-hand';
import { payloads } from './handlers';

/** One message of a hundred fails. */
export function standardBatch(count: number): Batch<SQSEvent> {
  const fails = (index: number) => index % 100 === 50;
  const event = sqsEvent(payloads(count, fails));
  return { event, failures: idsOf(event, fails) };
}

/** Messages of ten groups in turn; the one in the middle fails, and stops the batch. */
export function fifoBatch(count: number): Batch<SQSEvent> {
  const event = fifoEvent(count);
  return { event, failures: idsOf(event, (index) => index >= middleOf(count)) };
}

/** The same, where it stops its group. */
export function groupedBatch(count: number): Batch<SQSEvent> {
  const event = fifoEvent(count);
  const first = middleOf(count);
  return { event, failures: idsOf(event, (index) => index >= first && (index - first) % GROUPS === 0) };
}

/** Records of 500 keys in turn; one of a hundred fails, always the last one of its key, so that nothing is stopped. */
export function keyedBatch(count: number): Batch<KinesisStreamEvent> {
  const keys = 500;
  const fails = (index: number) => index >= count - keys && (count - 1 - index) % Math.ceil(keys / (count / 100)) === 0;
  const event = kinesisEvent(payloads(count, fails), { partitionKey: (_payload, index) => `key-${index % keys}` });
  return { event, failures: event.Records.filter((_record, index) => fails(index)).map(sequenceNumber) };
}

/** Records of ten partitions in turn; one of a hundred fails. */
export function kafkaBatch(count: number): Batch<KafkaEvent> {
  return partitionedBatch(count, (index) => index % 100 === 50);
}

/** The same, where those that fail are the last of their partitions, so that nothing is stopped. */
export function stoppingKafkaBatch(count: number): Batch<KafkaEvent> {
  return partitionedBatch(count, (index) => index >= count - PARTITIONS);
}

function partitionedBatch(count: number, fails: (index: number) => boolean): Batch<KafkaEvent> {
  const given = payloads(count, fails);
  const made = kafkaEvent(given, { partition: (_payload, index) => index % PARTITIONS });
  const event = JSON.parse(JSON.stringify(made)) as KafkaEvent; // as the runtime gives it: V8 keeps other objects otherwise
  const failures = given.flatMap((_, index) =>
    fails(index) ? [`orders-${index % PARTITIONS}@${Math.floor(index / PARTITIONS)}`] : [],
  );
  return { event, failures };
}

const PARTITIONS = 10;
const GROUPS = 10;

const middleOf = (count: number): number => Math.floor(count / 2);

const fifoEvent = (count: number): SQSEvent =>
  sqsEvent(
    payloads(count, (index) => index === middleOf(count)),
    { fifo: true, messageGroupId: (_body, index) => `group-${index % GROUPS}` },
  );

const idsOf = ({ Records }: SQSEvent, reported: (index: number) => boolean): string[] =>
  Records.filter((_record, index) => reported(index)).map(messageId);
