import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  PutRecordsCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { KinesisStreamEvent } from 'aws-lambda';

import type { Emulators } from './emulators';
import type { Play } from './play';
import { drainQueue } from './queue';
import { type FailedBatch, readRecords, runStreamMapping, type Stream } from './stream-mapping';
import { inCalls } from './workload';

const SHARDS = 4;
/** Small, because Lambda gives up on a whole batch where one record of it always fails. */
const BATCH_SIZE = 10;

/** Plays messages on a stream, with a queue as the destination that is told of the batches that were given up on. */
export async function playStream(play: Play<KinesisStreamEvent>): Promise<void> {
  const { emulators, ledger } = play;
  const { sqs, kinesis } = emulators;
  const destination = await emulators.createQueue('failed-readings', {});
  const stream = await createStream(emulators, 'readings');
  let isFed = false;
  const feed = async (): Promise<void> => {
    await send(play, stream);
    isFed = true;
  };
  const mapping = {
    ...play,
    kinesis,
    stream,
    batchSize: BATCH_SIZE,
    maximumRetryAttempts: ledger.rules.attempts - 1,
    onFailure: async (failed: FailedBatch): Promise<void> => {
      await sqs.send(new SendMessageCommand({ QueueUrl: destination.url, MessageBody: JSON.stringify(failed) }));
    },
    isFed: () => isFed,
  };
  await Promise.all([feed(), runStreamMapping(mapping)]);
  for (const { Body } of await drainQueue(sqs, destination)) {
    const { KinesisBatchInfo: batch } = JSON.parse(Body!) as FailedBatch;
    // The destination is told where the records are, not what they are.
    const records = await readRecords(kinesis, stream, batch.shardId, batch.batchSize, {
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: batch.startSequenceNumber,
    });
    ledger.deadLettered(records.map((record) => record.kinesis.sequenceNumber));
  }
}

async function createStream({ kinesis }: Emulators, name: string): Promise<Stream> {
  await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: SHARDS }));
  await waitUntilStreamExists(
    { client: kinesis, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.1 },
    { StreamName: name },
  );
  const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name }));
  return { name, arn: StreamDescriptionSummary!.StreamARN! };
}

async function send({ emulators, messages, ledger, signal }: Play<KinesisStreamEvent>, stream: Stream): Promise<void> {
  for (const call of inCalls(messages, 500)) {
    if (signal.aborted) return;
    const { Records = [] } = await emulators.kinesis.send(
      new PutRecordsCommand({
        StreamName: stream.name,
        Records: call.map(({ group, payload }) => ({
          PartitionKey: group,
          Data: Buffer.from(JSON.stringify(payload)),
        })),
      }),
    );
    call.forEach((message, index) => {
      const identifier = Records[index]?.SequenceNumber;
      if (identifier === undefined) throw new Error(`The stream did not take ${message.id}.`);
      ledger.sent(message, identifier);
    });
  }
}
