import { show } from '../errors/show';
import { checkFunction, checkOptions } from './check';
import { Ids } from './ids';

/** A message that a queue has taken. */
export interface SentMessage {
  /** The queue that it was sent to. */
  readonly queueUrl: string;
  /** What the call was answered as its id. */
  readonly messageId: string;
  /** Its text. */
  readonly body: string;
  /** Its message attributes in plain values. */
  readonly attributes: Readonly<Record<string, string | Uint8Array>>;
  /** Its message group, where the queue is a FIFO queue. */
  readonly messageGroupId?: string;
  /** What a FIFO queue knows a repeated message by. */
  readonly messageDeduplicationId?: string;
}

/** Options of `SimulatedSqs`. */
export interface SimulatedSqsOptions {
  /**
   * Whether a message is not taken. Where it throws, the whole call fails with that, as it does when the queue is gone.
   * Default: every message is taken.
   */
  readonly refuses?: (message: SentMessage) => boolean;
}

/** What SQS answers to a batch. */
export interface SimulatedSqsAnswer {
  /** What was taken, by the Id of its entry. */
  readonly Successful: { readonly Id: string; readonly MessageId?: string }[];
  /** What was not taken, by the Id of its entry, and why. */
  readonly Failed: { readonly Id: string; readonly Code: string; readonly SenderFault: boolean }[];
}

/** When a message in flight is to become visible. */
export interface VisibilityChange {
  readonly Id: string;
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout: number;
}

/** Why SQS refuses to change a visibility timeout. */
export type VisibilityRefusal = 'ReceiptHandleIsInvalid' | 'MessageNotInflight' | 'InvalidParameterValue';

/** Does what a call asks for, and gives for each change why it was refused; undefined where it was made. */
type ChangeVisibility = (changes: readonly VisibilityChange[]) => (VisibilityRefusal | undefined)[];

interface SendEntry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageAttributes?: Readonly<
    Record<string, { readonly StringValue?: string; readonly BinaryValue?: Uint8Array }>
  >;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

interface Command {
  /** The parameters of the call. */
  readonly input: object;
}

/** What it knows an entry by; a bundler may have renamed the class of the command. */
const knownBy = { send: 'MessageBody', change: 'VisibilityTimeout' } as const;

/**
 * An SQSClient for tests, for `sqsQueue` and `retryDelay`: it keeps what is sent, and in a simulation that it is given to
 * it changes when messages come back. It answers SendMessageBatch and ChangeMessageVisibilityBatch.
 *
 * @example
 * ```ts
 * const sqs = new SimulatedSqs();
 * const handler = createBatchHandler({ source: 'SQS', retryDelay: exponentialBackoff({ client: sqs }) }, () => {
 *   throw new Error('not yet');
 * });
 * await simulateQueue({ messages: ['body'], handler, sqs, maxReceiveCount: 3 });
 * ```
 */
export class SimulatedSqs {
  readonly #refuses: (message: SentMessage) => boolean;
  readonly #sent: SentMessage[] = [];
  readonly #ids = new Ids('sent');

  /** @internal The queue of the simulation that runs; there is none outside of one. */
  changeVisibility: ChangeVisibility | undefined;

  /**
   * Makes a client that has sent nothing yet.
   *
   * @throws TypeError where an option is not what it should be
   */
  constructor(options: SimulatedSqsOptions = {}) {
    checkOptions('SimulatedSqs', options, ['refuses']);
    const { refuses = () => false } = options;
    checkFunction('refuses', refuses);
    this.#refuses = refuses;
  }

  /** What was sent and taken, whichever queue it was for, in that order. */
  get sent(): readonly SentMessage[] {
    return this.#sent;
  }

  /** Answers a call, as the client of the SDK does. */
  send({ input }: Command): Promise<SimulatedSqsAnswer> {
    return new Promise((resolve) => {
      resolve(this.#answer(input)); // what it throws is a rejection
    });
  }

  #answer(input: object): SimulatedSqsAnswer {
    const { QueueUrl, Entries } = input as { readonly QueueUrl: string; readonly Entries?: readonly object[] };
    const [first] = Entries ?? [];
    if (first !== undefined && knownBy.send in first) return this.#take(QueueUrl, Entries as SendEntry[]);
    if (first !== undefined && knownBy.change in first) return this.#change(Entries as VisibilityChange[]);
    throw new TypeError(
      `SimulatedSqs: expected a SendMessageBatch or ChangeMessageVisibilityBatch, received ${show(input)}.`,
    );
  }

  #take(queueUrl: string, entries: readonly SendEntry[]): SimulatedSqsAnswer {
    const answer: SimulatedSqsAnswer = { Successful: [], Failed: [] };
    for (const entry of entries) {
      const message = messageOf(entry, queueUrl, this.#ids.uuid());
      if (this.#refuses(message)) {
        answer.Failed.push({ Id: entry.Id, Code: 'InternalError', SenderFault: false });
      } else {
        this.#sent.push(message);
        answer.Successful.push({ Id: entry.Id, MessageId: message.messageId });
      }
    }
    return answer;
  }

  #change(changes: readonly VisibilityChange[]): SimulatedSqsAnswer {
    const answer: SimulatedSqsAnswer = { Successful: [], Failed: [] };
    const refusals = this.changeVisibility?.(changes) ?? changes.map(() => 'ReceiptHandleIsInvalid');
    changes.forEach(({ Id }, index) => {
      const Code = refusals[index];
      if (Code === undefined) answer.Successful.push({ Id });
      else answer.Failed.push({ Id, Code, SenderFault: true });
    });
    return answer;
  }
}

function messageOf(entry: SendEntry, queueUrl: string, messageId: string): SentMessage {
  const { MessageBody, MessageAttributes = {}, MessageGroupId, MessageDeduplicationId } = entry;
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { StringValue, BinaryValue }]) => [name, BinaryValue ?? StringValue!] as const,
  );
  return {
    queueUrl,
    messageId,
    body: MessageBody,
    attributes: Object.fromEntries(attributes),
    ...(MessageGroupId !== undefined && { messageGroupId: MessageGroupId }),
    ...(MessageDeduplicationId !== undefined && { messageDeduplicationId: MessageDeduplicationId }),
  };
}
