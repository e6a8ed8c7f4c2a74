import { checkRecordFunction } from '../batch/checks';
import type { RecordMethod } from '../batch/reader';
import type { AnySource } from '../sources';
import type { BatchMethod, ChunkMethodOf, ContextOf, Fitting, FittingChunk, FittingContext } from './batch-handler';
import { homedEntry } from './homed-entry';
import type { LambdaHandler } from './lambda-handler';
import { checkOptions, type ChunkOptionsFor, type OptionsFor, type Unread } from './options';

/**
 * Makes the Lambda entry for a whole batch out of a function that handles one record, without a decorator: for code that is
 * run by type stripping, compiled by tools that know no decorators, or written in JavaScript. Options and behaviour are
 * those of `@BatchHandler`.
 *
 * @throws TypeError for options that are wrong, and for what is no function
 *
 * @example
 * ```ts
 * export const handler = createBatchHandler({ source: 'SQS', payload: json<Order>() }, async (order) => {
 *   await orders.place(order);
 * });
 * ```
 */
export function createBatchHandler<
  const S extends AnySource,
  P = Unread,
  M extends ChunkMethodOf<S, P> = ChunkMethodOf<S, P>,
>(options: ChunkOptionsFor<S, P>, recordHandler: M & FittingChunk<S, M, P>): LambdaHandler<S>;
export function createBatchHandler<
  const S extends AnySource,
  P = Unread,
  M extends BatchMethod<S, P> = BatchMethod<S, P>,
>(options: OptionsFor<S, P>, recordHandler: M & Fitting<S, M, P>): LambdaHandler<S>;
export function createBatchHandler<
  const S extends AnySource,
  P = Unread,
  M extends BatchMethod<S, P, never> = BatchMethod<S, P>,
>(options: OptionsFor<S, P>, recordHandler: M & FittingContext<M> & Fitting<S, M, P>): LambdaHandler<S, ContextOf<M>>;
export function createBatchHandler(options: unknown, recordHandler: unknown): unknown {
  const who = 'createBatchHandler';
  const checked = checkOptions(who, options);
  checkRecordFunction('the record handler', recordHandler);
  const method = recordHandler as RecordMethod;
  return homedEntry(who, method, method.name, checked, { key: method.name, owner: undefined, method });
}
