import type { Context } from 'aws-lambda';

import { type Deadline, LONGEST_TIMER_MS } from '../engine/deadline';
import { remainingOf } from './remaining';

/**
 * How long an answer waits for what is no part of it: half of the time that is left, until the deadline or, where that is
 * over or there is none, until the function's timeout; and no longer than `mostMs`.
 *
 * A timer, not AbortSignal.timeout: that one does not keep the process alive.
 */
export class Patience {
  readonly #controller = new AbortController();
  readonly #what: string;
  readonly #longest: () => number;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  /** Rejects once it is over. */
  readonly over: Promise<never>;

  /** @param what is waited for, to be named in the error */
  constructor(what: string, context: Context | undefined, deadline: Deadline, mostMs: number) {
    this.#what = what;
    this.#longest = () => {
      const untilDeadline = deadline.left();
      const isBefore = untilDeadline > 0 && untilDeadline < Infinity;
      const left = isBefore ? untilDeadline : remainingOf(context);
      return left / 2 < mostMs ? Math.max(1, left / 2) : mostMs; // also where the time that is left is NaN
    };
    process.getBuiltinModule('node:events').setMaxListeners(0, this.signal); // every call listens
    this.over = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => {
        reject(this.signal.reason as Error);
      });
    });
    this.over.catch(() => undefined); // who waits for it, sees it
    const startedAt = performance.now();
    deadline.onEnd(() => {
      if (!this.#isOver) this.#wait(performance.now() - startedAt); // there is less time now
    });
    this.#wait(0);
  }

  /** Aborts once it is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** To be called when nobody waits any longer. */
  release(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** @param waited how many milliseconds it has lasted */
  #wait(waited: number): void {
    clearTimeout(this.#timer);
    const ms = this.#longest();
    if (ms > LONGEST_TIMER_MS) return;
    const all = Math.round(waited + ms);
    this.#timer = setTimeout(() => {
      this.#controller.abort(new Error(`${this.#what} did not answer within ${all} ms`));
    }, ms);
  }
}
