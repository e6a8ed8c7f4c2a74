import { setTimeout as pause } from 'node:timers/promises';

import type { Consumer, EachBatchPayload, IHeaders, Kafka, KafkaMessage } from 'kafkajs';

import {
  kafka as source,
  type KafkaEvent,
  type KafkaItemIdentifier,
  type KafkaRecord,
  topicPartitionOf,
} from '../../lib/kafka';
import { interpretResponse } from '../../lib/testing';
import type { Entry } from './functions';
import { invokeAs } from './invoke';
import type { Ledger } from './ledger';

export interface KafkaMapping {
  readonly kafka: Kafka;
  readonly bootstrapServers: string;
  readonly topic: string;
  /** Where each partition that has records ends: behind its last one. */
  readonly ends: ReadonlyMap<number, number>;
  readonly entry: Entry<KafkaEvent>;
  readonly ledger: Ledger;
  /** How many records of a partition an event has at the most. */
  readonly batchSize: number;
  readonly maximumRetryAttempts: number;
  /** Takes what the on-failure destination is told of records that are given up on. */
  readonly onFailure: (failed: FailedRecords) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * What an on-failure destination is told, as far as it is needed to find the records again.
 *
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
export interface FailedRecords {
  readonly requestContext: { readonly condition: 'RetryAttemptsExhausted'; readonly approximateInvokeCount: number };
  readonly KafkaBatchInfo: {
    readonly batchSize: number;
    readonly bootstrapServers: string;
    readonly recordsInfo: Readonly<
      Record<string, { readonly firstRecordOffset: string; readonly lastRecordOffset: string }>
    >;
  };
}

/** How long an event waits for batches of further partitions; in Lambda half a second by default. */
const WINDOW_MS = 5;
/** How long the broker may wait for new records. */
const POLL_MS = 20;

/** Has the function handle records of a partition, and gives the texts of what comes back. */
type Deliver = (records: readonly KafkaRecord[]) => Promise<ReadonlySet<string>>;

/** A record as one text, such as `orders-0@11`. */
export const textOf = (identifier: KafkaItemIdentifier): string => source.textOf!(identifier);

/**
 * The event source mapping of a topic, with ReportBatchItemFailures: an event has a batch of several partitions, each of
 * which resumes at its lowest failed offset, and commits what is before it. What makes no progress in all its retries is
 * given up on with the rest of its batch, and its partition goes on.
 */
export async function runKafkaMapping(mapping: KafkaMapping): Promise<void> {
  const { kafka, topic, ends } = mapping;
  if (ends.size === 0) return;
  const consumer = kafka.consumer({ groupId: `${topic}-function`, maxWaitTimeInMs: POLL_MS, retry: noRestart });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consume(mapping, consumer);
  } finally {
    await consumer.disconnect();
  }
}

const noRestart = { retries: 2, restartOnFailure: () => Promise.resolve(false) };

/** Consumes until all partitions are at their ends, or the run is interrupted: not before it has joined its group. */
function consume(mapping: KafkaMapping, consumer: Consumer): Promise<void> {
  const { ends, signal } = mapping;
  const deliver = inWindows(mapping);
  const open = new Set(ends.keys());
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
      try {
        await readBatch(mapping, consumer, deliver, payload);
      } catch (error) {
        reject(error); // kafkajs would try it again
        return;
      }
      const { batch } = payload;
      if (Number(batch.lastOffset()) + 1 === ends.get(batch.partition)) open.delete(batch.partition);
      if (open.size === 0) resolve();
    };
    consumer.on(consumer.events.CRASH, ({ payload: { error } }) => reject(error));
    const joined = consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: ends.size,
      eachBatch,
    });
    joined.catch(reject);
    signal.addEventListener('abort', () => resolve(joined), { once: true });
  });
}

/** Goes through what was fetched of a partition, in batches for the function. */
async function readBatch(
  mapping: KafkaMapping,
  consumer: Consumer,
  deliver: Deliver,
  { batch: { topic, partition, messages }, resolveOffset, heartbeat }: EachBatchPayload,
): Promise<void> {
  for (let start = 0; start < messages.length && !mapping.signal.aborted; start += mapping.batchSize) {
    const records = messages
      .slice(start, start + mapping.batchSize)
      .map((message) => recordOf(message, topic, partition));
    const commit = async (next: number): Promise<void> => {
      await consumer.commitOffsets([{ topic, partition, offset: String(next) }]);
      resolveOffset(String(next - 1));
    };
    await drain(mapping, records, { deliver, commit, heartbeat });
  }
}

