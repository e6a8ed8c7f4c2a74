import type { Context, SQSEvent } from 'aws-lambda';

import { logWarning } from '../batch/log';
import type { Outcome } from '../engine/outcome';
import { BatchProcessingError } from '../errors';
import { interpretAnswer } from '../testing/interpret-response';
import type { AwsClient } from '../aws/command';
import { ConsumerStoppedError } from './consumer-stopped-error';
import { containerContext } from './container-context';
import { Heartbeat } from './heartbeat';
import { type Host, Hosting } from './hosting';
import type { CheckedOptions } from './options';
import type { QueueCalls } from './queue-calls';
import { recordOf, type SqsMessage } from './record-of';

/** A Lambda entry for SQS. */
export type SqsEntry = (event: SQSEvent, context: Context) => unknown;

/** What is the same for every receive. */
export interface Receiving {
  readonly entry: SqsEntry;
  readonly options: CheckedOptions<AwsClient>;
  readonly calls: QueueCalls;
  /** Milliseconds until all has to be over because the consumer stops; Infinity where it does not. */
  readonly untilStop: () => number;
}

/** The messages of one receive, from the call of the entry to what is done with each of them. */
export class Receive<M extends SqsMessage> implements Host {
  readonly #receiving: Receiving;
  readonly #messages: readonly M[];
  readonly #byHandle: ReadonlyMap<string | undefined, M>;
  readonly #started = new Set<M>();
  /** Have not been run because the consumer stops. */
  readonly #notRun = new Set<M>();
  readonly #hosting = new Hosting(this);
  #heartbeat: Heartbeat<M> | undefined;

  constructor(messages: readonly M[], receiving: Receiving) {
    this.#messages = messages;
    this.#receiving = receiving;
    this.#byHandle = new Map(messages.map((message) => [message.ReceiptHandle, message]));
  }

  get size(): number {
    return this.#messages.length;
  }

  /** How many messages were given back, because the consumer stops. */
  get givenBack(): number {
    return this.#notRun.size;
  }

  /**
   * Calls the entry, deletes what it has done, gives back what it did not get to, and gives what is deleted.
   *
   * @throws what the entry throws, and BatchProcessingError where Lambda would not understand what it answers; nothing is deleted
   */
  async run(): Promise<M[]> {
    const { options, calls } = this.#receiving;
    if (options.heartbeat) this.#heartbeat = new Heartbeat(this.#messages, calls, options);
    try {
      const done = await this.#done();
      for (const message of this.#messages) if (!done.includes(message)) this.#heartbeat?.letGo(message);
      return await calls.delete(done);
    } finally {
      await this.#heartbeat?.end();
      await this.giveBack(this.#messages.filter((message) => this.#notRun.has(message)));
    }
  }

  /** Makes messages visible to others at once, in their order. Default: all of them, of which none has been run. */
  async giveBack(messages = this.#messages): Promise<void> {
    for (const message of messages) this.#notRun.add(message);
    await this.#receiving.calls.changeVisibility(
      messages,
      0,
      'were not run come again when their visibility timeout is over',
    );
  }

  /** Has the entry answer now. */
  stop(): void {
    this.#hosting.stop(new ConsumerStoppedError(this.#receiving.options.gracePeriod));
  }

  started(receiptHandle: string | undefined): void {
    const message = this.#byHandle.get(receiptHandle);
    if (message === undefined) return;
    this.#started.add(message);
    this.#heartbeat?.keep(message);
  }

  settled(receiptHandle: string | undefined, outcome: Outcome): void {
    const message = this.#byHandle.get(receiptHandle);
    if (message === undefined || outcome.status === 'success') return; // that one is invisible until it is deleted
    this.#heartbeat?.letGo(message);
    for (const behind of this.#waitingBehind(message)) this.#heartbeat?.letGo(behind);
  }

  beforeConclusion(): Promise<void> | undefined {
    return this.#heartbeat?.beating;
  }

  ended(receiptHandle: string | undefined, outcome: Outcome): void {
    const message = this.#byHandle.get(receiptHandle);
    if (message === undefined || outcome.status !== 'unprocessed') return;
    if (outcome.cause instanceof ConsumerStoppedError) this.#notRun.add(message);
  }

  /** The messages of its FIFO group that come after it, and have not begun: they will not, and come again with it. */
  #waitingBehind(failed: M): M[] {
    if (!this.#receiving.options.queueArn.endsWith('.fifo')) return [];
    const behind = this.#messages.slice(this.#messages.indexOf(failed) + 1);
    return behind.filter((message) => groupOf(message) === groupOf(failed) && !this.#started.has(message));
  }

  /** The messages that the answer of the entry says are done. */
  async #done(): Promise<M[]> {
    const { entry, options } = this.#receiving;
    const context = containerContext(options.queueArn, this.#remaining(), this.#hosting.extension);
    const answer = await entry(this.#event(), context);
    const { outcome, returned, reason, warnings } = interpretAnswer(this.#event(), answer, {});
    for (const warning of warnings) logWarning(options.logger, warning);
    if (outcome === 'failure') throw new BatchProcessingError(`Nothing is deleted, because ${String(reason)}.`);
    return this.#messages.filter(
      ({ MessageId }) => outcome === 'success' || (MessageId !== undefined && !returned.includes(MessageId)),
    );
  }

  /** Made anew for who judges the answer: user code may have changed the one that it was given. */
  #event(): SQSEvent {
    return { Records: this.#messages.map((message) => recordOf(message, this.#receiving.options.queueArn)) };
  }

  #remaining(): () => number {
    const { options, untilStop } = this.#receiving;
    const end = Date.now() + options.longest * 1000;
    return () => Math.min(end - Date.now(), untilStop());
  }
}

const groupOf = ({ Attributes }: SqsMessage): string | undefined => Attributes?.MessageGroupId;
