import { open, type Queue, type Rule } from '../model';
import { error, hint, warning } from './breach';
import { given, or } from './given';
import { lambdaGuide } from './pages';
import { seconds } from './words';

const source = `${lambdaGuide}/services-sqs-configure.html`;

/** Six times the timeout and the window: AWS's advice, which leaves time to retry what was throttled. */
const advised = (timeout: number, window: number): number => 6 * timeout + window;

const fixFor = (timeout: number, window: number): string => `VisibilityTimeout: ${advised(timeout, window)}`;

export const visibilityBelowTimeout: Rule = {
  id: 'visibility-below-timeout',
  source,
  check({ queue, function: fn, window }) {
    return given([queue?.visibilityTimeout, fn?.timeout], (visibility, timeout) => {
      if (visibility >= timeout) return undefined;
      return error(
        `Messages come back after ${seconds(visibility)}, and the function may handle them for ${seconds(timeout)}:` +
          ' Lambda refuses the mapping, or they are handled twice',
        fixFor(timeout, window === open ? 0 : window),
        queue,
      );
    });
  },
};

export const visibilityBelowSixTimeouts: Rule = {
  id: 'visibility-below-six-timeouts',
  source,
  check({ queue, function: fn, window }) {
    return given([queue, queue?.visibilityTimeout, fn?.timeout, window], (of, visibility, timeout, waits) => {
      // Below the timeout itself there is more to say, and visibility-below-timeout says it.
      if (visibility < timeout || visibility >= advised(timeout, waits)) return undefined;
      const fix = fixFor(timeout, waits);
      if (visibility < timeout + waits) {
        return warning(
          `Messages come back after ${seconds(visibility)}, and may wait for ${seconds(waits)} and be handled for` +
            ` ${seconds(timeout)}: then they are handled twice`,
          fix,
          of,
        );
      }
      const andWindow = waits > 0 ? ` and the batching window of ${seconds(waits)}` : '';
      const message =
        `Messages come back after ${seconds(visibility)}, less than six timeouts of ${seconds(timeout)}${andWindow}:` +
        ' those of a throttled batch use up a receive without having been handled';
      return hasFewReceives(of) ? warning(message, fix, of) : hint(message, fix, of);
    });
  },
};

/** Whether a few throttles are enough for messages to leave for the dead-letter queue. */
function hasFewReceives({ redrive }: Queue): boolean {
  if (redrive === open) return false;
  return given([or(redrive?.maxReceiveCount, Infinity)], (count) => count < 5) === true;
}
