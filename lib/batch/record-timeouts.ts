import { type Deadline, unlimitedController } from '../engine/deadline';
import { RecordTimeoutError } from '../errors';
import type { Signals } from './delivery';
import type { Attempt } from './extension';

/** A record that has started: it cannot be stopped, but is told. */
interface Limited {
  readonly controller: AbortController;
  readonly timer: NodeJS.Timeout;
}

/** Has the records of one batch fail that run longer than `recordTimeout`. */
export class RecordTimeouts implements Signals {
  readonly #ms: number;
  readonly #deadline: Deadline;
  readonly #records = new Map<number, Limited>();

  constructor(ms: number, deadline: Deadline) {
    this.#ms = ms;
    this.#deadline = deadline;
    deadline.signal.addEventListener('abort', () => {
      for (const { controller, timer } of this.#records.values()) {
        clearTimeout(timer);
        controller.abort(deadline.signal.reason);
      }
    });
  }

  signalOf(index: number): AbortSignal {
    return this.#records.get(index)?.controller.signal ?? this.#deadline.signal;
  }

  /** An attempt that rejects with RecordTimeoutError where it takes longer; what comes of it later changes nothing. */
  limiting(attempt: Attempt): Attempt {
    return (index) => {
      const expiry = this.#expiry(index);
      const over = (): void => {
        clearTimeout(this.#records.get(index)!.timer);
      };
      let value: unknown;
      try {
        value = attempt(index);
      } catch (thrown) {
        over();
        throw thrown;
      }
      return Promise.race([value, expiry]).finally(over);
    };
  }

  /** Rejects when the time of a record is over. */
  #expiry(index: number): Promise<never> {
    return new Promise((_, reject) => {
      const controller = unlimitedController();
      const timer = setTimeout(() => {
        const error = new RecordTimeoutError(this.#ms);
        reject(error);
        controller.abort(error);
      }, this.#ms);
      this.#records.set(index, { controller, timer });
    });
  }
}
