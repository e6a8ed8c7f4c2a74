/** The longest delay that setTimeout takes; a longer one would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

const nothing = (): void => undefined;

/** When a batch has to be answered. */
export interface Clock {
  /** Milliseconds left, now. */
  remaining: () => number;
  /** Milliseconds that must be left when the batch is answered. */
  readonly reserve: number;
  /** Makes the error of what is not finished by then. */
  reason: () => Error;
}

/** The moment at which a batch is answered, finished or not; never, where there is no clock. */
export class Deadline {
  readonly #clock: Clock | undefined;
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  constructor(clock?: Clock) {
    this.#clock = clock;
  }

  /** Aborts at the deadline. Made when it is first read, because most methods never do. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = unlimitedController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** The same for every record. */
  signalOf(_index: number): AbortSignal {
    return this.signal;
  }

  /** Looks at the clock: a timer alone is late where a method keeps the event loop busy. */
  reached(): boolean {
    return !(this.left() > 0); // also where it cannot tell
  }

  /** The error of what is not finished; the same one for a whole batch. */
  reason(): Error {
    return (this.#reason ??= this.#clock!.reason());
  }

  /** Milliseconds until it is reached; Infinity where it never is. */
  left(): number {
    return this.#clock === undefined ? Infinity : this.#clock.remaining() - this.#clock.reserve;
  }

  /** Calls `onReached` once, at the deadline, unless what it returns is called before. */
  watch(onReached: () => void): () => void {
    if (this.#clock === undefined) return nothing;
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      timer = setTimeout(look, Math.min(Math.max(Math.ceil(this.left()), 0), LONGEST_TIMER_MS));
    };
    const look = (): void => {
      // A timer may fire early by the clock of `remaining`: then wait for the rest.
      if (this.reached()) onReached();
      else wait();
    };
    wait();
    return () => {
      clearTimeout(timer);
    };
  }

  /** Waits until a promise is settled, or the deadline is reached; whether it has settled. What it rejects with is thrown. */
  async within(promise: PromiseLike<unknown>): Promise<boolean> {
    let release = nothing;
    const reached = new Promise<boolean>((resolve) => {
      release = this.watch(() => {
        resolve(false);
      });
    });
    try {
      return await Promise.race([Promise.resolve(promise).then(() => true), reached]);
    } finally {
      release();
    }
  }

  abort(): void {
    this.#controller?.abort(this.reason());
  }
}

/** A controller for as many listeners as there are: every record of a batch may be one. */
export function unlimitedController(): AbortController {
  const controller = new AbortController();
  // The module on use, because a cold start waits for each that is imported.
  process.getBuiltinModule('node:events').setMaxListeners(0, controller.signal);
  return controller;
}
