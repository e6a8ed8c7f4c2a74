import { errorsOf, isFullFailure, orderingMismatch } from '../answer';
import type { Batch } from '../batch';
import { Delivery } from '../delivery';
import type { Deadline } from '../engine/deadline';
import { type Outcome, succeeded } from '../engine/outcome';
import { type Job, run, runSync } from '../engine/run';
import { BatchProcessingError, FullBatchFailureError, StoppedBeforeTimeoutError, toError } from '../errors';
import { extendedJob } from '../extended-job';
import { isGenerator, ranNothing } from '../generator';
import { type BatchLogger, FailureLog, isThenable, logUnprocessed, logWarning, quietly, silent } from '../log';
import { type BatchStart, Observation } from '../observers';
import { checkValues } from '../options';
import type { Plan } from '../plan';
import { RetryDelayer } from '../retry-delay';
import { deadlineFor } from '../stop-before-timeout';
import type { BaseRecord, BatchProcessingOptions, EventSourceDataClassTypes } from '../types';
import type { Attempt, BasePartialProcessor } from './base-partial-processor';
import { type Answer, errorOf, fail, isResponse, type Response, told } from './hooks';
import type { Invocation } from './invocation';
import { batchOf, resultOf } from './response';

/** The hooks around a batch: typed as `void` for those who override them, but some are async. */
interface Hooks {
  prepare(): unknown;
  clean(): unknown;
}

/** Runs what is registered with a processor: prepare, every record, clean. */
export async function processBatch(processor: BasePartialProcessor): Promise<Response[]> {
  const use = new Use(processor, true);
  const hooks: Hooks = processor;
  try {
    await use.within(() => hooks.prepare());
    const job = use.job((record) => processor.processRecord(record));
    await use.observation?.start();
    const outcomes = await run(job, use.deadline);
    const answers = use.answers(outcomes);
    const results = answers.some(isThenable) ? await allOf(answers) : (answers as Response[]);
    use.conclude(outcomes, results);
    try {
      await use.within(() => hooks.clean());
      await use.delayRetries(outcomes);
    } finally {
      await use.observation?.end(outcomes);
    }
    use.throwIfFull();
    return results;
  } finally {
    use.end();
  }
}

/** The same with the sync method of the processor, whose hooks must be sync too. */
export function processBatchSync(processor: BasePartialProcessor): Response[] {
  const use = new Use(processor, false);
  const hooks: Hooks = processor;
  try {
    refusePromise(
      'prepare',
      use.within(() => hooks.prepare()),
    );
    const job = use.job((record) => processor.processRecordSync(record));
    use.observation?.startSync();
    const outcomes = runSync(job, use.deadline);
    const results = use.answers(outcomes) as Response[];
    use.conclude(outcomes, results);
    try {
      refusePromise(
        'clean',
        use.within(() => hooks.clean()),
      );
    } finally {
      use.observation?.endSync(outcomes);
    }
    use.throwIfFull();
    return results;
  } finally {
    use.end();
  }
}

const checkedNames = [
  'concurrency',
  'order',
  'stopBeforeTimeout',
  'logger',
  'nonRetryable',
  'retryDelay',
  'observers',
] as const;

/** The processors that have warned of an ordering that does not fit their queue: each does once. */
const warned = new WeakSet<BasePartialProcessor>();

/** One use of a processor: from the first check to the lists that its users read. */
class Use {
  readonly processor: BasePartialProcessor;
  readonly invocation: Invocation;
  readonly isAsync: boolean;
  readonly deadline: Deadline;
  readonly #registered: BaseRecord[];
  /** Undefined where nobody observes. */
  observation: Observation | undefined;
  readonly #startedAt = Date.now();
  readonly #logger: BatchLogger;
  readonly #log: FailureLog;
  readonly #plan: Plan;
  #batch: Batch;
  /** What the hooks made of each record that ran. */
  #answers: Answer[] = [];
  /** The records that `prepare` has told the failure hook of; it may keep them from running. */
  readonly #refused = new Map<EventSourceDataClassTypes, Error>();

