import type { DynamoDBRecord, KinesisStreamRecord, SQSMessageAttributes, SQSRecord } from 'aws-lambda';

import { withoutPayload } from '../errors/without-payload';

export type AnyRecord = SQSRecord | KinesisStreamRecord | DynamoDBRecord;

interface Attribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** An entry of SendMessageBatch, but for its Id. */
export interface Entry {
  readonly MessageBody: string;
  readonly MessageAttributes: Readonly<Record<string, Attribute>>;
  readonly MessageSystemAttributes?: { readonly AWSTraceHeader: Attribute };
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** The most attributes of a message. */
const MOST_ATTRIBUTES = 10;

const LONGEST_MESSAGE = 1_000;

/** The message that a record becomes in a dead-letter queue. */
export function entryOf(record: AnyRecord, error: Error, fifo: boolean): Entry {
  const message = 'messageId' in record ? record : undefined;
  const body = message === undefined ? jsonOf(record) : message.body;
  const trace = message?.attributes.AWSTraceHeader;
  return {
    MessageBody: body,
    MessageAttributes: attributesOf(message?.messageAttributes ?? {}, aboutFailure(record, error)),
    ...(trace !== undefined && { MessageSystemAttributes: { AWSTraceHeader: textAttribute(trace) } }),
    ...(fifo && {
      MessageGroupId: allowed(groupOf(record)),
      // A sequence number alone is not: it says nothing of its stream.
      MessageDeduplicationId: message === undefined ? hash(body) : allowed(message.messageId),
    }),
  };
}

/** How much of the size of a batch an entry takes: bodies, and names, types and values of attributes. */
export function sizeOf({ MessageBody, MessageAttributes }: Entry): number {
  let size = Buffer.byteLength(MessageBody);
  for (const [name, { DataType, StringValue = '', BinaryValue }] of Object.entries(MessageAttributes)) {
    size += Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.byteLength ?? 0);
  }
  return size;
}

function aboutFailure(record: AnyRecord, error: Error): Record<string, string> {
  const { name, message } = withoutPayload(error);
  return {
    errorName: sendable(name),
    errorMessage: sendable(message),
    sourceArn: record.eventSourceARN ?? '',
  };
}

/** The attributes that the message had, and those about its failure as far as there is room; SQS takes no empty ones. */
function attributesOf(own: SQSMessageAttributes, about: Record<string, string>): Record<string, Attribute> {
  const attributes = new Map<string, Attribute>();
  for (const [name, { dataType, stringValue, binaryValue }] of Object.entries(own)) {
    if (Object.hasOwn(about, name)) continue; // of an earlier failure
    if (typeof binaryValue === 'string') {
      attributes.set(name, { DataType: dataType, BinaryValue: Buffer.from(binaryValue, 'base64') });
    } else if (stringValue !== undefined) attributes.set(name, { DataType: dataType, StringValue: stringValue });
  }
  for (const [name, value] of Object.entries(about)) {
    if (value !== '' && attributes.size < MOST_ATTRIBUTES) attributes.set(name, textAttribute(value));
  }
  return Object.fromEntries(attributes);
}

const textAttribute = (StringValue: string): Attribute => ({ DataType: 'String', StringValue });

/** JSON escapes the characters that SQS refuses, but for these two. */
function jsonOf(record: AnyRecord): string {
  return JSON.stringify(record).replace(/[\uFFFE\uFFFF]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`);
}

/** As SQS takes it, and of a length that leaves room for the body. A name can be anything: it is the user's. */
function sendable(text: unknown): string {
  return String(text)
    .slice(0, LONGEST_MESSAGE)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
}

/** What keeps its order in the queue that it came from keeps it in the dead-letter queue. */
function groupOf(record: AnyRecord): string {
  if ('messageId' in record) return record.attributes.MessageGroupId ?? record.messageId;
  if ('kinesis' in record) return record.kinesis.partitionKey;
  return JSON.stringify(record.dynamodb?.Keys ?? {});
}

/** As it is where SQS takes it for a group or deduplication id: up to 128 letters, digits and punctuation. */
function allowed(id: string): string {
  return /^[\x21-\x7e]{1,128}$/.test(id) ? id : hash(id);
}

function hash(text: string): string {
  // On use: only FIFO queues need it, and a cold start waits for every module.
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex');
}
