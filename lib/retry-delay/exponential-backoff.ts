import { knownOptions } from '../errors/known-options';
import { show } from '../errors/show';
import { delaying, type RetryDelay, type RetryDelayOptions } from './delay-by';

/** Options of `exponentialBackoff`. */
export interface ExponentialBackoffOptions extends RetryDelayOptions {
  /** Seconds before the first retry: above 0. Default: 2. */
  readonly base?: number;
  /** The most seconds: at least `base`. Default: 900. */
  readonly max?: number;
  /** Whether to take a random time between half of the delay and all of it. Default: true. */
  readonly jitter?: boolean;
}

/**
 * Has messages that failed tried again after `base` seconds, doubled with each receive, up to `max`: for the option
 * `retryDelay` of a handler for SQS. All else is as with `delayBy`.
 *
 * @throws TypeError where an option is not what it should be
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'SQS', retryDelay: exponentialBackoff({ base: 5, max: 600 }) }, (record) =>
 *   orders.place(JSON.parse(record.body)),
 * );
 * ```
 */
export function exponentialBackoff(options: ExponentialBackoffOptions = {}): RetryDelay {
  return delaying('exponentialBackoff', backoffBy(options), options);
}

/**
 * Seconds until a message is tried again, by how often it was received.
 *
 * @throws TypeError where an option is not what it should be
 */
export function backoffBy(options: ExponentialBackoffOptions): (receiveCount: number) => number {
  const names = ['base', 'max', 'jitter', 'client', 'queueUrl'] as const;
  const { base = 2, max = 900, jitter = true } = knownOptions('exponentialBackoff', options, '{ base: 5 }', names);
  if (typeof base !== 'number' || !(base > 0 && base < Infinity))
    throw refusal('base to be a number of seconds above 0', base);
  if (typeof max !== 'number' || !(max >= base)) throw refusal('max to be a number of seconds of at least base', max);
  if (typeof jitter !== 'boolean') throw refusal('jitter to be true or false', jitter);
  return (receiveCount) => {
    const delay = Math.min(max, base * 2 ** (receiveCount - 1));
    return jitter ? delay * (0.5 + Math.random() / 2) : delay;
  };
}

const refusal = (expected: string, received: unknown): TypeError =>
  new TypeError(`exponentialBackoff: expected ${expected}, received ${show(received)}.`);
