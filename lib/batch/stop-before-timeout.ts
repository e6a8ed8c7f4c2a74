import { Deadline } from '../engine/deadline';
import { StoppedBeforeTimeoutError } from '../errors';
import { type BatchLogger, logWarning } from './log';
import { remainingOf } from './remaining';

/**
 * The deadline that `stopBeforeTimeout` and the Lambda context make; none where the option is off. The log is told where it
 * is over before it begins.
 *
 * @throws TypeError where the option is on and the context cannot tell the remaining time
 */
export function deadlineFor(reserve: number | undefined, context: unknown, logger: BatchLogger): Deadline {
  if (reserve === undefined) return new Deadline();
  const remaining = () => remainingOf(context);
  const left = remaining();
  if (!(left > -Infinity)) {
    throw new TypeError(
      'stopBeforeTimeout: expected a Lambda context whose getRemainingTimeInMillis() returns a number, received none.' +
        ' Pass the context on to the entry, or to processPartialResponse as { context }.',
    );
  }
  const reason = () => new StoppedBeforeTimeoutError(reserve, left);
  if (left <= reserve) logWarning(logger, reason().message);
  return new Deadline({ remaining, reserve, reason });
}
