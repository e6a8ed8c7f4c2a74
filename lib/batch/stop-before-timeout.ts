import { Deadline } from '../engine/deadline';
import { StoppedBeforeTimeoutError } from '../errors';

/**
 * The deadline that `stopBeforeTimeout` and the Lambda context make; none where the option is off.
 *
 * @throws TypeError where the option is on and the context cannot tell the remaining time
 */
export function deadlineFor(reserve: number | undefined, context: unknown): Deadline {
  if (reserve === undefined) return new Deadline();
  const { getRemainingTimeInMillis: method } = (context ?? {}) as { getRemainingTimeInMillis?: unknown };
  const remaining = () => {
    try {
      return typeof method === 'function' ? (method.call(context) as number) : NaN;
    } catch {
      return NaN;
    }
  };
  if (!(remaining() > -Infinity)) {
    throw new TypeError(
      'stopBeforeTimeout: expected a Lambda context whose getRemainingTimeInMillis() returns a number, received none.' +
        ' Pass the context on to the entry, or to processPartialResponse as { context }.',
    );
  }
  return new Deadline({ remaining, reserve, reason: () => new StoppedBeforeTimeoutError(reserve) });
}
