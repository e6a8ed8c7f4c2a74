import { logWarning } from '../batch/log';
import { show } from '../errors/show';
import { hasMethods } from '../sources';
import type { AwsClient } from '../aws/command';
import { type CheckedOptions, checkOptions, type SqsConsumerOptions } from './options';
import { QueueCalls } from './queue-calls';
import { Receive, type SqsEntry } from './receive';
import type { SqsMessage } from './record-of';

export type { SqsEntry };

/** What `Consumer.create` of sqs-consumer is given. */
export interface ConsumerOptions<C extends AwsClient> {
  /** The client of the options. */
  readonly sqs: C;
  /** The queue of the options. */
  readonly queueUrl: string;
  /** That of the options, in seconds. */
  readonly visibilityTimeout: number;
  /** How many messages a receive asks for. */
  readonly batchSize: number;
  /** All: Lambda's records have them. */
  readonly attributeNames: 'All'[];
  /** All: Lambda's records have them. */
  readonly messageSystemAttributeNames: 'All'[];
  /** All: Lambda's records have them. */
  readonly messageAttributeNames: string[];
  /** False: the bridge deletes by itself. */
  readonly shouldDeleteMessages: false;
  /** True: what sqs-consumer warns of, the handler takes care of. */
  readonly suppressFifoWarning: true;
  /** Calls the entry, and resolves to the messages that SQS says are deleted. */
  readonly handleMessageBatch: <M extends SqsMessage>(messages: M[]) => Promise<M[]>;
  /** For `health()`. */
  readonly postReceiveMessageCallback: () => Promise<void>;
}

/** A Consumer of sqs-consumer, as far as it takes to stop one. */
export interface StoppableConsumer {
  /** Has it receive no more. */
  stop(): void;
  /** What it is doing. */
  readonly status: {
    /** Whether a receive, or what it brought, is not over. */
    readonly isPolling: boolean;
    /** Whether it was started, and not stopped since. */
    readonly isRunning?: boolean;
  };
}

/** How a consumer is, for an HTTP endpoint. */
export interface ConsumerHealth {
  /** When SQS last answered a receive, with messages or without; undefined before it has. */
  readonly lastReceive: Date | undefined;
  /** How many messages are at work now. */
  readonly atWork: number;
  /** How many messages, since the process began, came to be tried again: they failed, or could not be deleted. */
  readonly failures: number;
  /** Whether `stop()` was called, and is not over. */
  readonly isStopping: boolean;
}

/** A Lambda entry as the handler of a Consumer of sqs-consumer. */
export interface SqsConsumer<C extends AwsClient = AwsClient> {
  /** For `Consumer.create(options)`; options of sqs-consumer's own can be added. */
  readonly options: ConsumerOptions<C>;
  /**
   * Stops the consumer, and resolves when nothing is at work: for SIGTERM. Nothing more is received; what is at work may go on for
   * the `gracePeriod`, then `delivery.signal` aborts; what is done is deleted; and what was not run is visible to others at once.
   *
   * A receive that waits for messages ends first, which takes `waitTimeSeconds` of sqs-consumer (20) at the most. What a
   * method does that goes on after its signal has aborted is not waited for.
   *
   * @throws TypeError where it is no consumer
   */
  readonly stop: (consumer: StoppableConsumer) => Promise<void>;
  /** How it is now. */
  readonly health: () => ConsumerHealth;
}

/** How long a receive can take: SQS waits for 20 seconds at the most. */
const LONGEST_RECEIVE_MS = 25_000;

/** What is done behind the grace period takes so long at the most: delays of retries, observers. */
const END_MS = 5_000;

/** How often `stop` looks whether all is over: a Consumer tells no event of it that cannot be missed. */
const LOOK_MS = 50;

/**
 * Has a Lambda entry for SQS do its work on ECS, EKS or a laptop: gives what `Consumer.create` of the package sqs-consumer takes.
 *
 * The entry is called with the messages of a receive in the shape that Lambda gives them, and with a context whose remaining time
 * counts down from `visibilityTimeout`, or `longest`. Its answer is judged by the rules of ReportBatchItemFailures: what is not
 * listed is deleted, and nothing where it throws or lists what is no message of the receive. One receive is at work at a time, so
 * a FIFO queue keeps its order.
 *
 * @example
 * ```ts
 * const orders = sqsConsumer(handler, { sqs, queueUrl, queueArn, visibilityTimeout: 30 });
 * const consumer = Consumer.create(orders.options);
 * consumer.start();
 * process.once('SIGTERM', () => void orders.stop(consumer));
 * ```
 *
 * @throws TypeError where an argument is not what it should be
 */
