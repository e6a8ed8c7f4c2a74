import { errorsOf, isFullFailure, orderingMismatch } from '../answer';
import type { Batch } from '../batch';
import { Delivery } from '../delivery';
import type { Deadline } from '../engine/deadline';
import type { Outcome } from '../engine/outcome';
import { type Job, run, runSync } from '../engine/run';
import { BatchProcessingError, FullBatchFailureError, StoppedBeforeTimeoutError, toError } from '../errors';
import { type BatchLogger, isThenable, logFailure, logUnprocessed, logWarning, quietly, silent } from '../log';
import { checkValues } from '../options';
import type { Plan } from '../plan';
import { deadlineFor } from '../stop-before-timeout';
import type { BaseRecord, EventSourceDataClassTypes } from '../types';
import type { BasePartialProcessor } from './base-partial-processor';
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
    const outcomes = await run(job, use.deadline);
    const answers = use.answers(outcomes);
    const results = answers.some(isThenable) ? await allOf(answers) : (answers as Response[]);
    use.conclude(outcomes, results);
    await use.within(() => hooks.clean());
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
    const outcomes = runSync(job, use.deadline);
    const results = use.answers(outcomes) as Response[];
    use.conclude(outcomes, results);
    refusePromise(
      'clean',
      use.within(() => hooks.clean()),
    );
    use.throwIfFull();
    return results;
  } finally {
    use.end();
  }
}

/** The processors that have warned of an ordering that does not fit their queue: each does once. */
const warned = new WeakSet<BasePartialProcessor>();

/** One use of a processor: from the first check to the lists that its users read. */
class Use {
  readonly processor: BasePartialProcessor;
  readonly invocation: Invocation;
  readonly isAsync: boolean;
  readonly deadline: Deadline;
  readonly #registered: BaseRecord[];
  readonly #logger: BatchLogger;
  readonly #plan: Plan;
  #batch: Batch;
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
    checkValues(processor.constructor.name, { ...options }, ['concurrency', 'order', 'stopBeforeTimeout', 'logger']);
    this.processor = processor;
    this.invocation = invocation;
    this.isAsync = isAsync;
    this.#registered = records;
    this.#batch = batchOf(processor, records);
    this.#plan = processor['~planOf'](options);
    if (!isAsync && (options.concurrency ?? 1) !== 1) {
      throw new TypeError('concurrency: a sync processor runs one record at a time; use an async one.');
    }
    this.#logger = options.logger ?? silent;
    this.deadline = deadlineFor(options.stopBeforeTimeout, options.context);
    this.#warnOfMismatch();
    invocation.isSync = !isAsync;
    invocation.start();
  }

  within<T>(call: () => T): T {
    return this.processor['~invocations'].within(this.invocation, call);
  }

  job(attempt: (record: BaseRecord) => unknown): Job {
    const { records, failureMessages, errors } = this.invocation;
    failureMessages.forEach((record, index) => {
      if (this.#batch.records.includes(record)) this.#refused.set(record, toError(errors[index]));
    });
    if (records !== this.#registered) this.#batch = batchOf(this.processor, records); // `prepare` replaced them
    const batch = this.#batch;
    this.invocation.deliveryOf = deliveries(batch, this.deadline);
    return {
      count: batch.records.length,
      ordering: this.#plan.ordering,
      keyOf: (index) => batch.source.orderingKey(batch.records[index]),
      attempt: (index) => this.within(() => attempt(this.#record(index))),
      returned: (index, value) => this.#judge(index, value),
      threw: (index, thrown) => this.#fail(index, thrown),
    };
  }

  /** The tuple of each record; the failure hook is told of those that were not run. */
  answers(outcomes: readonly Outcome[]): Answer[] {
    logUnprocessed(this.#logger, outcomes);
    const errors = errorsOf(outcomes, this.#plan);
    return outcomes.map((outcome, index) =>
      outcome.status === 'unprocessed' ? fail(this, this.#record(index), errors[index]) : (outcome.value as Answer),
    );
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
      if (failed) errors.push(errorOf(results[index]!));
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

  /** The tuple that `processRecord` returned decides. */
  #judge(index: number, returned: unknown): Outcome {
    const record = this.#record(index);
    if (isThenable(returned)) {
      quietly(() => returned);
      return this.#fail(
        index,
        new BatchProcessingError('processRecordSync returned a promise: use process() instead.'),
      );
    }
    const response = isResponse(returned) ? returned : told(this.invocation, record);
    if (response === undefined) {
      const expected = "['success', result, record] or ['fail', message, record]";
      return this.#fail(
        index,
        new BatchProcessingError(`Expected processRecord to return ${expected}, received neither.`),
      );
    }
    if (response[0] === 'success') return { status: 'success', value: response };
    return this.#failure(index, errorOf(response), response);
  }

  /** A record whose `processRecord` threw, or that was running at the deadline. */
  #fail(index: number, thrown: unknown): Outcome {
    const record = this.#record(index);
    const answer = fail(this, record, thrown);
    if (thrown instanceof StoppedBeforeTimeoutError) this.invocation.abandoned.add(record);
    return this.#failure(index, toError(thrown), answer);
  }

  #failure(index: number, error: Error, value: Answer): Outcome {
    logFailure(this.#logger, this.#batch.identifiers[index], error);
    return { status: 'failure', error, value };
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

function refusePromise(hook: string, returned: unknown): void {
  if (!isThenable(returned)) return;
  quietly(() => returned);
  throw new BatchProcessingError(`${hook}() returned a promise, which processSync() cannot wait for: use process().`);
}
