import { show } from './show';

/** Options of `exponentialBackoff`. */
export interface ExponentialBackoffOptions {
  /** Seconds before the first retry: above 0. Default: 2. */
  readonly base?: number;
  /** The most seconds: at least `base`. Default: 900. */
  readonly max?: number;
  /** Whether to take a random time between half of the delay and all of it. Default: true. */
  readonly jitter?: boolean;
}

/**
 * Seconds until a message is tried again: `base`, doubled with each receive, up to `max`.
 *
 * @throws TypeError where an option is not what it should be
 */
export function exponentialBackoff(options: ExponentialBackoffOptions = {}): (receiveCount: number) => number {
  const { base = 2, max = 900, jitter = true } = options;
  if (!(base > 0 && base < Infinity)) throw refusal('base to be a number of seconds above 0', base);
  if (!(max >= base)) throw refusal('max to be a number of seconds of at least base', max);
  return (receiveCount) => {
    const delay = Math.min(max, base * 2 ** (receiveCount - 1));
    return jitter ? delay * (0.5 + Math.random() / 2) : delay;
  };
}

const refusal = (expected: string, received: unknown): TypeError =>
  new TypeError(`exponentialBackoff: expected ${expected}, received ${show(received)}.`);