interface Steps {
  readonly deliver: Deliver;
  /** Commits the offset to go on at. */
  readonly commit: (next: number) => Promise<void>;
  readonly heartbeat: () => Promise<void>;
}

/** Goes on with a batch of a partition until all of it is done or given up on. */
async function drain(mapping: KafkaMapping, records: KafkaRecord[], steps: Steps): Promise<void> {
  const { ledger, maximumRetryAttempts, signal } = mapping;
  let batch = records;
  let retries = 0;
  while (batch.length > 0 && !signal.aborted) {
    const returned = await steps.deliver(batch);
    await steps.heartbeat();
    const failed = batch.findIndex((record) => returned.has(identifierOf(record)));
    const done = failed === -1 ? batch : batch.slice(0, failed);
    if (done.length > 0) {
      await steps.commit(done.at(-1)!.offset + 1);
      ledger.finished(done.map(identifierOf));
      batch = batch.slice(done.length);
      retries = 0; // what is left is a new batch
    } else if (retries === maximumRetryAttempts) {
      await mapping.onFailure(failedRecordsOf(mapping, batch, retries + 1));
      await steps.commit(batch.at(-1)!.offset + 1);
      return;
    } else {
      retries++;
    }
  }
}

/** Each partition resumes at its lowest failed offset: of what AWS leaves open, that which may deliver a success again. */
const resumes = (event: KafkaEvent, answer: unknown) => interpretResponse(event, answer, { undocumented: 'resume' });

/** Makes events of the batches that the partitions have within a short time. */
function inWindows({ bootstrapServers, entry, ledger }: KafkaMapping): Deliver {
  let batches: (readonly KafkaRecord[])[] = [];
  let window: Promise<ReadonlySet<string>> | undefined;
  const invokeWithAll = async (): Promise<ReadonlySet<string>> => {
    await pause(WINDOW_MS);
    const gathered = batches;
    batches = [];
    window = undefined;
    ledger.received(...gathered.map((batch) => batch.map(identifierOf)));
    const records = Object.fromEntries(gathered.map((batch) => [topicPartitionOf(batch[0]!), [...batch]]));
    const event: KafkaEvent = { eventSource: 'SelfManagedKafka', bootstrapServers, records };
    return new Set((await invokeAs(event, entry, resumes)).returned);
  };
  return (batch) => {
    batches.push(batch);
    return (window ??= invokeWithAll());
  };
}

/** A message as Lambda puts it into an event. */
function recordOf(message: KafkaMessage, topic: string, partition: number): KafkaRecord {
  const { key, value, timestamp, offset, headers = {} } = message;
  return {
    topic,
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    timestampType: 'CREATE_TIME',
    ...(key !== null && { key: key.toString('base64') }),
    ...(value !== null && { value: value.toString('base64') }),
    headers: headersOf(headers),
  };
}

/** One object a header, with bytes as Java has them: from -128 to 127. */
function headersOf(headers: IHeaders): KafkaRecord['headers'] {
  return Object.entries(headers).flatMap(([name, values]) =>
    [values ?? []].flat().map((value) => ({ [name]: [...Int8Array.from(Buffer.from(value))] })),
  );
}

const identifierOf = (record: KafkaRecord): string =>
  textOf({ partition: topicPartitionOf(record), offset: record.offset });

function failedRecordsOf(
  { bootstrapServers }: KafkaMapping,
  batch: readonly KafkaRecord[],
  approximateInvokeCount: number,
): FailedRecords {
  const recordsInfo = {
    [topicPartitionOf(batch[0]!)]: {
      firstRecordOffset: String(batch[0]!.offset),
      lastRecordOffset: String(batch.at(-1)!.offset),
    },
  };
  return {
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount },
    KafkaBatchInfo: { batchSize: batch.length, bootstrapServers, recordsInfo },
  };
}
