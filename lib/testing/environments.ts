import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { promisify } from 'node:util';

import type { withGlobal } from '@sinonjs/fake-timers';

import { alive } from '../errors/alive';

/** @internal The package does not bring the types of its clock. */
export type FakeClock = ReturnType<ReturnType<typeof withGlobal>['install']>;

/** An execution environment, by its identity. */
export type Environment = object;

/** What runs in which environment. It is one for all simulations, which come one after another: each makes promises dearer. */
const running = new AsyncLocalStorage<Environment>();

type Callback = (...args: unknown[]) => void;
type SetTimer = (callback: Callback, ...rest: unknown[]) => NodeJS.Timeout;

interface OwnedTimer {
  /** Undefined where it was set by something that an environment has not begun: then it might be anyone's. */
  readonly owner: Environment | undefined;
  readonly handle: Pick<NodeJS.Timeout, 'hasRef'>;
}

/**
 * What keeps the process of each execution environment alive, which here all run in one: timers, but for those that are
 * unreferenced, and batches of the library. It follows what an environment begins through promises and timers.
 */
export class Environments {
  readonly #clock: FakeClock;
  readonly #timers = new Map<number, OwnedTimer>();
  readonly #batches = new Map<Environment | undefined, number>();
  readonly #ends: (() => void)[] = [];

  /** @internal Timers that are set on the clock from now on are seen. */
  constructor(clock: FakeClock) {
    this.#clock = clock;
    this.#watchTimers();
    this.#ends.push(
      countBatches((change) => {
        const owner = running.getStore();
        this.#batches.set(owner, (this.#batches.get(owner) ?? 0) + change);
      }),
    );
  }

  /** Runs something in an environment. */
  run<T>(environment: Environment, work: () => T): T {
    return running.run(environment, work);
  }

  isKeptAlive(environment: Environment): boolean {
    return this.#hasTimer(environment) || [environment, undefined].some((owner) => (this.#batches.get(owner) ?? 0) > 0);
  }

  /** Sees nothing any more, and leaves the clock as it was, which is how it has to be to be uninstalled. */
  end(): void {
    for (const end of this.#ends.splice(0)) end();
    running.disable();
  }

  #watchTimers(): void {
    const clock = this.#clock;
    for (const name of ['setTimeout', 'setInterval'] as const) {
      const set = clock[name];
      clock[name] = (callback: Callback, ...rest: unknown[]) => this.#owned(set as SetTimer, callback, rest);
      this.#ends.push(() => {
        clock[name] = set;
      });
    }
    // The clock's own does not go through its setTimeout.
    const sleep = (milliseconds: number, value: unknown) =>
      new Promise((resolve) => void clock.setTimeout(resolve, milliseconds, value));
    Object.assign(globalThis.setTimeout, { [promisify.custom]: sleep });
  }

  /** Sets a timer whose callback runs in the context that it was set in, as in Node.js. */
  #owned(set: SetTimer, callback: Callback, rest: unknown[]): NodeJS.Timeout {
    if (typeof callback !== 'function') return set(callback, ...rest); // refuses it
    const resource = new AsyncResource('Timeout');
    const handle = set(
      (...args) => {
        if (!this.#clock.timers!.has(id)) this.#timers.delete(id); // it was no interval
        resource.runInAsyncScope(callback, undefined, ...args);
      },
      ...rest,
    );
    const id = Number(handle);
    const owned = { owner: running.getStore(), handle };
    this.#timers.set(id, owned);
    const refresh = handle.refresh.bind(handle);
    handle.refresh = () => {
      this.#timers.set(id, owned); // it may have fired
      return refresh();
    };
    return handle;
  }

  #hasTimer(environment: Environment): boolean {
    for (const [id, { owner, handle }] of this.#timers) {
      if (!this.#clock.timers!.has(id))
        this.#timers.delete(id); // it was cleared
      else if ((owner === environment || owner === undefined) && handle.hasRef()) return true;
    }
    return false;
  }
}

/** Tells of each change of the number of batches that keep the process alive, where it is made, until it is stopped. */
function countBatches(changed: (change: number) => void): () => void {
  let { batches } = alive;
  const as = (batchesProperty: PropertyDescriptor) =>
    Object.defineProperty(alive, 'batches', { ...batchesProperty, enumerable: true, configurable: true });
  as({
    get: () => batches,
    set: (count: number) => {
      changed(count - batches);
      batches = count;
    },
  });
  return () => {
    as({ value: batches, writable: true });
  };
}