  constructor(processor: BasePartialProcessor, isAsync: boolean) {
    const invocation = processor['~invocations'].current;
    if (!invocation.registered)
      throw new BatchProcessingError('There is nothing to process: register() records first.');
    if (invocation.running) {
      throw new BatchProcessingError('process() is already running: register() the next batch before processing it.');
    }
    const { options = {}, records } = invocation;
    checkValues(processor.constructor.name, { ...options }, checkedNames);
    this.processor = processor;
    this.invocation = invocation;
    this.isAsync = isAsync;
    this.#registered = records;
    this.#batch = batchOf(processor, records);
    this.#plan = processor['~planOf'](options);
    if (!isAsync) refuseAsync(options);
    this.#logger = options.logger ?? silent;
    this.#log = new FailureLog(this.#logger);
    this.deadline = deadlineFor(options.stopBeforeTimeout, options.context);
    this.#warnOfMismatch();
    invocation.isSync = !isAsync;
    invocation.start();
  }

  within<T>(call: () => T): T {
    return this.processor['~invocations'].within(this.invocation, call);
  }

  job(processRecord: Attempt): Job {
    const { records, failureMessages, errors } = this.invocation;
    const { nonRetryable, observers = [] } = this.invocation.options ?? {};
    // A delivery comes after the failure hook, which processRecord asks.
    const plain = nonRetryable === undefined ? this.processor['~plainAttempt'](this.invocation) : undefined;
    const attempt = plain ?? this.#entered(processRecord);
    failureMessages.forEach((record, index) => {
      if (this.#batch.records.includes(record)) this.#refused.set(record, toError(errors[index]));
    });
    if (records !== this.#registered) this.#batch = batchOf(this.processor, records); // `prepare` replaced them
    const batch = this.#batch;
    this.invocation.deliveryOf = deliveries(batch, this.deadline);
    const deliveryOf = (index: number) => this.#deliveryOf(index);
    if (observers.length > 0) {
      this.observation = new Observation(observers, this.#logger, this.#start, deliveryOf, this.isAsync);
    }
    const job: Job = {
      count: batch.records.length,
      ordering: this.#plan.ordering,
      keyOf: (index) => batch.source.orderingKey(batch.records[index]),
      attempt: (index) => attempt(batch.records[index] as BaseRecord),
      returned: plain ? (index, value) => this.#succeed(index, value) : (index, value) => this.#judge(index, value),
      threw: (index, thrown) => this.#fail(index, thrown),
    };
    const failureOf = (index: number, value: unknown) => {
      const response = this.#responseOf(index, value);
      return response?.[0] === 'fail' ? errorOf(this.invocation, response) : undefined;
    };
    return extendedJob(job, nonRetryable, this.observation, { logger: this.#logger, deliveryOf, failureOf });
  }

  /** What observers are told when the batch begins. */
  get #start(): BatchStart {
    const { eventType } = this.processor;
    return { source: eventType, records: this.#batch.records, context: this.invocation.options?.context };
  }

  async delayRetries(outcomes: readonly Outcome[]): Promise<void> {
    const { retryDelay, context } = this.invocation.options ?? {};
    if (retryDelay === undefined) return;
    const how = { logger: this.#logger, startedAt: this.#startedAt, context };
    await new RetryDelayer(retryDelay).delay(this.#batch, outcomes, how);
  }

  /** The tuple of each record; the failure hook is told of those that were not run. */
  answers(outcomes: readonly Outcome[]): Answer[] {
    this.#log.end();
    logUnprocessed(this.#logger, outcomes);
    let errors: readonly (Error | undefined)[] | undefined;
    for (let index = 0; index < outcomes.length; index++) {
      const outcome = outcomes[index]!;
      if (outcome.status === 'unprocessed') {
        errors ??= errorsOf(outcomes, this.#plan);
        this.#answers[index] = fail(this, this.#record(index), errors[index]);
      } else if (outcome.status === 'success' && outcome.delivered !== undefined) {
        this.#answers[index] = ['success', undefined, this.#record(index)];
      }
    }
    return this.#answers;
  }

  /** Makes the lists agree with the outcomes: in record order, and no record in both. */
  conclude(outcomes: readonly Outcome[], results: readonly Response[]): void {
    const { invocation } = this;
    const failures = [...this.#refused.keys()];
    const errors = [...this.#refused.values()];
    const successes: EventSourceDataClassTypes[] = [];
    let count = 0;
    for (let index = 0; index < outcomes.length; index++) {
      const record = this.#record(index);
      const failed = outcomes[index]!.status !== 'success';
      if (failed) count++;
      if (this.#refused.has(record)) continue;
      (failed ? failures : successes).push(record);
      if (failed) errors.push(errorOf(invocation, results[index]!));
    }
    Object.assign(invocation, { errors, failureMessages: failures, successMessages: successes, over: true });
    invocation.result = { batch: this.#batch, outcomes, failures: count };
  }

  throwIfFull(): void {
    const { errors, options } = this.invocation;
    const { outcomes } = resultOf(this.processor, this.invocation);
    if (isFullFailure(outcomes) && (options?.throwOnFullBatchFailure ?? true)) throw new FullBatchFailureError(errors);
  }

  end(): void {
    this.invocation.running = false;
  }

  #entered(attempt: Attempt): Attempt {
    const { processor, invocation } = this;
    return (record) => {
      const before = processor['~invocations'].enter(invocation);
      try {
        return attempt(record);
      } finally {
        processor['~invocations'].leave(before);
      }
    };
  }

  /** What the record handler returned: there is nobody else to ask. */
  #succeed(index: number, value: unknown): Outcome {
    if (isGenerator(value)) return this.#fail(index, ranNothing());
    const record = this.#record(index);
    this.invocation.successMessages.push(record);
    this.#answers[index] = ['success', value, record];
    return succeeded;
  }

  /** The tuple that `processRecord` returned decides. */
  #judge(index: number, returned: unknown): Outcome {
    const response = this.#responseOf(index, returned);
    if (response === undefined) return this.#fail(index, noResponse(returned));
    if (response[0] === 'fail') return this.#failure(index, errorOf(this.invocation, response), response);
    this.#answers[index] = response;
    return succeeded;
  }

  /** The tuple that `processRecord` returned, or what the hooks were told in its place. */
  #responseOf(index: number, returned: unknown): Response | undefined {
    if (isResponse(returned)) return returned;
    return isThenable(returned) ? undefined : told(this.invocation, this.#record(index));
  }

  /** A record whose `processRecord` threw, or that was running at the deadline. */
  #fail(index: number, thrown: unknown): Outcome {
    const record = this.#record(index);
    const answer = fail(this, record, thrown);
    if (thrown instanceof StoppedBeforeTimeoutError) this.invocation.abandoned.add(record);
    return this.#failure(index, toError(thrown), answer);
  }

  #failure(index: number, error: Error, answer: Answer): Outcome {
    this.#log.add(this.#deliveryOf(index), error);
    this.#answers[index] = answer;
    return { status: 'failure', error };
  }

  #deliveryOf(index: number): Delivery {
    return new Delivery(this.#batch, this.deadline, index);
  }

  #record(index: number): EventSourceDataClassTypes {
    return this.#batch.records[index] as EventSourceDataClassTypes;
  }

  #warnOfMismatch(): void {
    const mismatch = this.#logger === silent ? undefined : orderingMismatch(this.#batch, this.#plan);
    if (mismatch === undefined || warned.has(this.processor)) return;
    warned.add(this.processor);
    logWarning(this.#logger, mismatch);
  }
}

/** What some hooks have promised; the others are there. */
async function allOf(answers: readonly Answer[]): Promise<Response[]> {
  const responses: Response[] = [];
  for (const answer of answers) responses.push(isThenable(answer) ? await answer : answer);
  return responses;
}

/** Finds the delivery of a record; of a copy, by its identifier. */
function deliveries(batch: Batch, deadline: Deadline): (record: unknown) => Delivery | undefined {
  let indexes: Map<unknown, number> | undefined;
  return (record) => {
    indexes ??= new Map(batch.records.map((known, index) => [known, index]));
    const index = indexes.get(record) ?? batch.identifiers.indexOf(String(batch.source.itemIdentifier(record)));
    return index < 0 ? undefined : new Delivery(batch, deadline, index);
  };
}

/** @throws TypeError where an option is async by nature */
function refuseAsync({ concurrency = 1, nonRetryable, retryDelay }: BatchProcessingOptions): void {
  const named =
    (concurrency !== 1 && 'concurrency') || (nonRetryable && 'nonRetryable') || (retryDelay && 'retryDelay');
  if (!named) return;
  throw new TypeError(`${named}: a sync processor runs one record at a time, and waits for nothing; use an async one.`);
}

function noResponse(returned: unknown): BatchProcessingError {
  if (isThenable(returned)) {
    quietly(() => returned);
    return new BatchProcessingError('processRecordSync returned a promise: use process() instead.');
  }
  const expected = "['success', result, record] or ['fail', message, record]";
  return new BatchProcessingError(`Expected processRecord to return ${expected}, received neither.`);
}

function refusePromise(hook: string, returned: unknown): void {
  if (!isThenable(returned)) return;
  quietly(() => returned);
  throw new BatchProcessingError(`${hook}() returned a promise, which processSync() cannot wait for: use process().`);
}
