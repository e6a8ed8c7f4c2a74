import type { Attempt, ExtendedBatch, Participant } from '../batch/extension';
import { logWarning } from '../batch/log';
import { type Stop, stopOf } from '../batch/stop';
import { isThenable, quietly } from '../batch/thenable';
import type { Outcome } from '../engine/outcome';
import { toError } from '../errors/to-error';
import { summaryOf } from '../errors/without-payload';
import type { BatchObserver, BatchStart, BatchSummary } from './observer';
import { Once } from './once';

/** One batch, as one observer sees it. */
export class Observation implements Participant {
  readonly #observer: BatchObserver;
  readonly #batch: ExtendedBatch;
  readonly #start: BatchStart;
  readonly #startedAt = performance.now();
  #complained = false;
  /** Absent where the observer puts nothing around records. */
  readonly around: Participant['around'];

  constructor(observer: BatchObserver, batch: ExtendedBatch) {
    const { source, records, context } = batch;
    this.#observer = observer;
    this.#batch = batch;
    this.#start = { source, records: [...records], context }; // whoever sorts it changes nothing
    this.around = this.#surrounds() ? (index, attempt) => this.#around(index, attempt) : undefined;
  }

  begin(): Promise<void> | undefined {
    return this.#awaited(() => this.#observer.onBatchStart?.(this.#start));
  }

  /** Tells of records that were not run, then of the whole batch. */
  end(outcomes: readonly Outcome[]): Promise<void> | undefined {
    const summary = this.#conclude(outcomes);
    return this.#awaited(() => this.#observer.onBatchEnd?.(summary, this.#start));
  }

  // These run once a record, so they make no closure, as `#tell` would need.

  start(index: number): void {
    try {
      this.#ignore(this.#observer.onRecordStart?.(this.#batch.deliveryOf(index), this.#start));
    } catch (thrown) {
      this.#complain(thrown);
    }
  }

  settled(index: number, outcome: Outcome): void {
    const delivery = this.#batch.deliveryOf(index);
    try {
      if (outcome.status === 'success' && outcome.delivered === undefined) {
        this.#ignore(this.#observer.onRecordSuccess?.(delivery, this.#start));
      } else if (outcome.status !== 'unprocessed') {
        const error = outcome.status === 'failure' ? outcome.error : outcome.delivered!;
        this.#ignore(this.#observer.onRecordFailure?.(delivery, error, outcome.status === 'success', this.#start));
      }
    } catch (thrown) {
      this.#complain(thrown);
    }
  }

  #conclude(outcomes: readonly Outcome[]): BatchSummary {
    let [succeeded, delivered, failed, unprocessed] = [0, 0, 0, 0];
    const stops = new Set<Stop>();
    outcomes.forEach((outcome, index) => {
      if (outcome.status === 'failure') failed++;
      else if (outcome.status === 'success') {
        if (outcome.delivered === undefined) succeeded++;
        else delivered++;
      } else {
        unprocessed++;
        stops.add(stopOf(outcome.cause));
        const delivery = this.#batch.deliveryOf(index);
        this.#tell(() => this.#observer.onRecordUnprocessed?.(delivery, outcome.cause, this.#start));
      }
    });
    const counts = { succeeded, failed, unprocessed, delivered };
    const { source } = this.#start;
    const stoppedBy = (['timeout', 'stop-batch', 'failure'] as const).find((stop) => stops.has(stop));
    return { source, records: outcomes.length, ...counts, durationMs: performance.now() - this.#startedAt, stoppedBy };
  }

  #surrounds(): boolean {
    try {
      return this.#observer.aroundRecord !== undefined;
    } catch (thrown) {
      this.#complain(thrown);
      return false;
    }
  }

  /** Runs the attempt within what the observer puts around it: exactly once, whatever the observer does with `next`. */
  #around(index: number, attempt: Attempt): unknown {
    const delivery = this.#batch.deliveryOf(index);
    const call = new Once(() => {
      const { signal } = delivery;
      if (signal.aborted) throw toError(signal.reason); // the observer took too long: the batch has been answered
      return attempt(index);
    });
    const next = (): unknown => {
      const result = call.run();
      if (!isThenable(result)) return this.#shown(index, result);
      const promise = Promise.resolve(result).then((value) => this.#shown(index, value));
      return quietly(() => promise); // an observer may drop it
    };
    let returned: unknown;
    try {
      returned = this.#observer.aroundRecord!(delivery, next, this.#start);
    } catch (thrown) {
      this.#complainUnlessOwn(next, thrown);
    }
    if (quietly(() => isThenable(returned)) === true) {
      const waiting = Promise.resolve(returned).then(undefined, (thrown: unknown) => {
        this.#complainUnlessOwn(next, thrown);
      });
      if (!call.started && this.#batch.isAsync) return call.startedOr(waiting);
    }
    return call.run();
  }

  /** What an observer is shown of what an attempt returned: a failure is thrown. */
  #shown(index: number, value: unknown): unknown {
    const error = this.#batch.failureOf(index, value);
    if (error !== undefined) throw error;
    return value;
  }

  /** What an observer throws can be what the record has thrown. */
  #complainUnlessOwn(next: () => unknown, thrown: unknown): void {
    new Promise((resolve) => {
      resolve(next());
    }).then(
      () => {
        this.#complain(thrown);
      },
      (reason: unknown) => {
        if (reason !== thrown) this.#complain(thrown);
      },
    );
  }

  #tell(call: () => unknown): void {
    try {
      this.#ignore(call());
    } catch (thrown) {
      this.#complain(thrown);
    }
  }

  /** What there is to wait for: until it is over, or the patience of the batch is. */
  #awaited(call: () => unknown): Promise<void> | undefined {
    try {
      const returned = call();
      if (this.#batch.isAsync && isThenable(returned)) return this.#settle(returned);
      this.#ignore(returned);
    } catch (thrown) {
      this.#complain(thrown);
    }
    return undefined;
  }

  async #settle(returned: PromiseLike<unknown>): Promise<void> {
    const patience = this.#batch.patience('It', Infinity);
    try {
      await Promise.race([returned, patience.over]);
    } catch (thrown) {
      this.#complain(thrown);
    }
    patience.release();
  }

  /** What is not waited for; its rejection is told of all the same. */
  #ignore(returned: unknown): void {
    if (!isThenable(returned)) return;
    returned.then(undefined, (thrown: unknown) => {
      this.#complain(thrown);
    });
  }

  /** Once: what fails for one record fails for many. */
  #complain(thrown: unknown): void {
    if (this.#complained) return;
    this.#complained = true;
    logWarning(this.#batch.logger, `An observer failed, which changes nothing: ${summaryOf(toError(thrown))}.`);
  }
}
