import { checkRecordFunction } from '../batch/checks';
import type { AnySource } from '../sources';
import type { BatchMethod, Fitting, Unread } from './batch-handler';
import { homedEntry } from './homed-entry';
import type { LambdaHandler } from './lambda-handler';
import { checkOptions, type OptionsFor } from './options';

/**
 * Makes the Lambda entry for a whole batch out of a function that handles one record, without a decorator: for code that is
 * run by type stripping, compiled by tools that know no decorators, or written in JavaScript. Options and behaviour are
 * those of `@BatchHandler`.
 *
 * @throws TypeError for options that are wrong, and for what is no function
 */
export function createBatchHandler<
  const S extends AnySource,
  P = Unread,
  M extends BatchMethod<S, P> = BatchMethod<S, P>,
>(options: OptionsFor<S, P>, recordHandler: M & Fitting<S, M, P>): LambdaHandler<S> {
  const who = 'createBatchHandler';
  const checked = checkOptions(who, options);
  checkRecordFunction('the record handler', recordHandler);
  const home = { key: recordHandler.name, owner: undefined, method: recordHandler };
  return homedEntry(who, recordHandler as never, recordHandler.name, checked, home);
}
