import type { SQSEvent } from 'aws-lambda';

import { show } from '../errors/show';
import { checkArray, checkInteger, checkOptions } from './check';
import { checkFunctionOptions, type FunctionOptions, functionOptionNames, LambdaFunction } from './lambda-function';
import { type Message, Queue } from './queue';
import { checkSettings } from './settings-kind';
import { type Invoked, Recording, type Simulation } from './simulation';
import { SimulatedSqs, type VisibilityChange, type VisibilityRefusal } from './simulated-sqs';
import { queueOf, sqsEvent, type SqsEventOptions } from './sqs-event';
import { startTime } from './start-time';
import { inVirtualTime, type VirtualTime } from './virtual-time';

/** A throttled batch is tried again after so long; AWS does not say when. */
const THROTTLE_MS = 1_000;

/** Options of `simulateQueue`; `B` is what the messages are made of. */
export interface QueueSimulationOptions<B>
  extends
    FunctionOptions<SQSEvent>,
    Pick<SqsEventOptions<B>, 'fifo' | 'eventSourceARN' | 'messageGroupId' | 'messageAttributes'> {
  /** The bodies, in the order in which they were sent: a string is taken as it is, anything else becomes JSON. */
  readonly messages: readonly B[];
  /** How many messages an invocation gets at the most: 1 to 10,000, or to 10 in a FIFO queue. Default: 10. */
  readonly batchSize?: number;
  /**
   * How long a received message is invisible, which is also the time between its retries: an integer of milliseconds, at
   * least the function's timeout, at most 12 hours. Default: 30,000.
   */
  readonly visibilityTimeoutMs?: number;
  /**
   * How often a message may be received before the redrive policy moves it: an integer of at least 1, or Infinity for a
   * queue without one, which then needs `maxInvocations`. Default: 10.
   */
  readonly maxReceiveCount?: number;
  /** How many invocations may run at once: a positive integer. Default: 1. */
  readonly maximumConcurrency?: number;
  /** The client that the handler was given: when it changes the visibility of a message, the message comes back then. */
  readonly sqs?: SimulatedSqs;
}

const optionNames: readonly (keyof QueueSimulationOptions<unknown>)[] = [
  ...functionOptionNames,
  'fifo',
  'eventSourceARN',
  'messageGroupId',
  'messageAttributes',
  'messages',
  'batchSize',
  'visibilityTimeoutMs',
  'maxReceiveCount',
  'maximumConcurrency',
  'sqs',
];

/**
 * Runs an entry as the event source mapping of an SQS queue would, in virtual time: until every message is deleted, or
 * moved to the dead-letter queue, or `maxInvocations` is reached. The event source mapping is one with
 * ReportBatchItemFailures, and all messages are in the queue from the start.
 *
 * What is not deleted becomes visible again after the visibility timeout, and is received with a higher receive count; it
 * moves to the dead-letter queue when it would be received once more than `maxReceiveCount`. In a FIFO queue nothing of a
 * group is received from its first message in flight on. With `sqs`, `retryDelay` decides when a message is visible again.
 * Facts: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 *
 * @throws TypeError, RangeError (as a rejection) where an option is not what it should be, or the simulation would never end
 *
 * @example
 * ```ts
 * const { deleted, deadLettered } = await simulateQueue({ messages: ['good', 'bad'], handler, maxReceiveCount: 3 });
 * ```
 */
export async function simulateQueue<B>(options: QueueSimulationOptions<B>): Promise<Simulation<B, SQSEvent>> {
  checkSettings('simulateQueue', options, 'sqs');
  checkOptions('simulateQueue', options, optionNames);
  checkFunctionOptions(options);
  checkArray('messages', options.messages);
  const { messages, messageGroupId, messageAttributes, seed, startTime: start = startTime } = options;
  const { fifo, eventSourceARN } = queueOf(options);
  const { functionTimeoutMs = 3_000, visibilityTimeoutMs = 30_000, batchSize = 10, maxReceiveCount = 10 } = options;
  const { maximumConcurrency = 1, maxInvocations = Infinity, sqs } = options;
  checkInteger('batchSize', batchSize, { min: 1, max: fifo ? 10 : 10_000 });
  // The event source mapping cannot be created with a shorter one.
  checkInteger('visibilityTimeoutMs', visibilityTimeoutMs, { min: functionTimeoutMs, max: 43_200_000 });
  checkInteger('maxReceiveCount', maxReceiveCount, { min: 1, max: Number.MAX_SAFE_INTEGER, orInfinity: true });
  checkInteger('maximumConcurrency', maximumConcurrency, { min: 1, max: Number.MAX_SAFE_INTEGER });
  if (maxReceiveCount === Infinity && maxInvocations === Infinity) {
    throw new RangeError('Expected maxReceiveCount or maxInvocations to be finite, received Infinity for both.');
  }
  if (sqs !== undefined && !(sqs instanceof SimulatedSqs)) {
    throw new TypeError(`Expected sqs to be a SimulatedSqs, received ${show(sqs)}.`);
  }
  const sentAt = new Date(start.getTime() - messages.length);
  const given = { fifo, eventSourceARN, messageGroupId, messageAttributes, sentAt, seed };
  const { Records } = sqsEvent(messages, given);
  const queue = new Queue(messages, Records, { fifo, batchSize, visibilityTimeoutMs, maxReceiveCount });

  return inVirtualTime(options, async (time) => {
    const recording = new Recording<B>(time);
    const lambda = new LambdaFunction<SQSEvent>(time, recording, options);
    const mapping = new QueueMapping(time, queue, lambda, recording, maximumConcurrency);
    if (sqs !== undefined) sqs.changeVisibility = (changes) => mapping.changeVisibility(changes);
    try {
      return await mapping.run();
    } finally {
      if (sqs !== undefined) sqs.changeVisibility = undefined;
    }
  });
}

