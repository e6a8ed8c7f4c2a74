import { errorsOf } from '../batch/answer';
import type { Batch } from '../batch/batch';
import { checkValues } from '../batch/checks';
import { Delivery, type Signals } from '../batch/delivery';
import { refuseInDurable } from '../batch/durable';
import type { Attempt } from '../batch/extension';
import { isGenerator, ranNothing } from '../batch/returned';
import { type BatchLogger, logWarning, silent } from '../batch/log';
import type { Plan } from '../batch/plan';
import { recordTimeoutsFor } from '../batch/record-timeouts';
import { type Handling, runBatch, runBatchSync, type Verdict } from '../batch/run-batch';
import { type Settings, settingsFor } from '../batch/settings';
import { deadlineFor } from '../batch/stop-before-timeout';
import { isThenable, quietly } from '../batch/thenable';
import { type Outcome, succeeded } from '../engine/outcome';
import { BatchProcessingError, RecordTimeoutError, StoppedBeforeTimeoutError } from '../errors';
import { toError } from '../errors/to-error';
import type { EventSourceDataClassTypes } from '../sources';
import { identifierOf, textOf } from '../sources/detect';
import { type Answer, errorOf, fail, failure, isResponse, told } from './hooks';
import type { Invocation } from './invocation';
import { batchOf, resultOf } from './response';
import type { RecordAttempt, Response, Runnable } from './runnable';
import type { BaseRecord, BatchProcessingOptions } from './types';

/** Runs what is registered with a processor: prepare, every record, clean. */
export function processBatch(processor: Runnable): Promise<Response[]> {
  return runBatch(() => new ProcessorHandling(processor, true));
}

/** The same with the sync method of the processor, whose hooks must be sync too. */
export function processBatchSync(processor: Runnable): Response[] {
  return runBatchSync(() => new ProcessorHandling(processor, false));
}

const checkedNames = [
  'concurrency',
  'order',
  'stopBeforeTimeout',
  'recordTimeout',
  'logger',
  'nonRetryable',
  'retryDelay',
  'observers',
  'guard',
] as const;

/** One use of a processor: from the first check to the lists that its users read. */
class ProcessorHandling implements Handling<Response[]> {
  readonly processor: Runnable;
  readonly invocation: Invocation;
  readonly isAsync: boolean;
  readonly deadline: Handling<unknown>['deadline'];
  readonly context: BatchProcessingOptions['context'];
  batch: Batch;
  /** Known when the batch is prepared: by the options as they are then, which `prepare` may write. */
  attempt!: Attempt;
  settings!: Settings;
  readonly #registered: BaseRecord[];
  readonly #options: BatchProcessingOptions | undefined;
  readonly #plan: Plan;
  readonly #logger: BatchLogger;
  /** Undefined where the hooks have to be asked. */
  #plain: RecordAttempt | undefined;
  /** What the hooks made of each record that ran. */
  readonly #answers: Answer[] = [];
  /** Whether there is a promise among them. */
  #hasPromised = false;
  /** The tuples, once there are no promises left of them. */
  #results: Response[] = [];
  /** The records that `prepare` has told the failure hook of: they have failed, and where order is kept they do not run. */
  readonly #refused = new Map<EventSourceDataClassTypes, Error>();

