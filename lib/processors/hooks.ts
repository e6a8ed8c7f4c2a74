import { toError } from '../errors';
import { isThenable, logWarning, silent } from '../log';
import type { EventSourceDataClassTypes, FailureResponse, SuccessResponse } from '../types';
import type { BasePartialProcessor } from './base-partial-processor';
import { invocations } from './keys';

/** What became of a record. */
export type Response = SuccessResponse | FailureResponse;

/** A promise only where a hook is asynchronous. */
type Answer = Response | PromiseLike<Response>;

export function isResponse(value: unknown): value is Response {
  return Array.isArray(value) && (value[0] === 'success' || value[0] === 'fail');
}

/**
 * Asks `successHandler` what becomes of a record whose handler succeeded. Its tuple decides; where it returns nothing the
 * record has succeeded, where it throws the record has failed.
 */
export function succeed(processor: BasePartialProcessor, record: EventSourceDataClassTypes, result: unknown): Answer {
  const decide = (returned: unknown): Response => (isResponse(returned) ? returned : ['success', result, record]);
  const threw = (thrown: unknown): Answer => {
    withdraw(processor.successMessages, record);
    return fail(processor, record, thrown);
  };
  try {
    const returned: unknown = processor.successHandler(record, result);
    return isThenable(returned) ? returned.then(decide, threw) : decide(returned);
  } catch (thrown) {
    return threw(thrown);
  }
}

/** Tells `failureHandler` of a record that failed. It may change the message, but the record has failed whatever it does. */
export function fail(processor: BasePartialProcessor, record: EventSourceDataClassTypes, thrown: unknown): Answer {
  const { current } = processor[invocations];
  const error = toError(thrown);
  current.errorOf.set(record, error);
  const natural: Response = ['fail', error.message, record];
  const decide = (returned: unknown): Response => (isResponse(returned) && returned[0] === 'fail' ? returned : natural);
  const threw = (hookError: unknown): Response => {
    const { name } = toError(hookError);
    logWarning(current.options?.logger ?? silent, `failureHandler threw ${name}; the record is reported as failed.`);
    return natural;
  };
  try {
    const returned: unknown = processor.failureHandler(record, error);
    return isThenable(returned) ? returned.then(decide, threw) : decide(returned);
  } catch (hookError) {
    return threw(hookError);
  }
}

/** Takes back what `successHandler` listed before it threw. */
function withdraw(successMessages: EventSourceDataClassTypes[], record: EventSourceDataClassTypes): void {
  const index = successMessages.lastIndexOf(record);
  if (index >= 0) successMessages.splice(index, 1);
}
