import { type Chunk, chunksBy } from '../batch/chunking';
import { surrounds } from '../batch/extension';
import type { Plan } from '../batch/plan';
import { knownOptions } from '../errors/known-options';
import { show } from '../errors/show';
import { Calls } from './calls';

/** Options of `chunksOf`; `T` is what is handed over of a record. */
export interface ChunkOptions<T = never> {
  /**
   * How many bytes a chunk has at the most, counted of what is handed over: text and bytes as they are, anything else as JSON
   * in UTF-8. A record that is larger by itself is a chunk of its own. A positive integer. Default: no limit.
   */
  readonly maxBytes?: number | undefined;
  /**
   * `true`: at most one record of a lane in a chunk; needs an order. With a function at most one record of each value, and
   * the same value never in two chunks at once, which is what BatchWriteItem needs. A record fails for which it throws, or
   * gives no text. Default: no limit.
   */
  readonly distinct?: true | ((handed: T) => string) | undefined;
}

/**
 * Has a method handle several records at once, for the option `chunk`: it is called with an array of what it would have been
 * called with, the context, and an array of deliveries.
 *
 * Where it resolves to nothing all of them have succeeded; a ChunkError names those that failed, by their index; anything else
 * that it throws, or returns, fails all of them. Chunks are made in arrival order, `concurrency` is how many run at once, and
 * a failure stops its lane, also within its chunk: what stands behind it there is reported, and comes again.
 *
 * @param size how many records a chunk has at the most: an integer from 1 to 10,000
 * @throws TypeError where an option is not what it should be
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'SQS', payload: json<Order>(), chunk: chunksOf(25) }, async (chunk) => {
 *   await orders.placeAll(chunk); // throws a ChunkError where some of them failed
 * });
 * ```
 */
export function chunksOf<T = unknown>(size: number, options: ChunkOptions<T> = {}): Chunk<T> {
  if (!Number.isInteger(size) || size < 1 || size > 10_000) {
    throw new TypeError(`chunksOf: expected a size from 1 to 10000, received ${show(size)}.`);
  }
  const { maxBytes = Infinity, distinct } = checked(options);
  const rules = {
    size,
    maxBytes,
    onePerLane: distinct === true,
    distinct: typeof distinct === 'function' ? (distinct as (handed: never) => string) : undefined,
  };
  return Object.freeze({
    [chunksBy]: {
      size,
      check: (who: string, given: Readonly<Record<string, unknown>>, plan: Plan) => {
        if (given.processor !== undefined) {
          throw new TypeError(`${who}: chunk is for methods; a processor handles single records.`);
        }
        if (
          (given.observers as readonly Partial<Record<symbol, unknown>>[] | undefined)?.some((each) => each[surrounds])
        ) {
          throw new TypeError(
            `${who}: chunk has nothing for aroundRecord to go around, since one call is for several records: leave that observer out, or handle single records.`,
          );
        }
        if (distinct === true && !plan.ordering.failureStopsLane) {
          throw new TypeError(
            `${who}: distinct: true is about lanes, and without an order there are none: give chunksOf a function as distinct, or set an order.`,
          );
        }
      },
      chunksOf: (chunked) => new Calls(chunked, rules),
    },
  } satisfies Chunk);
}

/** @throws TypeError for what is no option, or has a value it can't have */
function checked<T>(options: ChunkOptions<T>): ChunkOptions<T> {
  const refuse = (expected: string, received: unknown) =>
    new TypeError(`chunksOf: expected ${expected}, received ${show(received)}.`);
  const { maxBytes, distinct } = knownOptions('chunksOf', options, '{ maxBytes, distinct }', ['maxBytes', 'distinct']);
  if (maxBytes !== undefined && (!Number.isInteger(maxBytes) || maxBytes < 1)) {
    throw refuse('maxBytes to be a positive integer', maxBytes);
  }
  if (distinct !== undefined && (distinct as unknown) !== true && typeof distinct !== 'function') {
    throw refuse('distinct to be true or a function', distinct);
  }
  return options;
}
