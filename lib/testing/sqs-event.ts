import { createHash } from 'node:crypto';

import type { SQSEvent, SQSMessageAttributes, SQSRecord } from 'aws-lambda';

import { show } from '../errors/show';
import {
  anyInteger,
  checkArray,
  checkDate,
  checkInteger,
  checkObject,
  checkOneOf,
  checkOptions,
  checkString,
} from './check';
import { Ids } from './ids';
import { payloadText } from './payload-text';
import { startTime } from './start-time';

/** Message attributes in plain values: a string is a String, a number a Number, bytes are a Binary. */
export type PlainMessageAttributes = Readonly<Record<string, string | number | Uint8Array>>;

/** Options of `sqsEvent`; `B` is what the bodies are made of. */
export interface SqsEventOptions<B = unknown> {
  /** Whether the queue is a FIFO queue. Default: whether `eventSourceARN` ends with `.fifo`. */
  readonly fifo?: boolean;
  /** The queue. Default: one named `orders`, or `orders.fifo`. */
  readonly eventSourceARN?: string;
  /** The message group, or how to tell it. Default: `'1'` in a FIFO queue, none in a standard one, where it is allowed. */
  readonly messageGroupId?: string | ((body: B, index: number) => string);
  /** Default: none. */
  readonly messageAttributes?: PlainMessageAttributes | ((body: B, index: number) => PlainMessageAttributes);
  /** How often each message has been received, this time included: an integer of at least 1. Default: 1. */
  readonly receiveCount?: number;
  /** When the first message was sent; each further one follows a millisecond later. Default: 2026-01-01. */
  readonly sentAt?: Date;
  /** The same seed makes the same identifiers. Default: 1. */
  readonly seed?: number;
}

/** The largest message that SQS takes. */
const MESSAGE_BYTES = 1_048_576;

const optionNames: readonly (keyof SqsEventOptions)[] = [
  'fifo',
  'eventSourceARN',
  'messageGroupId',
  'messageAttributes',
  'receiveCount',
  'sentAt',
  'seed',
];

/**
 * The event that Lambda makes of these messages of an SQS queue: a string is taken as the body, anything else becomes JSON.
 *
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 *
 * @throws TypeError, RangeError where an option is not what it should be, or a body cannot be serialised
 *
 * @example
 * ```ts
 * const event = sqsEvent([{ id: 'order-1' }, 'no JSON'], { receiveCount: 3 });
 * const answer = await handler(event, lambdaContext());
 * ```
 */
export function sqsEvent<B>(bodies: readonly B[], options: SqsEventOptions<B> = {}): SQSEvent {
  checkArray('bodies', bodies);
  checkOptions('sqsEvent', options, optionNames);
  const { fifo, eventSourceARN } = queueOf(options);
  const { receiveCount = 1, sentAt = startTime, seed = 1, messageGroupId, messageAttributes } = options;
  checkInteger('receiveCount', receiveCount, { min: 1, max: Number.MAX_SAFE_INTEGER });
  checkDate('sentAt', sentAt);
  checkInteger('seed', seed, anyInteger);
  const ids = new Ids('sqs', seed);
  const sequence = ids.sequenceStart(20, '188');

  const recordOf = (payload: B, index: number): SQSRecord => {
    const body = payloadText(payload);
    if (Buffer.byteLength(body) > MESSAGE_BYTES) {
      throw new RangeError(`Expected bodies of at most 1 MiB, received ${Buffer.byteLength(body)} bytes at ${index}.`);
    }
    const sent = sentAt.getTime() + index;
    const group = typeof messageGroupId === 'function' ? messageGroupId(payload, index) : messageGroupId;
    if (group !== undefined) checkString('messageGroupId', group);
    const attributes =
      typeof messageAttributes === 'function' ? messageAttributes(payload, index) : (messageAttributes ?? {});
    checkObject('messageAttributes', attributes);
    return {
      messageId: ids.uuid(),
      receiptHandle: ids.base64(120),
      body,
      attributes: {
        ApproximateReceiveCount: String(receiveCount),
        SentTimestamp: String(sent),
        SenderId: 'AIDAIENQZJOLO23YVJ4VO',
        ApproximateFirstReceiveTimestamp: String(sent + 1),
        ...(fifo && {
          SequenceNumber: String(sequence + BigInt(index) * 256n),
          MessageGroupId: group ?? '1',
          MessageDeduplicationId: createHash('sha256').update(`${index}/${body}`).digest('hex'),
        }),
        ...(!fifo && group !== undefined && { MessageGroupId: group }),
      },
      messageAttributes: attributesOf(attributes),
      md5OfBody: createHash('md5').update(body).digest('hex'),
      md5OfMessageAttributes: md5OfAttributes(attributes),
      eventSource: 'aws:sqs',
      eventSourceARN,
      awsRegion: eventSourceARN.split(':')[3] ?? '',
    };
  };
  return { Records: Array.from(bodies, recordOf) };
}

/**
 * The queue that options mean.
 *
 * @throws TypeError where its name and `fifo` contradict each other
 */
export function queueOf(options: Pick<SqsEventOptions, 'fifo' | 'eventSourceARN'>): {
  readonly fifo: boolean;
  readonly eventSourceARN: string;
} {
  if (options.eventSourceARN !== undefined) checkString('eventSourceARN', options.eventSourceARN);
  const { fifo = options.eventSourceARN?.endsWith('.fifo') ?? false } = options;
  checkOneOf('fifo', fifo, [true, false]);
  const { eventSourceARN = `arn:aws:sqs:eu-west-1:123456789012:orders${fifo ? '.fifo' : ''}` } = options;
  if (eventSourceARN.endsWith('.fifo') !== fifo) {
    throw new TypeError(
      `Expected the name of the queue to end with .fifo where, and only where, fifo is true; received fifo: ${fifo} and ${show(eventSourceARN)}.`,
    );
  }
  return { fifo, eventSourceARN };
}

function attributesOf(plain: PlainMessageAttributes): SQSMessageAttributes {
  for (const [name, value] of Object.entries(plain)) {
    if (['string', 'number'].includes(typeof value) || value instanceof Uint8Array) continue;
    throw new TypeError(`Expected messageAttributes.${name} to be text, a number or bytes, received ${show(value)}.`);
  }
  const entries = Object.entries(plain).map(([name, value]) => [
    name,
    {
      ...(typeof value === 'object'
        ? { binaryValue: Buffer.from(value).toString('base64') }
        : { stringValue: String(value) }),
      stringListValues: [],
      binaryListValues: [],
      dataType: dataTypeOf(value),
    },
  ]);
  return Object.fromEntries(entries) as SQSMessageAttributes;
}

const dataTypeOf = (value: string | number | Uint8Array): string =>
  typeof value === 'object' ? 'Binary' : typeof value === 'number' ? 'Number' : 'String';

/**
 * Name, type and value of each attribute, by name, each with its length before it; 1 marks text, and 2 bytes. Where there
 * are none it is null in most events that AWS has sent, and absent in the others; the type knows the latter only.
 */
function md5OfAttributes(plain: PlainMessageAttributes): string | undefined {
  if (Object.keys(plain).length === 0) return null as unknown as undefined;
  const md5 = createHash('md5');
  const add = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    md5.update(length).update(bytes);
  };
  for (const name of Object.keys(plain).sort()) {
    const value = plain[name]!;
    add(Buffer.from(name));
    add(Buffer.from(dataTypeOf(value)));
    md5.update(Buffer.of(typeof value === 'object' ? 2 : 1));
    add(typeof value === 'object' ? value : Buffer.from(String(value)));
  }
  return md5.digest('hex');
}
