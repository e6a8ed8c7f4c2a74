import type { Context } from 'aws-lambda';

import type { Delivery } from './delivery';
import type { Outcome } from './engine/outcome';
import type { Job } from './engine/run';
import { StoppedBeforeTimeoutError, toError } from './errors';
import { type BatchLogger, isThenable, logWarning, quietly, summaryOf } from './log';
import { Patience } from './patience';
import type { SourceName } from './sources';
import { withoutPayload } from './without-payload';

/** A batch that begins. */
export interface BatchStart {
  readonly source: SourceName | undefined;
  readonly records: readonly unknown[];
  readonly context: Context | undefined;
}

/** A batch that is over; its records are counted by what became of them. */
export interface BatchSummary {
  readonly source: SourceName | undefined;
  readonly records: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly unprocessed: number;
  /** Failed for good, and consumed: see the option `nonRetryable`. */
  readonly delivered: number;
  readonly durationMs: number;
  /** Why records were not run; undefined where all were. */
  readonly stoppedBy: 'failure' | 'timeout' | undefined;
}

/**
 * Sees what becomes of a batch, and changes nothing of it: what it throws is logged once. Only `onBatchStart` and
 * `onBatchEnd` are awaited, for half of the function's time that is left at the most.
 *
 * Batches can overlap: `batch` is the same object in all calls about one batch, and tells it from the others.
 */
export interface BatchObserver {
  onBatchStart?(batch: BatchStart): unknown;
  onRecordStart?(delivery: Delivery, batch: BatchStart): unknown;
  /** Runs the method, by calling `next`, with something around it: an active span, a log context. */
  aroundRecord?(delivery: Delivery, next: () => unknown, batch: BatchStart): unknown;
  onRecordSuccess?(delivery: Delivery, batch: BatchStart): unknown;
  /** `delivered` tells that the record was delivered elsewhere, and is not reported. */
  onRecordFailure?(delivery: Delivery, error: Error, delivered: boolean, batch: BatchStart): unknown;
  onRecordUnprocessed?(delivery: Delivery, cause: Error, batch: BatchStart): unknown;
  onBatchEnd?(summary: BatchSummary, batch: BatchStart): unknown;
}

/** One batch, as its observers see it. */
export class Observation {
  readonly #observers: readonly BatchObserver[];
  readonly #logger: BatchLogger;
  readonly #batch: BatchStart;
  readonly #deliveryOf: (index: number) => Delivery;
  readonly #startedAt = performance.now();
  readonly #isAsync: boolean;
  readonly #complained = new Set<BatchObserver>();

  /** @param isAsync whether the attempts may wait for observers */
  constructor(
    observers: readonly BatchObserver[],
    logger: BatchLogger,
    batch: BatchStart,
    deliveryOf: (index: number) => Delivery,
    isAsync = true,
  ) {
    this.#observers = observers;
    this.#logger = logger;
    this.#batch = batch;
    this.#deliveryOf = deliveryOf;
    this.#isAsync = isAsync;
  }

  /** Tells of the batch, and waits for those that are async. */
  async start(): Promise<void> {
    await this.#all((observer) => observer.onBatchStart?.(this.#batch));
  }

  /** Tells of records that were not run, then of the whole batch, and waits for those that are async. */
  async end(outcomes: readonly Outcome[]): Promise<void> {
    const summary = this.#conclude(outcomes);
    await this.#all((observer) => observer.onBatchEnd?.(summary, this.#batch));
  }

  /** The same for those who cannot wait. */
  endSync(outcomes: readonly Outcome[]): void {
    const summary = this.#conclude(outcomes);
    this.#tell((observer) => observer.onBatchEnd?.(summary, this.#batch));
  }

  startSync(): void {
    this.#tell((observer) => observer.onBatchStart?.(this.#batch));
  }