/** The event source mapping of a queue. */
class QueueMapping<B> {
  readonly #time: VirtualTime;
  readonly #queue: Queue<B>;
  readonly #lambda: LambdaFunction<SQSEvent>;
  readonly #recording: Recording<B>;
  readonly #concurrency: number;
  #active = 0;
  #ended!: { readonly resolve: (result: Simulation<B, SQSEvent>) => void; readonly reject: (reason: unknown) => void };

  constructor(
    time: VirtualTime,
    queue: Queue<B>,
    lambda: LambdaFunction<SQSEvent>,
    recording: Recording<B>,
    concurrency: number,
  ) {
    this.#time = time;
    this.#queue = queue;
    this.#lambda = lambda;
    this.#recording = recording;
    this.#concurrency = concurrency;
  }

  run(): Promise<Simulation<B, SQSEvent>> {
    return new Promise((resolve, reject) => {
      this.#ended = { resolve, reject };
      this.#poll();
    });
  }

  #poll(): void {
    while (this.#active < this.#concurrency && !this.#lambda.exhausted) {
      const batch = this.#queue.receive(this.#time.now, (message) => {
        this.#recording.gaveUp([message], 'MaxReceiveCountExceeded');
      });
      if (batch.length === 0) break;
      this.#pollAt(batch[0]!.visibleAt); // what has not been deleted by then is there again
      this.#active++;
      this.#deliver(batch).then(() => {
        this.#active--;
        this.#poll();
      }, this.#ended.reject);
    }
    if (this.#active === 0 && (this.#queue.isEmpty || this.#lambda.exhausted)) {
      this.#ended.resolve(this.#recording.result(this.#lambda.invocations, this.#queue.messages));
    }
  }

  #pollAt(moment: number): void {
    void this.#time.until(moment).then(() => {
      this.#poll();
    });
  }

  /** Has messages become visible at other times, and gives for each why it is refused. */
  changeVisibility(changes: readonly VisibilityChange[]): (VisibilityRefusal | undefined)[] {
    const delayed = new Map<number, Message<B>[]>();
    const refusals = changes.map((change) => {
      const changed = this.#queue.changeVisibility(change, this.#time.now);
      if (typeof changed === 'string') return changed;
      const alike = delayed.get(change.VisibilityTimeout) ?? [];
      delayed.set(change.VisibilityTimeout, alike);
      alike.push(changed);
      return undefined;
    });
    for (const [seconds, messages] of delayed) {
      this.#recording.happened('delayed', messages, { reason: `for ${seconds} s` });
      this.#pollAt(messages[0]!.visibleAt);
    }
    return refusals;
  }

  /** Hands a batch to the function, and deletes what the answer says is done. */
  async #deliver(batch: readonly Message<B>[]): Promise<void> {
    const { visibleAt } = batch[0]!;
    const event = this.#eventOf(batch);
    const received = batch.map((message) => ({ ...message })); // as of this receive, whatever comes later
    for (;;) {
      const invoked = await this.#lambda.invoke(event, received);
      if (invoked.interpretation !== undefined) {
        this.#settle(invoked, invoked.interpretation.returned, batch, received);
        return;
      }
      // Throttled: the same batch is tried again, as long as it is invisible to others.
      await this.#time.until(this.#time.now + THROTTLE_MS);
      if (this.#time.now >= visibleAt || this.#lambda.exhausted) {
        this.#recording.happened('returned', received, { reason: 'the function was throttled' });
        return;
      }
    }
  }

  /** Deletes what does not come back. */
  #settle(
    invoked: Invoked<SQSEvent>,
    returned: readonly string[],
    batch: readonly Message<B>[],
    received: readonly Message<B>[],
  ): void {
    const comesBack = new Set(invoked.fault === 'duplicate' ? batch.map(({ identifier }) => identifier) : returned);
    const deleted = new Set<number>();
    let reason: string | undefined;
    for (const [position, message] of batch.entries()) {
      if (comesBack.has(message.identifier)) continue;
      const refused = this.#queue.delete(message, received[position]!.receiveCount, this.#time.now);
      if (refused === undefined) deleted.add(message.index);
      else reason = refused;
    }
    this.#recording.delivered(invoked, received, ({ index }) => deleted.has(index), 'deleted', reason);
  }

  #eventOf(batch: readonly Message<B>[]): SQSEvent {
    const start = Date.now() - this.#time.now;
    const Records = batch.map(({ record, receiptHandle, receiveCount, firstReceivedAt }) => ({
      ...record,
      receiptHandle: receiptHandle!,
      attributes: {
        ...record.attributes,
        ApproximateReceiveCount: String(receiveCount),
        ApproximateFirstReceiveTimestamp: String(start + firstReceivedAt!),
      },
    }));
    return { Records };
  }
}
