import type { Context } from 'aws-lambda';

import type { Deadline } from '../engine/deadline';
import type { Failure, Outcome } from '../engine/outcome';
import { type Job, run, runSync } from '../engine/run';
import { FullBatchFailureError, StopBatchError } from '../errors';
import { errorsOf, isFullFailure, orderingMismatch } from './answer';
import type { Batch } from './batch';
import { Delivery } from './delivery';
import { isDurable, refuseInDurable } from './durable';
import { type Attempt, extendsBatch, hostOf, type Participation } from './extension';
import { keepAlive, letGo } from './keep-alive';
import { FailureLog, logUnprocessed, logWarning, silent } from './log';
import type { Settings } from './settings';

/** What is left of a batch when all who have a say in it have been heard. */
export interface Verdict {
  readonly outcomes: readonly Outcome[];
  readonly errors?: readonly Error[];
}

/** One batch, as a front hands it over: what is run, how it is judged, and what the front wants to be told. */
export interface Handling<T> {
  readonly settings: Settings;
  readonly context: Context | undefined;
  readonly deadline: Deadline;
  /** Before all else; awaited. It may replace the batch. */
  prepare?(): unknown;
  /** Read when the batch is prepared. */
  readonly batch: Batch;
  readonly attempt: Attempt;
  /** Who decides which record starts next. Default: the plan alone. */
  readonly schedule?: Job['schedule'];
  /** The error of what an attempt returned; undefined where it has not failed. */
  failureOf(index: number, value: unknown): Error | undefined;
  /** Judges what an attempt returned. */
  returned(index: number, value: unknown): Outcome;
  /** Judges what an attempt threw, or that it was not over at the deadline. */
  threw(index: number, thrown: unknown): Outcome;
  /** When every record has its outcome; awaited. */
  conclude?(outcomes: readonly Outcome[]): unknown;
  /** Whether a full failure is thrown, asked when all is over. Default: as the settings say. */
  throws?(): boolean;
  /** What a full failure is judged by. Default: the outcomes. */
  verdict?(): Verdict;
  answer(outcomes: readonly Outcome[]): T;
  /** When it is over, however it ended. */
  over?(): void;
}

/**
 * Runs one batch, from its records to its answer: the way of every batch, whatever front it came from. What `make` throws
 * is a rejection.
 *
 * @throws FullBatchFailureError where no record succeeded, unless `throwOnFullBatchFailure` is false
 */
export async function runBatch<T>(make: () => Handling<T>): Promise<T> {
  const handling = make();
  const hold = keepAlive(handling.context);
  try {
    if (handling.prepare !== undefined) await handling.prepare();
    const batch = new BatchRun(handling, true);
    const begun = batch.all('begin');
    if (begun !== undefined) await begun; // else the first records start before control is given up
    const outcomes = await run(batch, handling.deadline);
    batch.log(outcomes);
    try {
      if (handling.conclude !== undefined) await handling.conclude(outcomes);
      const concluded = batch.all('conclude', outcomes);
      if (concluded !== undefined) await concluded;
    } finally {
      const ended = batch.all('end', outcomes);
      if (ended !== undefined) await ended;
    }
    refuseFullFailure(handling, outcomes);
    return handling.answer(outcomes);
  } finally {
    letGo(hold);
    handling.over?.();
  }
}

/** The same for what waits for nothing. */
export function runBatchSync<T>(make: () => Handling<T>): T {
  const handling = make();
  try {
    handling.prepare?.();
    const batch = new BatchRun(handling, false);
    void batch.all('begin');
    const outcomes = runSync(batch, handling.deadline);
    batch.log(outcomes);
    try {
      handling.conclude?.(outcomes);
      void batch.all('conclude', outcomes);
    } finally {
      void batch.all('end', outcomes);
    }
    refuseFullFailure(handling, outcomes);
    return handling.answer(outcomes);
  } finally {
    handling.over?.();
  }
}