  /**
   * The job with each attempt told of, and run within what observers put around it.
   *
   * @param failureOf the error of what an attempt returned, which is what they see; undefined where it has not failed
   */
  aroundAttempts(job: Job, failureOf: (index: number, value: unknown) => Error | undefined): Job {
    const arounds = this.#arounds();
    const attempt = (index: number): unknown => {
      const delivery = this.#deliveryOf(index);
      this.#tellOfStart(delivery);
      if (arounds.length === 0) return job.attempt(index);
      const shown = (value: unknown): unknown => {
        const error = failureOf(index, value);
        if (error !== undefined) throw error;
        return value;
      };
      const run = arounds.reduceRight<() => unknown>(
        (next, observer) => () => this.#around(observer, delivery, next, shown),
        () => {
          const { signal } = delivery;
          if (signal.aborted) throw toError(signal.reason); // an observer took too long: the batch has been answered
          return job.attempt(index);
        },
      );
      return run();
    };
    return { ...job, attempt };
  }

  /** The job with each outcome told of. */
  afterAttempts(job: Job): Job {
    const told = (index: number, outcome: Outcome): Outcome => {
      const delivery = this.#deliveryOf(index);
      if (outcome.status === 'failure') this.#tellOfFailure(delivery, outcome.error, false);
      else if (outcome.status === 'success' && outcome.delivered !== undefined) {
        this.#tellOfFailure(delivery, outcome.delivered, true);
      } else this.#tellOfSuccess(delivery);
      return outcome;
    };
    return {
      ...job,
      returned: (index, value) => told(index, job.returned(index, value)),
      threw: (index, thrown) => told(index, job.threw(index, thrown)),
    };
  }

  #conclude(outcomes: readonly Outcome[]): BatchSummary {
    let [succeeded, delivered, failed, unprocessed] = [0, 0, 0, 0];
    let stoppedBy: BatchSummary['stoppedBy'];
    outcomes.forEach((outcome, index) => {
      if (outcome.status === 'failure') failed++;
      else if (outcome.status === 'success') {
        if (outcome.delivered === undefined) succeeded++;
        else delivered++;
      } else {
        unprocessed++;
        stoppedBy ??= outcome.cause instanceof StoppedBeforeTimeoutError ? 'timeout' : 'failure';
        const delivery = this.#deliveryOf(index);
        this.#tell((observer) => observer.onRecordUnprocessed?.(delivery, outcome.cause, this.#batch));
      }
    });
    const counts = { succeeded, failed, unprocessed, delivered };
    const { source } = this.#batch;
    return { source, records: outcomes.length, ...counts, durationMs: performance.now() - this.#startedAt, stoppedBy };
  }

