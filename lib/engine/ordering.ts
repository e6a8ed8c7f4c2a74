/**
 * How the records of a batch may run.
 *
 * A lane runs its records in order, one at a time; lanes run side by side, up to `concurrency`.
 */
export interface Ordering {
  /** Which records share a lane: none (`record`), all of them (`batch`), or those with the same key (`key`). */
  readonly lane: 'record' | 'batch' | 'key';
  /** How many lanes run at once: a positive integer or Infinity. */
  readonly concurrency: number;
  /** Whether a failure leaves the rest of its lane unprocessed. */
  readonly failureStopsLane: boolean;
}

/** Every record on its own, up to `concurrency` at once. */
export const parallel = (concurrency = Infinity): Ordering => ({
  lane: 'record',
  concurrency,
  failureStopsLane: false,
});

/** One record after another; a failure stops nothing. */
export const sequential: Ordering = { lane: 'batch', concurrency: 1, failureStopsLane: false };

/** One record after another; the first failure leaves the rest of the batch unprocessed. */
export const firstFailureStops: Ordering = { lane: 'batch', concurrency: 1, failureStopsLane: true };

/** In order within a key; a failure leaves the rest of its key unprocessed. */
export const byKey = (concurrency: number): Ordering => ({ lane: 'key', concurrency, failureStopsLane: true });
