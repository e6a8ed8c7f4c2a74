import {
  DeleteMessageBatchCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSMessageAttribute, SQSRecord } from 'aws-lambda';

import type { Entry } from './functions';
import { invoke } from './invoke';
import type { Ledger } from './ledger';
import { isEmpty, type Queue } from './queue';

export interface QueueMapping {
  readonly sqs: SQSClient;
  readonly queue: Queue;
  readonly entry: Entry<SQSEvent>;
  readonly ledger: Ledger;
  /** How many batches may be at work at once. */
  readonly concurrency: number;
  /** Whether everything was sent: from then on an empty queue is the end. */
  readonly isFed: () => boolean;
  readonly signal: AbortSignal;
}

/**
 * The event source mapping of a queue, with ReportBatchItemFailures: receives batches, invokes the function, and deletes
 * what does not come back. All else is left to the visibility timeout and the redrive policy of the queue.
 */
export async function runQueueMapping(mapping: QueueMapping): Promise<void> {
  const poll = async (): Promise<void> => {
    while (!mapping.signal.aborted) {
      const isFed = mapping.isFed();
      const messages = await receive(mapping);
      if (messages.length > 0) await deliver(mapping, messages);
      else if (isFed && (await isEmpty(mapping.sqs, mapping.queue))) return;
    }
  };
  await Promise.all(Array.from({ length: mapping.concurrency }, poll));
}

/** Asks for all that is known of a message. `AttributeNames` is deprecated, and the one that local-aws-sqs goes by. */
const everything = {
  AttributeNames: ['All' as const],
  MessageSystemAttributeNames: ['All' as const],
  MessageAttributeNames: ['All'],
};

async function receive({ sqs, queue }: QueueMapping): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10, ...everything }),
  );
  return Messages;
}

async function deliver({ sqs, queue, entry, ledger }: QueueMapping, messages: readonly Message[]): Promise<void> {
  const event = { Records: messages.map((message) => recordOf(message, queue.arn)) };
  ledger.received(event.Records.map(({ messageId }) => messageId));
  const returned = new Set((await invoke(event, entry)).returned);
  const done = event.Records.filter(({ messageId }) => !returned.has(messageId));
  if (done.length === 0) return;
  const Entries = done.map(({ messageId, receiptHandle }) => ({ Id: messageId, ReceiptHandle: receiptHandle }));
  const { Successful = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }));
  ledger.finished(Successful.map(({ Id }) => Id!)); // what is not deleted, because it took too long, comes again
}

/** A received message as Lambda puts it into an event. */
function recordOf(message: Message, eventSourceARN: string): SQSRecord {
  const { MD5OfMessageAttributes: md5OfMessageAttributes, MessageAttributes = {} } = message;
  const attributes = Object.entries(MessageAttributes).map(([name, value]) => [name, attributeOf(value)] as const);
  return {
    messageId: message.MessageId!,
    receiptHandle: message.ReceiptHandle!,
    body: message.Body!,
    attributes: message.Attributes as unknown as SQSRecord['attributes'],
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message.MD5OfBody!,
    ...(md5OfMessageAttributes !== undefined && { md5OfMessageAttributes }),
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: eventSourceARN.split(':')[3]!,
  };
}

function attributeOf({ DataType, StringValue, BinaryValue }: MessageAttributeValue): SQSMessageAttribute {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType as SQSMessageAttribute['dataType'],
  };
}
