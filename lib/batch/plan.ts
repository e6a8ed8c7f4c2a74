import { byKey, firstFailureStops, type Ordering, parallel, sequential } from '../engine/ordering';
import { SqsFifoMessageGroupShortCircuitError, SqsFifoShortCircuitError, UnprocessedRecordError } from '../errors';

/** How a batch runs, and the error of a record that was not run because an earlier one failed. */
export interface Plan {
  readonly ordering: Ordering;
  /** What the option `order` says, for the source to tell the key of a record. */
  readonly order?: string | undefined;
  readonly Unprocessed: new (options?: ErrorOptions) => UnprocessedRecordError;
}

/** The options that decide the plan. */
export interface OrderingOptions {
  readonly fifo?: boolean;
  readonly skipGroupOnError?: boolean;
  readonly order?: string;
  readonly concurrency?: number;
  readonly processInParallel?: boolean;
}

/** Checked options into the plan they choose. */
export function planFor(options: OrderingOptions): Plan {
  if (options.fifo === true) {
    return options.skipGroupOnError
      ? { ordering: byKey(options.concurrency ?? 1), Unprocessed: SqsFifoMessageGroupShortCircuitError }
      : { ordering: firstFailureStops, Unprocessed: SqsFifoShortCircuitError };
  }
  return { ordering: orderingFor(options), order: options.order, Unprocessed: UnprocessedRecordError };
}

function orderingFor({ order, concurrency, processInParallel }: OrderingOptions): Ordering {
  if (order === 'shard') return firstFailureStops;
  if (order !== undefined) return byKey(concurrency ?? Infinity);
  return !(processInParallel ?? true) || concurrency === 1 ? sequential : parallel(concurrency);
}
