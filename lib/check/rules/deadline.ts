import type { Breach, Entry, Handler, LambdaFunction, Mapping, Rule } from '../model';
import { error, hint, warning } from './breach';
import { entriesThatAll } from './entries';
import { given } from './given';
import { lambdaGuide } from './pages';
import { counted, seconds } from './words';

const source = `${lambdaGuide}/configuration-timeout.html`;

/** The longest that a function can run, in seconds. */
const longestTimeout = 900;

/** In milliseconds. */
const leastForARecord = 100;

export const stopBeforeTimeoutTooLong: Rule = {
  id: 'stop-before-timeout-too-long',
  source,
  check: (mapping, { handler }) =>
    reserving(mapping, handler, (fn, timeout, reserve) => {
      if (reserve < timeout * 1_000) return undefined;
      return error(`${keeps(timeout, reserve)}: no record ever starts`, ...moreTime(fn, timeout, reserve));
    }),
};

export const stopBeforeTimeoutLong: Rule = {
  id: 'stop-before-timeout-long',
  source,
  check: (mapping, { handler }) =>
    reserving(mapping, handler, (fn, timeout, reserve) => {
      if (reserve <= timeout * 500 || reserve >= timeout * 1_000) return undefined;
      return warning(
        `${keeps(timeout, reserve)}: records for which there is time come back without having been handled`,
        ...moreTime(fn, timeout, reserve),
      );
    }),
};

/** What is wrong with the milliseconds that each entry keeps at least, where each keeps some. */
function reserving(
  mapping: Mapping,
  handler: Handler,
  breach: (fn: LambdaFunction, timeout: number, reserve: number) => Breach | undefined,
): Breach | undefined {
  const entries = entriesThatAll(mapping, handler, ({ stopBeforeTimeout }) => stopBeforeTimeout !== undefined);
  const reserve = entries && Math.min(...entries.map(({ stopBeforeTimeout }) => stopBeforeTimeout!));
  return given([mapping.function, mapping.function?.timeout, reserve], breach);
}

const keeps = (timeout: number, reserve: number): string =>
  `stopBeforeTimeout keeps ${counted(reserve, 'millisecond')} of the function's timeout of ${seconds(timeout)}`;

/** A timeout of which half is left, or a shorter reserve where there is none so long. */
function moreTime(fn: LambdaFunction, timeout: number, reserve: number): [fix: string, at: LambdaFunction | undefined] {
  const needed = Math.ceil((2 * reserve) / 1_000);
  return needed <= longestTimeout ? [`Timeout: ${needed}`, fn] : [`stopBeforeTimeout: ${timeout * 500}`, undefined];
}

export const noStopBeforeTimeout: Rule = {
  id: 'no-stop-before-timeout',
  source,
  check(mapping, { handler }) {
    const neverStops = ({ stopBeforeTimeout, isPerCall }: Entry) => stopBeforeTimeout === undefined && !isPerCall;
    if (!entriesThatAll(mapping, handler, neverStops)) return undefined;
    return hint(
      'A batch that runs into the timeout of its function comes back as a whole, with the records that have succeeded',
      'stopBeforeTimeout: 1000',
    );
  },
};

export const littleTimeARecord: Rule = {
  id: 'little-time-a-record',
  source,
  check: (mapping, { handler }) =>
    given([mapping.function?.timeout, mapping.batchSize], (timeout, batchSize) => {
      const entries = entriesThatAll(mapping, handler, ({ isPerCall }) => !isPerCall);
      if (entries === undefined) return undefined;
      const atOnce = Math.max(...entries.map(recordsAtOnce)); // Of several entries, the one that is through first.
      const time = Math.floor((timeout * 1_000) / Math.ceil(batchSize / atOnce));
      if (time >= leastForARecord) return undefined;
      return hint(
        `A batch of ${batchSize} records has ${seconds(timeout)} until the function's timeout,` +
          ` which leaves ${counted(time, 'millisecond')} for each`,
        `BatchSize: ${((timeout * 1_000) / leastForARecord) * atOnce}`,
      );
    }),
};

/** How many records run at once, those of a chunk together. */
function recordsAtOnce({ concurrency = Infinity, chunkSize }: Entry): number {
  return concurrency * chunkSize;
}
