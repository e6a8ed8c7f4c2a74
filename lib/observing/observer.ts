import type { Context } from 'aws-lambda';

import type { Delivery } from '../batch/delivery';

/** A batch that begins. */
export interface BatchStart {
  /** The name of the source; `unknown` where neither a processor nor its records tell. */
  readonly source: string;
  /** As they were received. */
  readonly records: readonly unknown[];
  /** The Lambda context; undefined where a processor was not given it. */
  readonly context: Context | undefined;
}

/** A batch that is over; its records are counted by what became of them. */
export interface BatchSummary {
  /** The name of the source; `unknown` where neither a processor nor its records tell. */
  readonly source: string;
  /** How many there were. */
  readonly records: number;
  /** Ran, and succeeded. */
  readonly succeeded: number;
  /** Ran, or were running at the deadline, and did not succeed: they are reported. */
  readonly failed: number;
  /** Were not run, and are reported. */
  readonly unprocessed: number;
  /** Failed for good, and consumed: see the option `nonRetryable`. */
  readonly delivered: number;
  /** Milliseconds since the batch began. */
  readonly durationMs: number;
  /**
   * Why records were not run: the timeout was near (`stopBeforeTimeout`), a record threw StopBatchError, or an earlier one
   * failed. The first of these where there are several; undefined where all were run.
   */
  readonly stoppedBy: 'timeout' | 'stop-batch' | 'failure' | undefined;
}

/**
 * Sees what becomes of a batch, and changes nothing of it: what it throws is logged once. Only `onBatchStart` and
 * `onBatchEnd` are awaited, for half of the time that is left (until the deadline of `stopBeforeTimeout`, else until the
 * function's timeout) at the most.
 *
 * Batches can overlap: `batch` is the same object in all calls about one batch, and tells it from the others.
 */
export interface BatchObserver {
  /** Before the first record; awaited. */
  onBatchStart?(batch: BatchStart): unknown;
  /** A record is about to start. */
  onRecordStart?(delivery: Delivery, batch: BatchStart): unknown;
  /** Runs the method, by calling `next`, with something around it: an active span, a log context. */
  aroundRecord?(delivery: Delivery, next: () => unknown, batch: BatchStart): unknown;
  /** A record ran, and succeeded. */
  onRecordSuccess?(delivery: Delivery, batch: BatchStart): unknown;
  /** A record failed; `delivered` tells that it was delivered elsewhere, and is not reported. */
  onRecordFailure?(delivery: Delivery, error: Error, delivered: boolean, batch: BatchStart): unknown;
  /** A record was not run, and is reported; called when all others are over. */
  onRecordUnprocessed?(delivery: Delivery, cause: Error, batch: BatchStart): unknown;
  /** When every record has its outcome; awaited. */
  onBatchEnd?(summary: BatchSummary, batch: BatchStart): unknown;
}