  constructor(processor: Runnable, isAsync: boolean) {
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
    this.#options = invocation.options;
    this.#logger = options.logger ?? processor['~logger'] ?? silent;
    this.batch = batchOf(processor, records);
    this.#plan = processor['~planOf'](options);
    if (!isAsync) refuseAsync(options);
    const hook = processor['~recordHook'];
    if (hook !== undefined) refuseInDurable(options.context, `${processor.constructor.name}.${hook}`);
    this.deadline = deadlineFor(options.stopBeforeTimeout, options.context, this.#logger);
    this.context = options.context;
    invocation.isSync = !isAsync;
    invocation.start();
  }

  prepare(): unknown {
    const prepared = this.#asCurrent(() => this.processor.prepare());
    if (!this.isAsync) refusePromise('prepare', prepared);
    if (!isThenable(prepared)) {
      this.#prepared();
      return undefined;
    }
    return this.#within('prepare', prepared).then(() => {
      this.#prepared();
    });
  }

  /** The error of a fail tuple; undefined where the record has not failed. */
  failureOf(index: number, value: unknown): Error | undefined {
    const response = this.#responseOf(index, value);
    return response?.[0] === 'fail' ? errorOf(this.invocation, response) : undefined;
  }

  returned(index: number, value: unknown): Outcome {
    return this.#plain === undefined ? this.#judge(index, value) : this.#succeed(index, value);
  }

  /** A record whose `processRecord` threw, or that was running at the deadline. */
  threw(index: number, thrown: unknown): Outcome {
    const record = this.#record(index);
    const isTold = thrown && this.#refused.get(record) === thrown; // by prepare
    const answer = isTold ? failure(this.invocation, record, toError(thrown)) : fail(this, record, thrown);
    const mayRun = thrown instanceof StoppedBeforeTimeoutError || thrown instanceof RecordTimeoutError;
    if (mayRun) this.invocation.abandoned.add(record);
    return this.#failure(index, toError(thrown), answer);
  }

  /** Makes the lists agree with the outcomes, and calls `clean`. */
  conclude(outcomes: readonly Outcome[]): unknown {
    const answers = this.#answersOf(outcomes);
    const concluded = (results: Response[]): unknown => {
      this.#results = results;
      this.#list(outcomes);
      const cleaned = this.#asCurrent(() => this.processor.clean());
      if (!this.isAsync) refusePromise('clean', cleaned);
      return isThenable(cleaned) ? this.#within('clean', cleaned) : undefined;
    };
    return this.#hasPromised ? this.#settled(answers, outcomes).then(concluded) : concluded(answers as Response[]);
  }

  throws(): boolean {
    return this.invocation.options?.throwOnFullBatchFailure ?? true;
  }

  verdict(): Verdict {
    return { outcomes: resultOf(this.processor, this.invocation).outcomes, errors: this.invocation.errors };
  }

  answer(): Response[] {
    return this.#results;
  }

  over(): void {
    this.invocation.running = false;
  }

  #prepared(): void {
    const { records, failureMessages, errors, options = {} } = this.invocation;
    if (this.invocation.options !== this.#options) {
      checkValues(this.processor.constructor.name, { ...options }, checkedNames);
      if (!this.isAsync) refuseAsync(options);
    }
    const registered = deliveries(this.batch, this.deadline);
    if (records !== this.#registered) this.batch = batchOf(this.processor, records); // `prepare` replaced them
    const { batch, deadline } = this;
    const limits = recordTimeoutsFor(options.recordTimeout, deadline, options.context);
    this.settings = settingsFor(options, this.#plan, this.#logger, this.processor);
    const deliveryOf = deliveries(batch, limits ?? deadline);
    this.invocation.deliveryOf = deliveryOf;
    failureMessages.forEach((record, index) => {
      const delivery = deliveryOf(record) ?? registered(record);
      if (delivery !== undefined)
        this.#refused.set(delivery.record as EventSourceDataClassTypes, toError(errors[index]));
    });
    // A delivery comes after the failure hook, which processRecord asks.
    this.#plain = options.nonRetryable === undefined ? this.processor['~plainAttempt'](this.invocation) : undefined;
    const run = this.#plain ?? this.#entered();
    // Where a failure stops what is behind it, what has failed already does so too.
    const refused = this.#plan.ordering.failureStopsLane ? this.#refused : undefined;
    const attempt: Attempt = (index) => {
      const error = refused?.get(this.#record(index));
      if (error !== undefined) throw error;
      return run(batch.records[index] as BaseRecord);
    };
    this.attempt = limits?.limiting(attempt) ?? attempt;
  }

  /** The tuple of each record; the failure hook is told of those that were not run. */
  #answersOf(outcomes: readonly Outcome[]): Answer[] {
    let errors: readonly (Error | undefined)[] | undefined;
    for (let index = 0; index < outcomes.length; index++) {
      const outcome = outcomes[index]!;
      if (outcome.status === 'unprocessed') {
        errors ??= errorsOf(outcomes, this.#plan);
        this.#answered(index, fail(this, this.#record(index), errors[index]));
      } else if (outcome.status === 'success' && outcome.delivered !== undefined) {
        this.#answers[index] = ['success', undefined, this.#record(index)];
      } else if (outcome.status === 'failure') {
        this.#answers[index] ??= failure(this.invocation, this.#record(index), outcome.error); // where `threw` has thrown
      }
    }
    return this.#answers;
  }

  /** The lists: in record order, and no record in both. */
  #list(outcomes: readonly Outcome[]): void {
    const { invocation } = this;
    const refusedAny = this.#refused.size > 0;
    const failures = [...this.#refused.keys()];
    const errors = [...this.#refused.values()];
    const successes: EventSourceDataClassTypes[] = [];
    let count = 0;
    for (let index = 0; index < outcomes.length; index++) {
      const record = this.#record(index);
      const failed = outcomes[index]!.status !== 'success';
      if (refusedAny && this.#refused.has(record)) continue;
      if (failed) count++;
      (failed ? failures : successes).push(record);
      if (failed) errors.push(errorOf(invocation, this.#results[index]!));
    }
    Object.assign(invocation, { errors, failureMessages: failures, successMessages: successes, over: true });
    invocation.result = { batch: this.batch, outcomes, failures: count };
  }

  /** What hooks have promised; those that are not over at the deadline decide nothing. */
  async #settled(answers: readonly Answer[], outcomes: readonly Outcome[]): Promise<Response[]> {
    const responses = answers.map((answer) => (isThenable(answer) ? undefined : answer));
    const all = answers.map(async (answer, index) => {
      const response = await answer;
      responses[index] ??= response;
    });
    await this.#within('failureHandler', Promise.all(all));
    const errors = errorsOf(outcomes, this.#plan);
    return responses.map(
      (response, index) => response ?? failure(this.invocation, this.#record(index), errors[index]!),
    );
  }

  /** Waits for a hook, until the deadline. */
  async #within(hook: string, promise: PromiseLike<unknown>): Promise<void> {
    if (await this.deadline.within(promise)) return;
    logWarning(this.#logger, `${hook}() was not over when the batch had to be answered, and was not waited for.`);
  }

  #asCurrent<T>(call: () => T): T {
    return this.processor['~invocations'].within(this.invocation, call);
  }

  #entered(): RecordAttempt {
    const { processor, invocation, isAsync } = this;
    return (record) => {
      const before = processor['~invocations'].enter(invocation);
      try {
        return isAsync ? processor.processRecord(record) : processor.processRecordSync(record);
      } finally {
        processor['~invocations'].leave(before);
      }
    };
  }

  /** What the record handler returned: there is nobody else to ask. */
  #succeed(index: number, value: unknown): Outcome {
    if (isGenerator(value)) return this.threw(index, ranNothing());
    const record = this.#record(index);
    this.invocation.successMessages.push(record);
    this.#answers[index] = ['success', value, record];
    return succeeded;
  }

  /** The tuple that `processRecord` returned decides. */
  #judge(index: number, returned: unknown): Outcome {
    const response = this.#responseOf(index, returned);
    if (response === undefined) return this.threw(index, noResponse(returned));
    if (response[0] === 'fail') return this.#failure(index, errorOf(this.invocation, response), response);
    this.#answers[index] = response;
    return succeeded;
  }

  /** The tuple that `processRecord` returned, or what the hooks were told in its place. */
  #responseOf(index: number, returned: unknown): Response | undefined {
    if (isResponse(returned)) return returned;
    return isThenable(returned) ? undefined : told(this.invocation, this.#record(index));
  }

  #failure(index: number, error: Error, answer: Answer): Outcome {
    this.#answered(index, answer);
    return { status: 'failure', error };
  }

  #answered(index: number, answer: Answer): void {
    this.#answers[index] = answer;
    this.#hasPromised ||= isThenable(answer);
  }

  #record(index: number): EventSourceDataClassTypes {
    return this.batch.records[index] as EventSourceDataClassTypes;
  }
}

