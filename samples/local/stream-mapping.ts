import { setTimeout as pause } from 'node:timers/promises';

import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
  ListShardsCommand,
  type _Record as Record,
} from '@aws-sdk/client-kinesis';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

import type { Entry } from './functions';
import { invoke } from './invoke';
import type { Ledger } from './ledger';

/** A stream as the SDK knows it. */
export interface Stream {
  readonly name: string;
  readonly arn: string;
}

export interface StreamMapping {
  readonly kinesis: KinesisClient;
  readonly stream: Stream;
  readonly entry: Entry<KinesisStreamEvent>;
  readonly ledger: Ledger;
  readonly batchSize: number;
  readonly maximumRetryAttempts: number;
  /** Takes what the on-failure destination is told of a batch that is given up on. */
  readonly onFailure: (failed: FailedBatch) => Promise<void>;
  /** Whether everything was sent: from then on a shard without further records is at its end. */
  readonly isFed: () => boolean;
  readonly signal: AbortSignal;
}

/** What an on-failure destination is told, as far as it is needed to read the batch again. */
export interface FailedBatch {
  readonly requestContext: { readonly condition: 'RetryAttemptsExhausted'; readonly approximateInvokeCount: number };
  readonly KinesisBatchInfo: {
    readonly shardId: string;
    readonly startSequenceNumber: string;
    readonly endSequenceNumber: string;
    readonly batchSize: number;
    readonly streamArn: string;
  };
}

/** Where to read on in a shard. */
type Position = Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'StartingSequenceNumber'>;

/** How long to wait where a shard has nothing new; Lambda waits for a second. */
const POLL_MS = 20;

/**
 * The event source mapping of a stream, with ReportBatchItemFailures: reads the shards side by side, one batch at a time
 * each, and retries from the checkpoint that the answer sets. A batch that makes no progress in all its retries is given
 * up on as a whole, as Lambda does it, and the shard goes on.
 */
export async function runStreamMapping(mapping: StreamMapping): Promise<void> {
  const { kinesis, stream } = mapping;
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: stream.name }));
  await Promise.all(Shards.map(({ ShardId }) => readShard(mapping, ShardId!)));
}

async function readShard(mapping: StreamMapping, shardId: string): Promise<void> {
  const { kinesis, stream, batchSize, signal } = mapping;
  let position: Position = { ShardIteratorType: 'TRIM_HORIZON' };
  while (!signal.aborted) {
    const isFed = mapping.isFed();
    const records = await readRecords(kinesis, stream, shardId, batchSize, position);
    if (records.length > 0) {
      await drain(mapping, shardId, records);
      position = {
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        StartingSequenceNumber: sequenceNumberOf(records.at(-1)!),
      };
    } else if (isFed) return;
    else await pause(POLL_MS);
  }
}

/** Goes on with a batch until all of it is done or given up on. */
async function drain(mapping: StreamMapping, shardId: string, records: KinesisStreamRecord[]): Promise<void> {
  const { entry, ledger, maximumRetryAttempts, signal } = mapping;
  let batch = records;
  let retries = 0;
  while (batch.length > 0 && !signal.aborted) {
    ledger.received(batch.map(sequenceNumberOf));
    const { outcome, checkpoint } = await invoke({ Records: batch }, entry);
    const next = outcome === 'success' ? batch.length : batch.findIndex((it) => sequenceNumberOf(it) === checkpoint);
    ledger.finished(batch.slice(0, Math.max(next, 0)).map(sequenceNumberOf));
    if (next > 0) {
      batch = batch.slice(next);
      retries = 0; // what is left is a new batch
    } else if (retries === maximumRetryAttempts) {
      await mapping.onFailure(failedBatchOf(mapping.stream, shardId, batch, retries + 1));
      return;
    } else {
      retries++;
    }
  }
}

/** Reads a shard from a position on, and hands out the records as Lambda does. */
export async function readRecords(
  kinesis: KinesisClient,
  { name, arn }: Stream,
  shardId: string,
  limit: number,
  position: Position,
): Promise<KinesisStreamRecord[]> {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ StreamName: name, ShardId: shardId, ...position }),
  );
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: limit }));
  return Records.map((record) => recordOf(record, shardId, arn));
}

function recordOf(record: Record, shardId: string, eventSourceARN: string): KinesisStreamRecord {
  const sequenceNumber = record.SequenceNumber!;
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: record.PartitionKey!,
      sequenceNumber,
      data: Buffer.from(record.Data!).toString('base64'),
      approximateArrivalTimestamp: record.ApproximateArrivalTimestamp!.getTime() / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/orders',
    awsRegion: eventSourceARN.split(':')[3]!,
    eventSourceARN,
  };
}

const sequenceNumberOf = ({ kinesis }: KinesisStreamRecord): string => kinesis.sequenceNumber;

function failedBatchOf(
  { arn }: Stream,
  shardId: string,
  batch: readonly KinesisStreamRecord[],
  approximateInvokeCount: number,
): FailedBatch {
  return {
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount },
    KinesisBatchInfo: {
      shardId,
      startSequenceNumber: sequenceNumberOf(batch[0]!),
      endSequenceNumber: sequenceNumberOf(batch.at(-1)!),
      batchSize: batch.length,
      streamArn: arn,
    },
  };
}
