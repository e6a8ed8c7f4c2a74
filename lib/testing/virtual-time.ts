import { syncBuiltinESMExports } from 'node:module';

import { withGlobal } from '@sinonjs/fake-timers';

import { type Environment, Environments, type FakeClock } from './environments';
import { startTime } from './start-time';

// As they are before a clock is installed.
const { setTimeout: setRealTimeout, setImmediate: setRealImmediate } = globalThis;

/** How long sockets and files that are seen to be at work are waited for, in real milliseconds. */
const IO_LIMIT_MS = 5_000;
/** How long work that a timeout has left behind may go on when all else is over: the longest timeout of Lambda. */
const LATE_LIMIT_MS = 900_000;
/** How many timers may fire for it. */
const LATE_TIMERS = 20_000;
/** How many timers fire in one millisecond at the most: those of Node.js never come in so quick succession. */
const TIMERS_A_MILLISECOND = 100;

/** The options of a simulation that the clock goes by. */
export interface ClockOptions {
  readonly startTime?: Date;
  readonly ioWaitMs?: number;
  readonly functionTimeoutMs?: number;
}

/** What came of work: its value, or that its time was over, or that there was nothing left that it could wait for. */
export type Limited<T> = { readonly value: T } | 'timed out' | 'hung';

/** An invocation that is waited for. */
interface Open {
  readonly environment: Environment;
  readonly hang: () => void;
  /** Ends it where something throws that nobody can catch. */
  readonly crash: (error: unknown) => void;
}

/**
 * A clock that stands still while there is something to do, and then steps to the next timer. `Date` and the timers of
 * everything that runs meanwhile go by it.
 */
export class VirtualTime {
  readonly #clock: FakeClock;
  /** For timers that are none of the function's. */
  readonly #setTimeout: typeof setTimeout;
  readonly #environments: Environments;
  readonly #start: number;
  readonly #ioWaitMs: number;
  /** A step of that many milliseconds is one to a timeout, not the end of somebody's pause. */
  readonly #farMs: number;
  /** How many sockets and files are open without being at work. */
  #idleResources = resources();
  readonly #open = new Set<Open>();
  /** How many invocations have been given up on and still run. */
  #late = 0;
  #isOver = false;
  /** How many timers have fired, and how many of them in this millisecond. */
  #steps = 0;
  #still = 0;

  /** @throws TypeError where other fake timers are installed */
  constructor({ startTime: start = startTime, ioWaitMs = 100, functionTimeoutMs = 3_000 }: ClockOptions) {
    if ((Date as { isFake?: boolean }).isFake === true) {
      throw new TypeError('A simulation brings its own clock; restore the fake timers of the test first.');
    }
    this.#clock = withGlobal(globalThis).install({
      now: start,
      toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
    });
    syncBuiltinESMExports(); // also for those who import them by name from node:timers and node:timers/promises
    this.#setTimeout = this.#clock.setTimeout as typeof setTimeout;
    this.#environments = new Environments(this.#clock);
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
    return left <= 0 ? Promise.resolve() : new Promise((resolve) => this.#setTimeout(resolve, left));
  }

  /**
   * Does `work` in an environment, for so long at the most. When its time is over it goes on, and is not waited for; when
   * it has hung, it goes on if something else in the environment lets it. Rejects where a timer's callback throws
   * meanwhile: that ends an execution environment with all that runs in it.
   */
  async limit<T>(environment: Environment, work: () => Promise<T>, milliseconds: number): Promise<Limited<T>> {
    const done = this.#environments.run(environment, work).then((value) => ({ value }));
    let timer: NodeJS.Timeout | undefined;
    let open: Open;
    let late = false;
    const end = new Promise<'timed out' | 'hung'>((resolve, reject) => {
      timer = this.#setTimeout(resolve, milliseconds, 'timed out');
      open = {
        environment,
        hang: () => {
          resolve('hung');
        },
        crash: reject,
      };
      this.#open.add(open);
    });
    void done.then(() => {
      if (late) this.#late--;
    });
    try {
      const first = await Promise.race([done, end]);
      late = first === 'timed out';
      if (late) this.#late++;
      return first;
    } finally {
      clearTimeout(timer);
      this.#open.delete(open!);
    }
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
      const last = this.#steps + LATE_TIMERS;
      await this.#stepWhile(() => this.#late > 0 && this.now < end && this.#steps < last);
      return await work;
    } finally {
      this.#isOver = true;
      this.#environments.end();
      this.#clock.uninstall();
      syncBuiltinESMExports();
    }
  }

  async #stepWhile(goOn: () => boolean): Promise<void> {
    for (await turn(); goOn(); await turn()) {
      if (this.#open.size + this.#late > 0 && (await this.#isBusy(goOn))) continue;
      const hanging = this.#hanging();
      for (const { hang } of hanging) hang();
      if (hanging.length > 0) continue;
      if (this.#nextTimer() === Infinity) return; // nothing will ever happen on this clock
      this.#step();
    }
  }

  /** Runs the next timer. What it throws is not for us: it ends what runs, as an uncaught exception does. */
  #step(): void {
    const before = Date.now();
    this.#steps++;
    try {
      if (this.#still < TIMERS_A_MILLISECOND) this.#clock.next();
      else this.#clock.tick(1);
    } catch (error) {
      for (const { crash } of this.#open) crash(error);
    }
    this.#still = Date.now() > before ? 0 : this.#still + 1;
  }

  /** Whether an invocation has got on by itself: by turns of the event loop, or by work that is not on this clock. */
  async #isBusy(goOn: () => boolean): Promise<boolean> {
    const running = this.#open.size + this.#late;
    const next = this.#nextTimer();
    const moved = () => !goOn() || this.#open.size + this.#late !== running || this.#nextTimer() !== next;
    for (let turns = this.#open.size > 0 ? 10 : 1; turns > 0; turns--) {
      await turn();
      if (moved()) return true;
    }
    this.#idleResources = Math.min(this.#idleResources, resources());
    const isFar = this.#open.size > 0 && (next - Date.now() >= this.#farMs || this.#hanging().length > 0);
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

  /** The invocations that can't get on: their event loop would run empty. */
  #hanging(): Open[] {
    return [...this.#open].filter(({ environment }) => !this.#environments.isKeptAlive(environment));
  }

  #nextTimer(): number {
    return this.#clock.timerHeap?.peek()?.callAt ?? Infinity;
  }
}

const turn = (): Promise<unknown> => new Promise((resolve) => setRealImmediate(resolve));

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
