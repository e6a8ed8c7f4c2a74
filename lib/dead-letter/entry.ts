import type { DynamoDBRecord, KinesisStreamRecord, SQSMessageAttributes, SQSRecord } from 'aws-lambda';

import { BatchProcessingError } from '../errors';
import { withoutPayload } from '../errors/without-payload';
import { bytesOf } from '../sources/base64';

/** What is read of a record of Kafka, and by what it is known. */
interface KafkaRecord {
  /** The topic that it was read from. */
  readonly topic: string;
  /** The partition of the topic. */
  readonly partition: number | string;
  /** Its position in the partition. */
  readonly offset: number;
  /** In base64. */
  readonly key?: string | null;
  /** The cluster: records of a pipe alone have it, since in an event source mapping the event says it. */
  readonly eventSourceArn?: string;
}

export type AnyRecord = SQSRecord | KinesisStreamRecord | DynamoDBRecord | KafkaRecord;

interface Attribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

type Attributes = Readonly<Record<string, Attribute>>;

/** An entry of SendMessageBatch, but for its Id. */
export interface Entry {
  readonly MessageBody: string;
  readonly MessageAttributes: Attributes;
  readonly MessageSystemAttributes?: { readonly AWSTraceHeader: Attribute };
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** The most that a message, and a batch of messages, can hold: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MOST_BYTES = 1_048_576;

/** The most attributes of a message. */
const MOST_ATTRIBUTES = 10;

const LONGEST_MESSAGE = 1_000;

/**
 * The message that a record becomes in a dead-letter queue. What is added to a message of SQS always leaves room for what
 * it had.
 *
 * @throws BatchProcessingError where a message has no body
 */
export function entryOf(record: AnyRecord, error: Error, fifo: boolean): Entry {
  const message = messageOf(record);
  const body = message === undefined ? jsonOf(record) : bodyOf(message);
  const own = attributesOf(message?.messageAttributes ?? {});
  const trace = message?.attributes?.AWSTraceHeader;
  return {
    MessageBody: body,
    MessageAttributes: {
      ...own,
      ...fitting(aboutFailure(record, error), { MessageBody: body, MessageAttributes: own }),
    },
    ...(trace !== undefined && { MessageSystemAttributes: { AWSTraceHeader: textAttribute(trace) } }),
    ...(fifo && {
      MessageGroupId: allowed(groupOf(record, message)),
      // A sequence number alone is not: it says nothing of its stream.
      MessageDeduplicationId: message?.messageId === undefined ? hash(body) : allowed(message.messageId),
    }),
  };
}

/** A message, also as tests write it: with what matters to them alone. */
type Message = Partial<SQSRecord>;

function messageOf(record: AnyRecord): Message | undefined {
  return 'messageId' in record || 'body' in record ? (record as Message) : undefined;
}

/**
 * How much of the size of a batch an entry takes: bodies, and names, types and values of attributes. System attributes do not
 * count: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function sizeOf({ MessageBody, MessageAttributes }: Entry): number {
  let size = Buffer.byteLength(MessageBody);
  for (const [name, { DataType, StringValue = '', BinaryValue }] of Object.entries(MessageAttributes)) {
    size += Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.byteLength ?? 0);
  }
  return size;
}

const ABOUT_FAILURE = ['errorName', 'errorMessage', 'sourceArn'] as const;

type AboutFailure = Partial<Record<(typeof ABOUT_FAILURE)[number], string>>;

function aboutFailure(record: AnyRecord, error: Error): AboutFailure {
  const { name, message } = withoutPayload(error);
  const { eventSourceARN, eventSourceArn } = record as Partial<SQSRecord & KafkaRecord>;
  return {
    errorName: sendable(name),
    errorMessage: sendable(message),
    sourceArn: eventSourceARN ?? eventSourceArn ?? '',
  };
}

/** The attributes that the message had; SQS takes no empty ones. */
function attributesOf(own: SQSMessageAttributes): Attributes {
  const attributes = new Map<string, Attribute>();
  for (const [name, { dataType: DataType, stringValue, binaryValue }] of Object.entries(own)) {
    if ((ABOUT_FAILURE as readonly string[]).includes(name)) continue; // of an earlier failure
    const BinaryValue = bytesOf(binaryValue);
    if (BinaryValue !== undefined) attributes.set(name, { DataType, BinaryValue });
    else if (typeof stringValue === 'string') attributes.set(name, { DataType, StringValue: stringValue });
  }
  return Object.fromEntries(attributes);
}

/** The attributes about a failure as far as an entry has room for them, in number and in bytes: its message gives way first. */
function fitting(about: AboutFailure, entry: Entry): Attributes {
  const most = Math.max(0, MOST_ATTRIBUTES - Object.keys(entry.MessageAttributes).length);
  const { errorMessage, ...others } = Object.fromEntries(
    Object.entries(about)
      .filter(([, value]) => value !== '')
      .slice(0, most),
  ) as AboutFailure;
  const attributes: Record<string, Attribute> = {};
  let room = MOST_BYTES - sizeOf(entry);
  for (const [name, value] of Object.entries({ ...others, ...(errorMessage !== undefined && { errorMessage }) })) {
    const left = room - (name + TEXT).length;
    const text = name === 'errorMessage' ? cut(value, left) : value;
    const bytes = Buffer.byteLength(text);
    if (bytes === 0 || bytes > left) break;
    attributes[name] = textAttribute(text);
    room = left - bytes;
  }
  return attributes;
}

/** As many whole characters as these bytes of UTF-8 can hold. */
function cut(text: string, bytes: number): string {
  if (bytes >= Buffer.byteLength(text)) return text;
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(Math.max(0, bytes))).read);
}

const TEXT = 'String';

const textAttribute = (StringValue: string): Attribute => ({ DataType: TEXT, StringValue });

/** The body as it was received; where somebody has parsed it since, as JSON again. */
function bodyOf({ body }: { readonly body?: unknown }): string {
  if (typeof body === 'string') return body;
  if (body === undefined) throw new BatchProcessingError('The record has no body that could be delivered.');
  return jsonOf(body);
}

/** JSON escapes the characters that SQS refuses, but for these two. Bytes are in base64, as in an event. */
function jsonOf(value: unknown): string {
  const json = JSON.stringify(value, function (this: Record<string, unknown>, name, each: unknown) {
    return ArrayBuffer.isView(this[name]) ? bytesOf(this[name])?.toString('base64') : each;
  });
  return json.replace(/[\uFFFE\uFFFF]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`);
}

/** As SQS takes it, and of a length that leaves room for the body. A name can be anything: it is the user's. */
function sendable(text: unknown): string {
  return String(text)
    .slice(0, LONGEST_MESSAGE)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
}

/** What keeps its order in the queue that it came from keeps it in the dead-letter queue. */
function groupOf(record: AnyRecord, message: Message | undefined): string {
  if (message !== undefined) return message.attributes?.MessageGroupId ?? message.messageId ?? '';
  if ('kinesis' in record) return record.kinesis.partitionKey;
  if ('topic' in record) return `${record.topic}-${record.partition}/${record.key ?? ''}`;
  return JSON.stringify((record as DynamoDBRecord).dynamodb?.Keys ?? {});
}

/** As it is where SQS takes it for a group or deduplication id: up to 128 letters, digits and punctuation. */
function allowed(id: string): string {
  return /^[\x21-\x7e]{1,128}$/.test(id) ? id : hash(id);
}

function hash(text: string): string {
  // On use: only FIFO queues need it, and a cold start waits for every module.
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex');
}
