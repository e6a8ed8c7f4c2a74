import { type Deadline, unlimitedController } from '../engine/deadline';
import { RecordTimeoutError } from '../errors';
import type { Signals } from './delivery';
import { refuseInDurable } from './durable';
import type { Attempt } from './extension';

/** A record that has started: it cannot be stopped, but is told. */
interface Limited {
  readonly controller: AbortController;
  readonly timer: NodeJS.Timeout;
}

/**
 * Undefined where there is no limit.
 *
 * @throws TypeError in a durable function, where the time would begin anew at every replay
 */
export function recordTimeoutsFor(
  ms: number | undefined,
  deadline: Deadline,
  context: unknown,
): RecordTimeouts | undefined {
  if (ms === undefined) return undefined;
  refuseInDurable(context, 'recordTimeout');
  return new RecordTimeouts(ms, deadline);
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
    return (index) => this.limit([index], () => attempt(index));
  }

  /** Runs something for records, whose time it is that it may take. */
  limit(indexes: readonly number[], run: () => unknown): unknown {
    const controller = unlimitedController();
    let timer!: NodeJS.Timeout;
    const expiry = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new RecordTimeoutError(this.#ms);
        reject(error);
        controller.abort(error);
      }, this.#ms);
    });
    for (const index of indexes) this.#records.set(index, { controller, timer });
    const over = (): void => {
      clearTimeout(timer);
    };
    let value: unknown;
    try {
      value = run();
    } catch (thrown) {
      over();
      throw thrown;
    }
    return Promise.race([value, expiry]).finally(over);
  }
}