/** Finds the delivery of a record; of a copy, by its identifier. */
function deliveries(batch: Batch, deadline: Signals): (record: unknown) => Delivery | undefined {
  const { source, records, identifiers } = batch;
  let known: Map<unknown, number> | undefined;
  let copied: Map<unknown, number> | undefined;
  const indexOfCopy = (record: unknown): number | undefined => {
    try {
      const identifier = identifierOf(source, record);
      // Backwards, so that of those that share an identifier the first is found.
      copied ??= new Map(identifiers.map((each, index) => [each && textOf(source, each), index] as const).reverse());
      return identifier ? copied.get(textOf(source, identifier)) : undefined;
    } catch {
      return undefined; // what a hook has handed on is no record, or cannot be read
    }
  };
  return (record) => {
    known ??= new Map(records.map((each, index) => [each, index]));
    const index = known.get(record) ?? indexOfCopy(record);
    return index === undefined ? undefined : new Delivery(batch, deadline, index);
  };
}

/** @throws TypeError where an option is async by nature */
function refuseAsync(options: BatchProcessingOptions): void {
  const asyncOnly = ['nonRetryable', 'retryDelay', 'recordTimeout', 'guard'] as const;
  const named =
    (options.concurrency ?? 1) !== 1 ? 'concurrency' : asyncOnly.find((name) => options[name] !== undefined);
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
