import { withGlobal } from '@sinonjs/fake-timers';

import { startTime } from './start-time';

type FakeTimers = ReturnType<typeof withGlobal>;
type FakeClock = ReturnType<FakeTimers['install']>;

// As they are before a clock is installed; setImmediate is never faked.
const { setTimeout: setRealTimeout } = globalThis;

/** How long sockets and files that are seen to be at work are waited for, in real milliseconds. */
const IO_LIMIT_MS = 5_000;
/** How long work that a timeout has left behind may go on, in virtual milliseconds: the longest timeout of Lambda. */
const LATE_LIMIT_MS = 900_000;

/** The options of a simulation that the clock goes by. */
export interface ClockOptions {
  readonly startTime?: Date;
  readonly ioWaitMs?: number;
  readonly functionTimeoutMs?: number;
}

/**
 * A clock that stands still while there is something to do, and then steps to the next timer. `Date` and the timers of
 * everything that runs meanwhile go by it.
 */
export class VirtualTime {
  readonly #clock: FakeClock;
  readonly #start: number;
  readonly #ioWaitMs: number;
  /** A step of that many milliseconds is one to a timeout, not the end of somebody's pause. */
  readonly #farMs: number;
  /** How many sockets and files are open without being at work. */
  #idleResources = resources();
  /** How many invocations are waited for. */
  #open = 0;
  /** How many invocations have been given up on and still run. */
  #late = 0;
  #isOver = false;

  /** @throws TypeError where other fake timers are installed */
  constructor({ startTime: start = startTime, ioWaitMs = 100, functionTimeoutMs = 3_000 }: ClockOptions) {
    if ((Date as { isFake?: boolean }).isFake === true) {
      throw new TypeError('A simulation brings its own clock; restore the fake timers of the test first.');
    }
    this.#clock = withGlobal(globalThis).install({
      now: start,
      toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
    });
    this.#start = start.getTime();
    this.#ioWaitMs = ioWaitMs;
    this.#farMs = functionTimeoutMs / 2;
  }

  /** Whether nothing more may happen: also where the simulation has failed while some of it was under way. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Milliseconds since the start. */
  get now(): number {
    return Date.now() - this.#start;
  }

  /** Resolves at that moment, or at once where it has passed. */
  until(moment: number): Promise<void> {
    const left = moment - this.now;
    return left <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, left));
  }

  /** Resolves as `work` does, or to undefined when it has taken that long; in which case the work goes on. */
  async limit<T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    let late = false;
    const timeout = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, milliseconds, undefined);
    });
    void work.then(() => {
      if (late) this.#late--;
    });
    this.#open++;
    const first = await Promise.race([work, timeout]);
    this.#open--;
    clearTimeout(timer);
    if (first === undefined) {
      late = true;
      this.#late++;
    }
    return first;
  }

  /** Moves the clock until the work has settled, and what a timeout has left behind has too. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    work.then(settle, settle);
    try {
      await this.#stepWhile(() => !settled);
      const end = this.now + LATE_LIMIT_MS;
      await this.#stepWhile(() => this.#late > 0 && this.now < end);
      return await work;
    } finally {
      this.#isOver = true;
      this.#clock.uninstall();
    }
  }

  async #stepWhile(goOn: () => boolean): Promise<void> {
    for (await turn(); goOn(); await turn()) {
      if (this.#open + this.#late > 0 && (await this.#isBusy(goOn))) continue;
      if (this.#nextTimer() === Infinity) return; // nothing will ever happen on this clock
      this.#clock.next();
    }
  }

  /** Whether an invocation has got on by itself: by turns of the event loop, or by work that is not on this clock. */
  async #isBusy(goOn: () => boolean): Promise<boolean> {
    const running = this.#open + this.#late;
    const next = this.#nextTimer();
    const moved = () => !goOn() || this.#open + this.#late !== running || this.#nextTimer() !== next;
    for (let turns = 0; turns < 10; turns++) {
      await turn();
      if (moved()) return true;
    }
    const isFar = this.#open > 0 && next - Date.now() >= this.#farMs;
    const started = performance.now();
    for (;;) {
      const seen = resources() > this.#idleResources;
      if (performance.now() - started >= (seen ? IO_LIMIT_MS : isFar ? this.#ioWaitMs : 0)) {
        this.#idleResources = resources(); // what has brought nothing by now, such as a kept connection, never will
        return false;
      }
      await realMillisecond();
      if (moved()) return true;
    }
  }

  #nextTimer(): number {
    return this.#clock.timerHeap?.peek()?.callAt ?? Infinity;
  }
}

const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

const realMillisecond = (): Promise<unknown> => new Promise((resolve) => setRealTimeout(resolve, 1));

/** How many sockets, files and the like are at work: not counting those that wait for others, or for somebody to log. */
const resources = (): number => process.getActiveResourcesInfo().filter((type) => !waitingTypes.has(type)).length;

const waitingTypes = new Set(['Timeout', 'Immediate', 'PipeWrap', 'TTYWrap', 'TCPServerWrap', 'MessagePort']);

let last: Promise<unknown> = Promise.resolve();

/** Runs a simulation on a clock of its own, after those that were begun before: there is one `Date` for all of them. */
export function inVirtualTime<T>(options: ClockOptions, simulate: (time: VirtualTime) => Promise<T>): Promise<T> {
  const mine = last.then(() => {
    const time = new VirtualTime(options);
    return time.run(simulate(time));
  });
  last = mine.catch(() => undefined);
  return mine;
}
