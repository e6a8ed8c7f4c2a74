import { errorsOf, isFullFailure, orderingMismatch } from '../answer';
import { type Batch, detectSource, readBatch, unknownBatch } from '../batch';
import { Delivery } from '../delivery';
import type { Deadline } from '../engine/deadline';
import type { Outcome } from '../engine/outcome';
import { type Job, run, runSync } from '../engine/run';
import { BatchProcessingError, FullBatchFailureError, toError, UnexpectedBatchTypeError } from '../errors';
import { type BatchLogger, isThenable, logFailure, logUnprocessed, logWarning, quietly, silent } from '../log';
import { checkValues } from '../options';
import type { Plan } from '../plan';
import { deadlineFor } from '../stop-before-timeout';
import type { BaseRecord, EventSourceDataClassTypes } from '../types';
import type { BasePartialProcessor } from './base-partial-processor';
import { fail, isResponse, type Response } from './hooks';
import type { Invocation } from './invocation';
import { invocations, planOf } from './keys';

/** The hooks around a batch: typed as `void` for those who override them, but some are async. */
interface Hooks {
  prepare(): unknown;
  clean(): unknown;
}

/** Runs what is registered with a processor: prepare, every record, clean. */
export async function processBatch(processor: BasePartialProcessor): Promise<Response[]> {
  const use = new Use(processor);
  const hooks: Hooks = processor;
  try {
    await hooks.prepare();
    const outcomes = await run(
      use.job((record) => processor.processRecord(record)),
      use.deadline,
    );
    const results = use.conclude(outcomes);
    await hooks.clean();
    use.throwIfFull(outcomes);
    return results;
  } finally {
    use.end();
  }
}

/** The same with the sync method of the processor, whose hooks must be sync too. */
export function processBatchSync(processor: BasePartialProcessor): Response[] {
  const use = new Use(processor);
  const hooks: Hooks = processor;
  try {
    refusePromise('prepare', hooks.prepare());
    const outcomes = runSync(
      use.job((record) => processor.processRecordSync(record)),
      use.deadline,
    );
    const results = use.conclude(outcomes);
    refusePromise('clean', hooks.clean());
    use.throwIfFull(outcomes);
    return results;
  } finally {
    use.end();
  }
}

/** The processors that have warned of an ordering that does not fit their queue: each does once. */
const warned = new WeakSet<BasePartialProcessor>();

/** One use of a processor: from the first check to the lists that its users read. */
class Use {
  readonly deadline: Deadline;
  readonly #processor: BasePartialProcessor;
  readonly #invocation: Invocation;
  readonly #registered: BaseRecord[];
  readonly #logger: BatchLogger;
  readonly #plan: Plan;
  #batch: Batch;

  constructor(processor: BasePartialProcessor) {
    const invocation = processor[invocations].current;
    if (invocation.running) {
      throw new BatchProcessingError('process() is already running: register() the next batch before processing it.');
    }
    const { options = {}, records } = invocation;
    checkValues(processor.constructor.name, { ...options }, ['concurrency', 'order', 'stopBeforeTimeout', 'logger']);
    this.#processor = processor;
    this.#invocation = invocation;
    this.#registered = records;
    this.#batch = batchOf(processor, records);
    this.#plan = processor[planOf](options);
    this.#logger = options.logger ?? silent;
    this.deadline = deadlineFor(options.stopBeforeTimeout, options.context);
    this.#warnOfMismatch();
    invocation.start();
  }

