import { BatchProcessingError, toError } from '../errors';
import { isThenable, logWarning, quietly, silent } from '../log';
import type { EventSourceDataClassTypes, FailureResponse, SuccessResponse } from '../types';
import type { BasePartialProcessor } from './base-partial-processor';
import type { Invocation } from './invocation';
import { invocations } from './keys';

/** What became of a record. */
export type Response = SuccessResponse | FailureResponse;

/** A promise only where a hook is asynchronous. */
export type Answer = Response | PromiseLike<Response>;

/** Who asks the hooks, for which invocation, and whether their promises can be awaited. */
export interface Asking {
  readonly processor: BasePartialProcessor;
  readonly invocation: Invocation;
  readonly isAsync: boolean;
}

export function isResponse(value: unknown): value is Response {
  return Array.isArray(value) && (value[0] === 'success' || value[0] === 'fail');
}

const errors = new WeakMap<Response, Error>();

/** A fail tuple, which has only the message, and remembers its error. */
export function failure(record: EventSourceDataClassTypes, error: Error): FailureResponse {
  const response: FailureResponse = ['fail', error.message, record];
  errors.set(response, error);
  return response;
}

/** The error of a fail tuple; where a user made the tuple, one with its message. */
export function errorOf(response: Response): Error {
  return errors.get(response) ?? new BatchProcessingError(String(response[1]));
}

/**
 * Asks `successHandler` what becomes of a record whose handler succeeded. Its tuple decides; where it returns nothing the
 * record has succeeded; where it throws, or tells `failureHandler` of the record, the record has failed.
 */
export function succeed(asking: Asking, record: EventSourceDataClassTypes, result: unknown): Answer {
  const { processor, invocation, isAsync } = asking;
  const natural: Response = ['success', result, record];
  if (invocation.isLate(record)) return natural;
  const told = invocation.failureMessages.length;

  const failed = (thrown: unknown): Answer => {
    withdraw(invocation, record);
    return fail(asking, record, thrown);
  };
  const decide = (returned: unknown): Response => {
    const response = isResponse(returned) ? returned : natural;
    const at = invocation.failureMessages.indexOf(record, told);
    return at < 0 || response[0] === 'fail' ? response : failure(record, toError(invocation.errors[at]));
  };
  try {
    const returned: unknown = processor[invocations].within(invocation, () => processor.successHandler(record, result));
    if (!isThenable(returned)) return decide(returned);
    if (isAsync) return returned.then(decide, failed);
    quietly(() => returned);
    return failed(new BatchProcessingError('successHandler returned a promise, which the sync API cannot wait for.'));
  } catch (thrown) {
    return failed(thrown);
  }
}

/** Tells `failureHandler` of a record that failed. It may change the message, but the record has failed whatever it does. */
export function fail(asking: Asking, record: EventSourceDataClassTypes, thrown: unknown): Answer {
  const { processor, invocation, isAsync } = asking;
  const error = toError(thrown);
  const natural = failure(record, error);
  if (invocation.isLate(record)) return natural;

  const decide = (returned: unknown): Response => {
    if (!isResponse(returned) || returned[0] !== 'fail') return natural;
    if (!errors.has(returned)) errors.set(returned, error);
    return returned;
  };
  const threw = (hookError: unknown): Response => {
    const { name } = toError(hookError);
    logWarning(invocation.options?.logger ?? silent, `failureHandler threw ${name}; the record is reported as failed.`);
    return natural;
  };
  try {
    const returned: unknown = processor[invocations].within(invocation, () => processor.failureHandler(record, error));
    if (!isThenable(returned)) return decide(returned);
    if (isAsync) return returned.then(decide, threw);
    quietly(() => returned);
    return natural;
  } catch (hookError) {
    return threw(hookError);
  }
}

/** What the hooks were told of a record, where `processRecord` returned no tuple; undefined where they were not. */
export function told(invocation: Invocation, record: EventSourceDataClassTypes): Response | undefined {
  const at = invocation.failureMessages.lastIndexOf(record);
  if (at >= 0) return failure(record, toError(invocation.errors[at]));
  return invocation.successMessages.includes(record) ? ['success', undefined, record] : undefined;
}

/** Takes a record that has failed after all from those that succeeded. */
export function withdraw({ successMessages }: Invocation, record: EventSourceDataClassTypes): void {
  const at = successMessages.lastIndexOf(record);
  if (at >= 0) successMessages.splice(at, 1);
}
