import type { SQSRecord } from 'aws-lambda';

import { bytesOf, fitting } from './payload-limit';
import type { VisibilityChange, VisibilityRefusal } from './simulated-sqs';
import type { Tracked } from './simulation';

/** A message in a queue. */
export interface Message<B> extends Tracked<B> {
  readonly record: SQSRecord;
  readonly bytes: number;
  /** When it can be received, in virtual milliseconds. */
  visibleAt: number;
  firstReceivedAt: number | undefined;
  receivedAt: number | undefined;
  /** That of the latest receive; those before are out of date. */
  receiptHandle: string | undefined;
}

/** How long a message can be invisible after it was received. */
const LONGEST_SECONDS = 43_200;

export interface QueueRules {
  readonly fifo: boolean;
  readonly batchSize: number;
  readonly visibilityTimeoutMs: number;
  readonly maxReceiveCount: number;
}

/** An SQS queue with its redrive policy. */
export class Queue<B> {
  readonly #rules: QueueRules;
  /** Messages that are received in order by group: all of a FIFO group, or each one of a standard queue by itself. */
  readonly #groups = new Map<unknown, Set<Message<B>>>();
  readonly #byReceiptHandle = new Map<string, Message<B>>();

  constructor(messages: readonly B[], records: readonly SQSRecord[], rules: QueueRules) {
    this.#rules = rules;
    records.forEach((record, index) => {
      const group = rules.fifo ? record.attributes.MessageGroupId : index;
      const message: Message<B> = {
        index,
        payload: messages[index]!,
        identifier: record.messageId,
        receiveCount: 0,
        record,
        bytes: bytesOf(record),
        visibleAt: 0,
        firstReceivedAt: undefined,
        receivedAt: undefined,
        receiptHandle: undefined,
      };
      this.#groups.set(group, (this.#groups.get(group) ?? new Set()).add(message));
    });
  }

  /** What is still in the queue, visible or not. */
  get messages(): Message<B>[] {
    return [...this.#groups.values()].flatMap((group) => [...group]).sort((one, other) => one.index - other.index);
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  /**
   * Receives a batch, which is invisible from then on, and hands to `redrive` what has been received too often before.
   *
   * FIFO: as many as possible of one group before those of the next, and of each, in order, those before its first
   * invisible message.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html,
   * and three tests of LocalStack's that AWS passed in November 2025.
   */
  receive(now: number, redrive: (message: Message<B>) => void): Message<B>[] {
    const batch = fitting(this.#receivable(now, redrive), this.#rules.batchSize);
    for (const message of batch) {
      message.receiveCount++;
      message.visibleAt = now + this.#rules.visibilityTimeoutMs;
      message.firstReceivedAt ??= now;
      message.receivedAt = now;
      this.#renewReceiptHandle(message);
      if (!this.#rules.fifo) this.#moveToEnd(message.index);
    }
    return batch;
  }

  /**
   * Deletes a message as of a receive, or gives why SQS does not: it has been received again since, or, in a FIFO queue
   * only (as AWS did in November 2025), its visibility timeout is over.
   */
  delete(message: Message<B>, receiveCount: number, now: number): string | undefined {
    if (message.receiveCount !== receiveCount) return 'the receipt handle is out of date';
    if (this.#rules.fifo && message.visibleAt <= now) {
      return 'InvalidParameterValue: the visibility timeout was over, and a FIFO queue deletes nothing then';
    }
    this.#remove(message);
    return undefined;
  }

  /**
   * Has a message become visible so many seconds from now. Gives the message, or why SQS refuses it. A standard queue
   * takes it also when the visibility timeout is over, as AWS did in November 2025.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
   */
  changeVisibility(
    { ReceiptHandle, VisibilityTimeout }: VisibilityChange,
    now: number,
  ): Message<B> | VisibilityRefusal {
    const message = this.#byReceiptHandle.get(ReceiptHandle);
    if (message === undefined) return 'ReceiptHandleIsInvalid';
    if (this.#rules.fifo && message.visibleAt <= now) return 'MessageNotInflight';
    const total = (now - message.receivedAt!) / 1000 + VisibilityTimeout;
    if (!Number.isInteger(VisibilityTimeout) || VisibilityTimeout < 0 || total > LONGEST_SECONDS) {
      return 'InvalidParameterValue';
    }
    message.visibleAt = now + VisibilityTimeout * 1000;
    return message;
  }

  *#receivable(now: number, redrive: (message: Message<B>) => void): Iterable<Message<B>> {
    for (const group of this.#groups.values()) {
      for (const message of group) {
        if (message.visibleAt > now) break;
        if (message.receiveCount < this.#rules.maxReceiveCount) {
          yield message;
        } else {
          // The move happens when the message would be received once more.
          this.#remove(message);
          redrive(message);
        }
      }
    }
  }

  #moveToEnd(key: number): void {
    const group = this.#groups.get(key)!;
    this.#groups.delete(key);
    this.#groups.set(key, group);
  }

  #renewReceiptHandle(message: Message<B>): void {
    this.#byReceiptHandle.delete(message.receiptHandle!);
    message.receiptHandle = Buffer.from(`${message.record.receiptHandle}#${message.receiveCount}`).toString('base64');
    this.#byReceiptHandle.set(message.receiptHandle, message);
  }

  #remove(message: Message<B>): void {
    this.#byReceiptHandle.delete(message.receiptHandle!);
    const key = this.#rules.fifo ? message.record.attributes.MessageGroupId : message.index;
    const group = this.#groups.get(key)!;
    group.delete(message);
    if (group.size === 0) this.#groups.delete(key);
  }
}