  job(attempt: (record: BaseRecord) => unknown): Job {
    const { records } = this.#invocation;
    if (records !== this.#registered) this.#batch = batchOf(this.#processor, records); // `prepare` replaced them
    const batch = this.#batch;
    this.#invocation.deliveryOf = deliveries(batch, this.deadline);
    return {
      count: batch.records.length,
      ordering: this.#plan.ordering,
      keyOf: (index) => batch.source.orderingKey(batch.records[index]),
      attempt: (index) => attempt(this.#record(index)),
      returned: (index, value) => this.#judge(index, value),
      threw: (index, thrown) => this.#fail(index, thrown),
    };
  }

  /** Tells the failure hook of what was not run, and makes lists and results agree with the outcomes. */
  conclude(outcomes: readonly Outcome[]): Response[] {
    const results: Response[] = [];
    const errors: Error[] = [];
    const failures: EventSourceDataClassTypes[] = [];
    const successes: EventSourceDataClassTypes[] = [];
    errorsOf(outcomes, this.#plan).forEach((error, index) => {
      const record = this.#record(index);
      const outcome = outcomes[index]!;
      results.push(outcome.status === 'unprocessed' ? this.#tellFailure(record, error) : (outcome.value as Response));
      if (outcome.status === 'success') {
        successes.push(record);
      } else {
        failures.push(record);
        errors.push(outcome.status === 'failure' ? outcome.error : this.#errorOf(record, error));
      }
    });
    logUnprocessed(this.#logger, outcomes);
    Object.assign(this.#invocation, {
      errors,
      failureMessages: failures,
      successMessages: successes,
      result: { batch: this.#batch, outcomes },
    });
    return results;
  }

  throwIfFull(outcomes: readonly Outcome[]): void {
    const { errors, options } = this.#invocation;
    if (isFullFailure(outcomes) && (options?.throwOnFullBatchFailure ?? true)) throw new FullBatchFailureError(errors);
  }

  end(): void {
    this.#invocation.running = false;
  }

  /** The tuple that `processRecord` returned decides. */
  #judge(index: number, returned: unknown): Outcome {
    const record = this.#record(index);
    if (isThenable(returned)) {
      quietly(() => returned);
      return this.#fail(
        index,
        new BatchProcessingError(
          'A promise was given to the sync API, which cannot wait for it: use processPartialResponse with an async processor.',
        ),
      );
    }
    const response = isResponse(returned) ? returned : this.#natural(record);
    if (response === undefined) {
      return this.#fail(
        index,
        new BatchProcessingError(
          "Expected processRecord to return ['success', result, record] or ['fail', message, record], received neither.",
        ),
      );
    }
    if (response[0] === 'success') return { status: 'success', value: response };
    return this.#failure(index, this.#errorOf(record, response[1]), response);
  }

  /** What the hooks were told of a record whose `processRecord` returned no tuple. */
  #natural(record: EventSourceDataClassTypes): Response | undefined {
    const error = this.#invocation.errorOf.get(record);
    if (error !== undefined) return ['fail', error.message, record];
    return this.#invocation.successMessages.includes(record) ? ['success', undefined, record] : undefined;
  }

  /** A record whose `processRecord` threw. */
  #fail(index: number, thrown: unknown): Outcome {
    const error = toError(thrown);
    const record = this.#record(index);
    const response = this.#tellFailure(record, error);
    return this.#failure(index, this.#errorOf(record, error), response);
  }

  #failure(index: number, error: Error, value: Response): Outcome {
    logFailure(this.#logger, this.#batch.identifiers[index], error);
    return { status: 'failure', error, value };
  }

  #tellFailure(record: EventSourceDataClassTypes, error: unknown): Response {
    const response = quietly(() => fail(this.#processor, record, error));
    return isResponse(response) ? response : ['fail', toError(error).message, record];
  }

  /** The error that the failure hook settled on, which may have wrapped the one that was thrown. */
  #errorOf(record: EventSourceDataClassTypes, otherwise: unknown): Error {
    return this.#invocation.errorOf.get(record) ?? toError(otherwise);
  }

  #record(index: number): EventSourceDataClassTypes {
    return this.#batch.records[index] as EventSourceDataClassTypes;
  }

  #warnOfMismatch(): void {
    if (warned.has(this.#processor)) return;
    const mismatch = orderingMismatch(this.#batch, this.#plan);
    if (mismatch === undefined) return;
    warned.add(this.#processor);
    logWarning(this.#logger, mismatch);
  }
}

function batchOf({ eventType }: BasePartialProcessor, records: unknown): Batch {
  if (!Array.isArray(records)) {
    throw new UnexpectedBatchTypeError(`Expected an array of records to be registered, received ${typeof records}.`);
  }
  const source = eventType ?? detectSource(records[0]);
  return source === undefined ? unknownBatch(records) : readBatch(source, records);
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