export function sqsConsumer<C extends AwsClient>(entry: SqsEntry, options: SqsConsumerOptions<C>): SqsConsumer<C> {
  if (typeof entry !== 'function') {
    throw new TypeError(
      `sqsConsumer: expected a Lambda entry, such as lambdaHandler(orders, 'handle'), received ${show(entry)}.`,
    );
  }
  const bridge = new Bridge(entry, checkOptions(options));
  return { options: bridge.consumerOptions(options.sqs), stop: bridge.stop, health: bridge.health };
}

class Bridge {
  readonly #entry: SqsEntry;
  readonly #options: CheckedOptions<AwsClient>;
  readonly #calls: QueueCalls;
  readonly #atWork = new Set<Receive<SqsMessage>>();
  readonly #stopping = new Set<StoppableConsumer>();
  /** Those whose receive `stop` did not wait for. */
  readonly #hanging = new Set<StoppableConsumer>();
  #stopped: Promise<void> | undefined;
  /** When the grace period is over, in epoch milliseconds. */
  #stopsAt = Infinity;
  #lastReceive: Date | undefined;
  #failures = 0;

  constructor(entry: SqsEntry, options: CheckedOptions<AwsClient>) {
    this.#entry = entry;
    this.#options = options;
    this.#calls = new QueueCalls(options);
  }

  consumerOptions<C extends AwsClient>(sqs: C): ConsumerOptions<C> {
    const { queueUrl, visibilityTimeout } = this.#options;
    return {
      sqs,
      queueUrl,
      visibilityTimeout,
      batchSize: 10,
      attributeNames: ['All'], // deprecated; emulators and older endpoints go by it
      messageSystemAttributeNames: ['All'],
      messageAttributeNames: ['All'],
      shouldDeleteMessages: false,
      suppressFifoWarning: true,
      handleMessageBatch: (messages) => this.#handle(messages),
      postReceiveMessageCallback: () => {
        this.#lastReceive = new Date();
        return Promise.resolve();
      },
    };
  }

  readonly health = (): ConsumerHealth => ({
    lastReceive: this.#lastReceive,
    atWork: [...this.#atWork].reduce((sum, { size }) => sum + size, 0),
    failures: this.#failures,
    isStopping: this.#stopped !== undefined,
  });

  readonly stop = async (consumer: StoppableConsumer): Promise<void> => {
    if (!hasMethods(consumer, ['stop']) || typeof (consumer.status as unknown) !== 'object') {
      throw new TypeError(`stop: expected a Consumer of sqs-consumer, received ${show(consumer)}.`);
    }
    this.#stopping.add(consumer);
    consumer.stop(); // not with `abort`: messages that are on their way would be missing until they are visible again
    this.#stopped ??= this.#stop();
    await this.#stopped;
  };

  async #stop(): Promise<void> {
    const graceMs = this.#options.gracePeriod * 1000;
    this.#stopsAt = Date.now() + graceMs;
    const timer = setTimeout(() => {
      for (const receive of this.#atWork) receive.stop();
    }, graceMs);
    try {
      await this.#idle();
    } finally {
      clearTimeout(timer);
      this.#stopping.clear();
      this.#stopped = undefined; // so that a consumer can be started again
      this.#stopsAt = Infinity;
    }
  }

  /** Waits until nothing is at work, and nothing is being received. */
  async #idle(): Promise<void> {
    let idleSince = Date.now();
    for (;;) {
      if (this.#atWork.size > 0) idleSince = Date.now();
      else if (![...this.#stopping].some(({ status }) => status.isPolling)) return;
      else if (Date.now() - idleSince > LONGEST_RECEIVE_MS) {
        logWarning(
          this.#options.logger,
          'A receive has not ended, and is not waited for: what it receives will come again.',
        );
        for (const consumer of this.#stopping) this.#hanging.add(consumer);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Whether a receive can be one that `stop` did not wait for: those who waited for `stop` have closed what a method needs. */
  #isLate(): boolean {
    for (const consumer of this.#hanging) {
      const { isRunning, isPolling } = consumer.status;
      if (isRunning === true || !isPolling) this.#hanging.delete(consumer);
    }
    return this.#hanging.size > 0;
  }

  async #handle<M extends SqsMessage>(messages: readonly M[]): Promise<M[]> {
    const receive = new Receive(messages, {
      entry: this.#entry,
      options: this.#options,
      calls: this.#calls,
      untilStop: () => this.#stopsAt + END_MS - Date.now(),
    });
    let deleted: M[] = [];
    this.#atWork.add(receive);
    try {
      if (this.#stopped === undefined && !this.#isLate()) deleted = await receive.run();
      else await receive.giveBack(); // they were on their way when it stopped
      return deleted;
    } finally {
      this.#atWork.delete(receive);
      this.#failures += messages.length - deleted.length - receive.givenBack;
    }
  }
}
