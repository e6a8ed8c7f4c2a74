import { Deadline } from '../engine/deadline';
import { StoppedBeforeTimeoutError } from '../errors';
import { extendsBatch, hostOf } from './extension';
import { type BatchLogger, logWarning } from './log';
import { remainingOf } from './remaining';

/**
 * The deadline that `stopBeforeTimeout` and the Lambda context make; none where the option is off, unless the context brings
 * somebody who may end it. The log is told where it is over before it begins.
 *
 * @throws TypeError where the option is on and the context cannot tell the remaining time
 */
export function deadlineFor(reserve: number | undefined, context: unknown, logger: BatchLogger): Deadline {
  const deadline = reserve === undefined ? new Deadline() : withReserve(reserve, context, logger);
  hostOf(context)?.[extendsBatch].govern?.(deadline);
  return deadline;
}

function withReserve(reserve: number, context: unknown, logger: BatchLogger): Deadline {
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
