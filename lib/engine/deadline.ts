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

/** The moment at which a batch is answered, finished or not; never, where there is no clock and nobody ends it. */
export class Deadline {
  readonly #clock: Clock | undefined;
  #controller: AbortController | undefined;
  #reason: Error | undefined;
  #onReached = nothing;
  #timer: NodeJS.Timeout | undefined;
  /** Who is told when it is ended. */
  readonly #onEnd: (() => void)[] = [];

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
    return !(this.left() > 0); // nor where it cannot tell
  }

  /** The error of what is not finished; the same one for a whole batch. */
  reason(): Error {
    return (this.#reason ??= this.#clock!.reason());
  }

  /** Milliseconds until it is reached; Infinity where it never is. */
  left(): number {
    if (this.#reason !== undefined) return 0;
    return this.#clock === undefined ? Infinity : this.#clock.remaining() - this.#clock.reserve;
  }

  /** Calls `onReached` at the deadline, until `unwatch`. One at a time watches. */
  watch(onReached: () => void): void {
    this.#onReached = onReached;
    if (this.#clock !== undefined || this.#reason !== undefined) this.#wait();
  }

  unwatch(): void {
    this.#onReached = nothing;
    clearTimeout(this.#timer);
  }

  /** Waits until a promise is settled, or the deadline is reached; whether it has settled. What it rejects with is thrown. */
  async within(promise: PromiseLike<unknown>): Promise<boolean> {
    const reached = new Promise<boolean>((resolve) => {
      this.watch(() => {
        resolve(false);
      });
    });
    try {
      return await Promise.race([Promise.resolve(promise).then(() => true), reached]);
    } finally {
      this.unwatch();
    }
  }

  /** It is reached now, whatever the clock says: who called the function ends the batch. */
  end(reason: Error): void {
    this.#reason ??= reason;
    this.#onReached();
    for (const told of this.#onEnd) told();
  }

  /** Calls `told` when it is ended. */
  onEnd(told: () => void): void {
    this.#onEnd.push(told);
  }

  #wait(): void {
    this.#timer = setTimeout(
      () => {
        // A timer may fire early by the clock of `remaining`: then wait for the rest.
        if (this.reached()) this.#onReached();
        else this.#wait();
      },
      Math.min(Math.max(Math.ceil(this.left()), 0), LONGEST_TIMER_MS),
    );
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
