import type { SQSRecord } from 'aws-lambda';
import sinon from 'sinon';

import type { SqsMessage } from '../../lib/sqs-consumer';
import { SimulatedSqs, sqsEvent, type SqsEventOptions } from '../../lib/testing';
import { type Message, Queue } from '../../lib/testing/queue';

/** The clock of a spec: promises go on by themselves. */
export const fakeClock = (): sinon.SinonFakeTimers =>
  sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout?: number;
}

/** A call as it arrived. */
interface Call {
  readonly operation: 'receive' | 'delete' | 'change';
  readonly entries: readonly Entry[];
  /** In milliseconds since the client was made. */
  readonly at: number;
}

interface QueueClientOptions extends Pick<SqsEventOptions<string>, 'messageGroupId' | 'messageAttributes' | 'fifo'> {
  readonly visibilityTimeout?: number;
  readonly maxReceiveCount?: number;
}

type Answer = { readonly Successful?: readonly object[]; readonly Failed?: readonly object[] } | undefined;

/**
 * An SQSClient with a queue of the test kit behind it, whose clock is that of the spec: what receives, deletes and changes of
 * visibility timeouts come to is the queue's and SimulatedSqs's business.
 */
export class QueueClient {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly calls: Call[] = [];
  /** Takes the place of the queue where it answers anything but undefined. */
  intercept: (operation: Call['operation'], entries: readonly Entry[]) => unknown = () => undefined;
  readonly #sqs = new SimulatedSqs();
  readonly #queue: Queue<string>;
  readonly #received = new Map<string, { readonly message: Message<string>; readonly count: number }>();
  readonly #begun = Date.now();

  constructor(bodies: readonly string[], options: QueueClientOptions = {}) {
    const { visibilityTimeout = 30, maxReceiveCount = Infinity, ...event } = options;
    const { fifo = false } = event;
    const name = fifo ? 'orders.fifo' : 'orders';
    this.queueUrl = `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`;
    this.queueArn = `arn:aws:sqs:eu-west-1:123456789012:${name}`;
    const { Records } = sqsEvent(bodies, event);
    const rules = { fifo, batchSize: 10, visibilityTimeoutMs: visibilityTimeout * 1000, maxReceiveCount };
    this.#queue = new Queue(bodies, Records, rules);
    this.#sqs.changeVisibility = (changes) =>
      changes.map((change) => {
        const changed = this.#queue.changeVisibility(change, Date.now());
        return typeof changed === 'string' ? changed : undefined;
      });
  }

  /** The bodies of what is in the queue, visible or not. */
  get left(): string[] {
    return this.#queue.messages.map(({ payload }) => payload);
  }

  /** The calls of one kind. */
  of(operation: Call['operation']): Call[] {
    return this.calls.filter((call) => call.operation === operation);
  }

  /** The bodies of the messages that entries are about. */
  bodies(entries: readonly Entry[]): string[] {
    return entries.map(({ ReceiptHandle }) => this.#received.get(ReceiptHandle)!.message.payload);
  }

  /** What a receive gives now, as the SDK gives it. */
  receive(): SqsMessage[] {
    return this.#queue
      .receive(Date.now(), () => undefined)
      .map((message) => {
        const count = message.receiveCount;
        this.#received.set(message.receiptHandle!, { message, count });
        return messageOf({ ...message.record, receiptHandle: message.receiptHandle! }, count);
      });
  }

  /** As that of the SDK, by what the input holds. */
  async send({ input }: { readonly input: object }): Promise<unknown> {
    const { Entries, WaitTimeSeconds } = input as { Entries?: readonly Entry[]; WaitTimeSeconds?: number };
    const operation = Entries === undefined ? 'receive' : 'VisibilityTimeout' in Entries[0]! ? 'change' : 'delete';
    const entries = Entries ?? [];
    this.calls.push({ operation, entries, at: Date.now() - this.#begun });
    const intercepted = this.intercept(operation, entries);
    if (intercepted !== undefined) return intercepted;
    if (operation === 'change') return this.#sqs.send({ input });
    if (operation === 'delete') return this.#delete(entries);
    const Messages = this.receive();
    if (Messages.length > 0) return { Messages };
    await new Promise((resolve) => setTimeout(resolve, WaitTimeSeconds! * 1000));
    return { Messages: this.receive() };
  }

  #delete(entries: readonly Entry[]): Answer {
    const ids = entries.map(({ Id }) => Id);
    if (new Set(ids).size < ids.length) {
      throw Object.assign(new Error('not distinct'), { name: 'BatchEntryIdsNotDistinct' });
    }
    const answer = { Successful: [] as object[], Failed: [] as object[] };
    for (const { Id, ReceiptHandle } of entries) {
      const { message, count } = this.#received.get(ReceiptHandle)!;
      const refused = this.#queue.delete(message, count, Date.now());
      if (refused === undefined) answer.Successful.push({ Id });
      else answer.Failed.push({ Id, Code: 'ReceiptHandleIsInvalid', SenderFault: true });
    }
    return answer;
  }
}

/** A message of the SDK out of what Lambda makes of it. */
export function messageOf(record: SQSRecord, receiveCount = 1): SqsMessage {
  const attributes = Object.entries(record.messageAttributes).map(([name, value]) => [
    name,
    {
      DataType: value.dataType,
      ...(value.stringValue !== undefined && { StringValue: value.stringValue }),
      ...(value.binaryValue !== undefined && { BinaryValue: new Uint8Array(Buffer.from(value.binaryValue, 'base64')) }),
    },
  ]);
  return {
    MessageId: record.messageId,
    ReceiptHandle: record.receiptHandle,
    Body: record.body,
    Attributes: { ...record.attributes, ApproximateReceiveCount: String(receiveCount) },
    MD5OfBody: record.md5OfBody,
    ...(attributes.length > 0 && {
      MessageAttributes: Object.fromEntries(attributes) as NonNullable<SqsMessage['MessageAttributes']>,
      MD5OfMessageAttributes: record.md5OfMessageAttributes,
    }),
  };
}
