/** The longest delay that setTimeout takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

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
  #timer: NodeJS.Timeout | undefined;
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  constructor(clock?: Clock) {
    this.#clock = clock;
  }

  /** Aborts at the deadline. Made when it is first read, because most methods never do. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      // Every record of a batch may listen. The module on use, because a cold start waits for each that is imported.
      process.getBuiltinModule('node:events').setMaxListeners(0, this.#controller.signal);
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Looks at the clock: a timer alone is late where a method keeps the event loop busy. */
  reached(): boolean {
    return this.#clock !== undefined && !(this.#clock.remaining() > this.#clock.reserve); // nor where it cannot tell
  }

  /** The error of what is not finished; the same one for a whole batch. */
  reason(): Error {
    return (this.#reason ??= this.#clock!.reason());
  }

  /** Calls `onReached` once, at the deadline, unless `release` comes first. */
  watch(onReached: () => void): void {
    if (this.#clock === undefined) return;
    const left = Math.ceil(this.#clock.remaining() - this.#clock.reserve);
    this.#timer = setTimeout(
      () => {
        // A timer may fire early by the clock of `remaining`: then wait for the rest.
        if (this.reached()) onReached();
        else this.watch(onReached);
      },
      Math.min(Math.max(left, 0), LONGEST_TIMER_MS),
    );
  }

  release(): void {
    clearTimeout(this.#timer);
  }

  abort(): void {
    this.#controller?.abort(this.reason());
  }
}
