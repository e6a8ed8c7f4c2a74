import { BatchProcessingError } from '../errors';
import { toError } from '../errors/to-error';
import { nameOf } from '../errors/without-payload';
import { logWarning, silent } from '../batch/log';
import { isThenable, quietly } from '../batch/thenable';
import type { EventSourceDataClassTypes } from '../sources';
import type { Response, Runnable } from './runnable';
import type { FailureResponse } from './types';
import type { Invocation } from './invocation';

/** A promise only where a hook is asynchronous. */
export type Answer = Response | PromiseLike<Response>;

/** Who asks the hooks, for which invocation, and whether their promises can be awaited. */
export interface Asking {
  readonly processor: Runnable;
  readonly invocation: Invocation;
  readonly isAsync: boolean;
}

export function isResponse(value: unknown): value is Response {
  return Array.isArray(value) && (value[0] === 'success' || value[0] === 'fail');
}

/** A fail tuple, which has only the message; its invocation remembers the error. */
export function failure(invocation: Invocation, record: EventSourceDataClassTypes, error: Error): FailureResponse {
  const response: FailureResponse = ['fail', error.message, record];
  invocation.errorOfResponse.set(response, error);
  return response;
}

/** The error of a fail tuple; where a user made the tuple, one with its message. */
export function errorOf(invocation: Invocation, response: Response): Error {
  return invocation.errorOfResponse.get(response) ?? new BatchProcessingError(String(response[1]));
}

/**
 * Asks `successHandler` what becomes of a record whose handler succeeded. Its tuple decides; where it returns nothing the
 * record has succeeded; where it throws, or tells `failureHandler` of the record, the record has failed.
 */
export function succeed(asking: Asking, record: EventSourceDataClassTypes, result: unknown): Answer {
  const { processor, invocation } = asking;
  if (invocation.isLate(record)) return ['success', result, record];
  const failuresBefore = invocation.failureMessages.length;
  const enteredBefore = processor['~invocations'].enter(invocation);
  let returned: unknown;
  try {
    returned = processor.successHandler(record, result);
  } catch (thrown) {
    return failAfterAll(asking, record, thrown);
  } finally {
    processor['~invocations'].leave(enteredBefore);
  }
  return isThenable(returned)
    ? promised(asking, record, result, returned, failuresBefore)
    : success(invocation, record, result, returned, failuresBefore);
}

function promised(
  asking: Asking,
  record: EventSourceDataClassTypes,
  result: unknown,
  promise: PromiseLike<unknown>,
  failuresBefore: number,
): Answer {
  if (asking.isAsync) {
    return Promise.resolve(promise).then(
      (settled) => success(asking.invocation, record, result, settled, failuresBefore),
      (thrown: unknown) => failAfterAll(asking, record, thrown),
    );
  }
  quietly(() => promise);
  const error = new BatchProcessingError('successHandler returned a promise, which the sync API cannot wait for.');
  return failAfterAll(asking, record, error);
}

/** What `successHandler` returned, unless it has told `failureHandler` of the record since there were `before` failures. */
function success(
  invocation: Invocation,
  record: EventSourceDataClassTypes,
  result: unknown,
  returned: unknown,
  before: number,
): Response {
  const { failureMessages, errors } = invocation;
  const response: Response = isResponse(returned) ? returned : ['success', result, record];
  if (failureMessages.length === before || response[0] === 'fail') return response;
  const at = failureMessages.findIndex((failed, index) => index >= before && invocation.isSame(failed, record));
  return at < 0 ? response : failure(invocation, record, toError(errors[at]));
}

function failAfterAll(asking: Asking, record: EventSourceDataClassTypes, thrown: unknown): Answer {
  withdraw(asking.invocation, record);
  return fail(asking, record, thrown);
}

/** Tells `failureHandler` of a record that failed. It may change the message, but the record has failed whatever it does. */
export function fail(asking: Asking, record: EventSourceDataClassTypes, thrown: unknown): Answer {
  const { processor, invocation, isAsync } = asking;
  const error = toError(thrown);
  if (invocation.isLate(record)) return failure(invocation, record, error);

  const decide = (returned: unknown): Response => {
    if (!isResponse(returned) || returned[0] !== 'fail') return failure(invocation, record, error);
    if (!invocation.errorOfResponse.has(returned)) invocation.errorOfResponse.set(returned, error);
    return returned;
  };
  const threw = (hookError: unknown): Response => {
    const name = nameOf(toError(hookError));
    const logger = invocation.options?.logger ?? processor['~logger'] ?? silent;
    logWarning(logger, `failureHandler threw ${name}; the record is reported as failed.`);
    return failure(invocation, record, error);
  };
  try {
    const returned: unknown = processor['~invocations'].within(invocation, () =>
      processor.failureHandler(record, error),
    );
    if (!isThenable(returned)) return decide(returned);
    if (isAsync) return Promise.resolve<unknown>(returned).then(decide, threw);
    quietly(() => returned);
    return failure(invocation, record, error);
  } catch (hookError) {
    return threw(hookError);
  }
}

/** What the hooks were told of a record, where `processRecord` returned no tuple; undefined where they were not. */
export function told(invocation: Invocation, record: EventSourceDataClassTypes): Response | undefined {
  const at = invocation.failureMessages.lastIndexOf(record);
  if (at >= 0) return failure(invocation, record, toError(invocation.errors[at]));
  return invocation.successMessages.includes(record) ? ['success', undefined, record] : undefined;
}

/** Takes a record that has failed after all from those that succeeded. */
export function withdraw({ successMessages }: Invocation, record: EventSourceDataClassTypes): void {
  const at = successMessages.lastIndexOf(record);
  if (at >= 0) successMessages.splice(at, 1);
}