  /** Those who put something around a record. */
  #arounds(): BatchObserver[] {
    return this.#observers.filter((observer) => {
      try {
        return observer.aroundRecord !== undefined;
      } catch (thrown) {
        this.#complain(observer, thrown);
        return false;
      }
    });
  }

  /** Runs the attempt within one observer: exactly once, whatever the observer does with `next`. */
  #around(
    observer: BatchObserver,
    delivery: Delivery,
    run: () => unknown,
    shown: (value: unknown) => unknown,
  ): unknown {
    const call = new Once(run);
    const next = (): unknown => {
      const result = call.run();
      if (!isThenable(result)) return shown(result);
      const promise = Promise.resolve(result).then(shown);
      return quietly(() => promise); // an observer may drop it
    };
    let returned: unknown;
    try {
      returned = observer.aroundRecord!(delivery, next, this.#batch);
    } catch (thrown) {
      this.#complainUnlessOwn(observer, next, thrown);
    }
    if (quietly(() => isThenable(returned)) === true) {
      const waiting = Promise.resolve(returned).then(undefined, (thrown: unknown) => {
        this.#complainUnlessOwn(observer, next, thrown);
      });
      if (!call.started && this.#isAsync) return call.startedOr(waiting);
    }
    return call.run();
  }

  /** What an observer throws can be what the record has thrown. */
  #complainUnlessOwn(observer: BatchObserver, next: () => unknown, thrown: unknown): void {
    new Promise((resolve) => {
      resolve(next());
    }).then(
      () => {
        this.#complain(observer, thrown);
      },
      (reason: unknown) => {
        if (reason !== thrown) this.#complain(observer, thrown);
      },
    );
  }

  // These run once a record, so they make no closure, as `#tell` would need.

  #tellOfStart(delivery: Delivery): void {
    for (const observer of this.#observers) {
      try {
        this.#ignore(observer, observer.onRecordStart?.(delivery, this.#batch));
      } catch (thrown) {
        this.#complain(observer, thrown);
      }
    }
  }

  #tellOfSuccess(delivery: Delivery): void {
    for (const observer of this.#observers) {
      try {
        this.#ignore(observer, observer.onRecordSuccess?.(delivery, this.#batch));
      } catch (thrown) {
        this.#complain(observer, thrown);
      }
    }
  }

  #tellOfFailure(delivery: Delivery, error: Error, delivered: boolean): void {
    this.#tell((observer) => observer.onRecordFailure?.(delivery, error, delivered, this.#batch));
  }

  #tell(call: (observer: BatchObserver) => unknown): void {
    for (const observer of this.#observers) {
      try {
        this.#ignore(observer, call(observer));
      } catch (thrown) {
        this.#complain(observer, thrown);
      }
    }
  }

  async #all(call: (observer: BatchObserver) => unknown): Promise<void> {
    const waiting: { readonly observer: BatchObserver; readonly returned: PromiseLike<unknown> }[] = [];
    for (const observer of this.#observers) {
      try {
        const returned = call(observer);
        if (isThenable(returned)) waiting.push({ observer, returned });
      } catch (thrown) {
        this.#complain(observer, thrown);
      }
    }
    if (waiting.length === 0) return;
    const patience = new Patience('It', this.#batch.context, Infinity);
    const settle = async ({ observer, returned }: (typeof waiting)[number]): Promise<void> => {
      try {
        await Promise.race([returned, patience.over]);
      } catch (thrown) {
        this.#complain(observer, thrown);
      }
    };
    await Promise.all(waiting.map(settle));
    patience.release();
  }

  /** What is not waited for; its rejection is told of all the same. */
  #ignore(observer: BatchObserver, returned: unknown): void {
    if (!isThenable(returned)) return;
    returned.then(undefined, (thrown: unknown) => {
      this.#complain(observer, thrown);
    });
  }

  /** Once for each observer: what fails for one record fails for many. */
  #complain(observer: BatchObserver, thrown: unknown): void {
    if (this.#complained.has(observer)) return;
    this.#complained.add(observer);
    const summary = summaryOf(withoutPayload(toError(thrown)));
    logWarning(this.#logger, `An observer failed, which changes nothing: ${summary}.`);
  }
}

/** A call that is made once, and gives the same result to all who ask. */
class Once {
  readonly #call: () => unknown;
  #result: { readonly value: unknown } | { readonly thrown: unknown } | undefined;
  #onStart: () => void = () => undefined;

  constructor(call: () => unknown) {
    this.#call = call;
  }

  get started(): boolean {
    return this.#result !== undefined;
  }

  run(): unknown {
    if (this.#result === undefined) {
      try {
        this.#result = { value: this.#call() };
      } catch (thrown) {
        this.#result = { thrown };
      }
      this.#onStart();
    }
    if ('thrown' in this.#result) throw this.#result.thrown;
    return this.#result.value;
  }

  /** The result, once the call has started; it is started when `waiting` is over, if not before. */
  startedOr(waiting: PromiseLike<unknown>): Promise<unknown> {
    return new Promise<void>((resolve) => {
      this.#onStart = resolve;
      void waiting.then(() => {
        resolve();
      });
    }).then(() => this.run());
  }
}
