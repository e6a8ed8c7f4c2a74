import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';

import type { Play } from './play';
import { drainQueue, type Queue } from './queue';
import { runQueueMapping } from './queue-mapping';
import { inCalls } from './workload';

/** The shortest that there is, in seconds. */
const VISIBILITY_TIMEOUT = 1;
/** How many batches run at once. */
const CONCURRENCY = 4;

interface QueuePlay extends Play<SQSEvent> {
  readonly fifo: boolean;
}

/** Plays messages on a queue whose redrive policy moves to a dead-letter queue what is received too often. */
export async function playQueue(play: QueuePlay): Promise<void> {
  const { emulators, ledger, fifo } = play;
  const name = (queue: string): string => (fifo ? `${queue}.fifo` : queue);
  const type = fifo ? { FifoQueue: 'true' } : {};
  const deadLetterQueue = await emulators.createQueue(name('failed-orders'), type);
  const redrivePolicy = { deadLetterTargetArn: deadLetterQueue.arn, maxReceiveCount: ledger.rules.attempts };
  const queue = await emulators.createQueue(name('orders'), {
    ...type,
    VisibilityTimeout: String(VISIBILITY_TIMEOUT),
    RedrivePolicy: JSON.stringify(redrivePolicy),
  });
  let isFed = false;
  const feed = async (): Promise<void> => {
    await send(play, queue);
    isFed = true;
  };
  const mapping = { ...play, sqs: emulators.sqs, queue, concurrency: CONCURRENCY, isFed: () => isFed };
  await Promise.all([feed(), runQueueMapping(mapping)]);
  for (const letter of await drainQueue(emulators.sqs, deadLetterQueue)) ledger.deadLettered([letter.MessageId!]);
}

async function send({ emulators, messages, ledger, signal, fifo }: QueuePlay, queue: Queue): Promise<void> {
  for (const call of inCalls(messages, 10)) {
    if (signal.aborted) return;
    const Entries = call.map(({ id, group, payload }) => ({
      Id: id,
      MessageBody: JSON.stringify(payload),
      MessageAttributes: { contentType: { DataType: 'String', StringValue: 'application/json' } },
      ...(fifo && { MessageGroupId: group, MessageDeduplicationId: id }),
    }));
    const { Successful = [] } = await emulators.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    const identifiers = new Map(Successful.map(({ Id, MessageId }) => [Id, MessageId]));
    for (const message of call) {
      const identifier = identifiers.get(message.id);
      if (identifier === undefined) throw new Error(`The queue did not take ${message.id}.`);
      ledger.sent(message, identifier);
    }
  }
}
