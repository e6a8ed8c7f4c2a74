import { type BatchLogger, logWarning } from '../batch/log';
import { Patience } from '../batch/patience';
import { Deadline } from '../engine/deadline';
import { toError } from '../errors/to-error';
import { summaryOf } from '../errors/without-payload';
import type { AwsClient } from '../aws/command';
import type { SqsOperation } from '../sqs/command';
import { type BatchAnswer, inTens, SqsBatches } from '../sqs/sqs-batches';
import type { SqsMessage } from './record-of';

/** How long one call may take: a client that hangs must not keep a batch, or a process, from its end. */
const PATIENCE_MS = 5_000;

/** How long a delete waits before it is tried again; the client has retries of its own beneath. */
const PAUSES_MS = [100, 400];

/** What of a queue is to be known. */
interface QueueOptions {
  readonly sqs: AwsClient;
  readonly queueUrl: string;
  readonly logger: BatchLogger;
}

/**
 * The calls about received messages. Each message is named by its position in the call, because the same messageId can be
 * received twice at once, and SQS refuses a call of which two entries have one name.
 */
export class QueueCalls {
  readonly #batches: SqsBatches;
  readonly #queueUrl: string;
  readonly #logger: BatchLogger;

  constructor({ sqs, queueUrl, logger }: QueueOptions) {
    this.#batches = new SqsBatches('sqsConsumer', sqs);
    this.#queueUrl = queueUrl;
    this.#logger = logger;
  }

  /** Deletes messages by their receipt handles, and gives those that SQS says are deleted. What fails is tried again. */
  async delete<M extends SqsMessage>(messages: readonly M[]): Promise<M[]> {
    const deleted = new Set<M>();
    const problems = new Problems();
    for (const ten of inTens(messages)) {
      let left = ten;
      for (const pause of [...PAUSES_MS, undefined]) {
        left = await this.#try('DeleteMessageBatch', left, (message) => deleted.add(message), problems);
        if (left.length === 0 || pause === undefined) break;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    problems.logTo(this.#logger, messages.length - deleted.size, 'are done but not deleted, and come again');
    return messages.filter((message) => deleted.has(message));
  }

  /** Changes when messages become visible, in the order given; gives those for which there is no use in another try. */
  async changeVisibility<M extends SqsMessage>(messages: readonly M[], seconds: number, what: string): Promise<M[]> {
    const changed = new Set<M>();
    const left: M[] = [];
    const problems = new Problems();
    for (const ten of inTens(messages)) {
      const done = (message: M) => changed.add(message);
      left.push(
        ...(await this.#try('ChangeMessageVisibilityBatch', ten, done, problems, { VisibilityTimeout: seconds })),
      );
    }
    problems.logTo(this.#logger, messages.length - changed.size, what);
    return messages.filter((message) => !changed.has(message) && !left.includes(message));
  }

  /** One call; tells of each message that SQS has named as done, and gives those that may be tried again. */
  async #try<M extends SqsMessage>(
    operation: SqsOperation,
    given: readonly M[],
    done: (message: M) => unknown,
    problems: Problems,
    parameters: object = {},
  ): Promise<M[]> {
    const messages = given.filter(({ ReceiptHandle }) => ReceiptHandle); // SQS would refuse the whole call
    if (messages.length < given.length) problems.add('a message has no ReceiptHandle');
    if (messages.length === 0) return [];
    const Entries = messages.map(({ ReceiptHandle }, position) => ({
      Id: String(position),
      ReceiptHandle,
      ...parameters,
    }));
    let answer: BatchAnswer;
    try {
      answer = await this.#call(operation, Entries);
    } catch (thrown) {
      problems.add(summaryOf(toError(thrown)));
      return [...messages];
    }
    const refused = new Set<string | undefined>();
    for (const { Id, Code, SenderFault } of answer.Failed ?? []) {
      problems.add(String(Code));
      if (SenderFault === true) refused.add(Id); // another try would end as this one has
    }
    const taken = new Set(answer.Successful?.map(({ Id }) => Id));
    return messages.filter((message, position) => {
      const id = String(position);
      if (taken.has(id)) done(message);
      return !taken.has(id) && !refused.has(id);
    });
  }

  async #call(operation: SqsOperation, Entries: readonly object[]): Promise<BatchAnswer> {
    const patience = new Patience('SQS', undefined, new Deadline(), PATIENCE_MS);
    const call = this.#batches.send(operation, { QueueUrl: this.#queueUrl, Entries }, { abortSignal: patience.signal });
    try {
      return await Promise.race([call, patience.over]); // a client that is not the SDK's may know nothing of signals
    } finally {
      patience.release();
    }
  }
}

/** What went wrong with calls, each of it once. */
class Problems {
  readonly #texts = new Set<string>();

  add(text: string): void {
    this.#texts.add(text);
  }

  /** @param what is the matter with those that are left, in words */
  logTo(logger: BatchLogger, left: number, what: string): void {
    if (left === 0) return;
    const why = this.#texts.size === 0 ? 'SQS did not name them in its answer' : [...this.#texts].join('; ');
    logWarning(logger, `Messages that ${what}: ${left} (${why}).`);
  }
}