function refuseFullFailure(handling: Handling<unknown>, outcomes: readonly Outcome[]): void {
  const { throwOnFullBatchFailure, plan } = handling.settings;
  if (!(handling.throws?.() ?? throwOnFullBatchFailure)) return;
  const verdict = handling.verdict?.() ?? { outcomes };
  if (!isFullFailure(verdict.outcomes)) return;
  throw new FullBatchFailureError(verdict.errors ?? (errorsOf(outcomes, plan) as Error[])); // none of them succeeded
}

/** The job that a batch is for the engine, with all that takes part in it. */
class BatchRun implements Job {
  readonly count: number;
  readonly ordering: Job['ordering'];
  readonly attempt: Attempt;
  readonly schedule: Job['schedule'];
  readonly #handling: Handling<unknown>;
  readonly #batch: Batch;
  readonly #log: FailureLog;
  /** Until then failures have no line: a durable function comes to each of them at every replay, but to the end once. */
  readonly #logsAtEnd: boolean;
  /** Undefined where nothing takes part. */
  readonly #participation: Participation | undefined;

  constructor(handling: Handling<unknown>, isAsync: boolean) {
    const { batch, settings } = handling;
    this.#handling = handling;
    this.#batch = batch;
    this.#log = new FailureLog(settings.logger);
    this.count = batch.records.length;
    this.ordering = settings.plan.ordering;
    this.schedule = handling.schedule;
    this.#logsAtEnd = isDurable(handling.context);
    const { lane, concurrency } = this.ordering;
    if (lane === 'key' && concurrency > 1) {
      refuseInDurable(handling.context, 'order by key, or skipGroupOnError, without concurrency: 1');
    }
    const host = hostOf(handling.context);
    const extensions = host === undefined ? settings.extensions : [host, ...settings.extensions];
    this.#participation = extensions[0]?.[extendsBatch].join(extensions, handling, isAsync);
    this.attempt = this.#participation?.attempt ?? handling.attempt;
    warnOfMismatch(batch, settings);
  }

  keyOf(index: number): string | undefined {
    return this.#batch.source.orderingKey(this.#batch.records[index], this.#handling.settings.plan.order);
  }

  returned(index: number, value: unknown): Outcome {
    const participation = this.#participation;
    const outcome = participation?.outcomeOf(value) ?? this.#handling.returned(index, value);
    const isTold = participation !== undefined || outcome.status !== 'success'; // else nobody is told of a success
    return isTold ? this.#settled(index, outcome) : outcome;
  }

  threw(index: number, thrown: unknown): Outcome {
    return this.#settled(index, this.#handling.threw(index, thrown));
  }

  /** The last lines about records: those of errors that repeat, and of what was not run. */
  log(outcomes: readonly Outcome[]): void {
    if (this.#logsAtEnd) for (const [index, outcome] of outcomes.entries()) this.#logFailure(index, outcome);
    this.#log.end();
    logUnprocessed(this.#handling.settings.logger, outcomes);
  }

  /** Calls a hook of all that takes part; what there is to wait for, if there is anything. */
  all(hook: 'begin' | 'conclude' | 'end', outcomes?: readonly Outcome[]): Promise<unknown> | undefined {
    return this.#participation?.all(hook, outcomes);
  }

  #logFailure(index: number, outcome: Outcome): void {
    if (outcome.status !== 'failure') return;
    this.#log.add(new Delivery(this.#batch, this.#handling.deadline, index), outcome.error);
  }

  #settled(index: number, outcome: Outcome): Outcome {
    if (!this.#logsAtEnd) this.#logFailure(index, outcome);
    const { error } = outcome as Partial<Failure>; // which no other has
    this.#participation?.settled(index, outcome);
    return error instanceof StopBatchError ? { ...(outcome as Failure), stopsBatch: true } : outcome;
  }
}

/** The settings of which the log has said what is wrong with them: each does once. */
const warned = new WeakSet<object>();

function warnOfMismatch(batch: Batch, { logger, owner, plan }: Settings): void {
  if (logger === silent || warned.has(owner)) return;
  const mismatch = orderingMismatch(batch, plan);
  if (mismatch === undefined) return;
  warned.add(owner);
  logWarning(logger, mismatch);
}
