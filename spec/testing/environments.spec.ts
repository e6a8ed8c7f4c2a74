import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { withGlobal } from '@sinonjs/fake-timers';
import { expect } from 'chai';

import { Environments, type FakeClock } from '../../lib/testing/environments';

const ALIVE = Symbol.for('lambda-batch-handler:alive');
const counted = globalThis as { [ALIVE]?: { batches: number } };

const pass = (): void => undefined;

describe('What keeps an execution environment alive', () => {
  let clock: FakeClock;
  let environments: Environments;
  const [one, other] = [{}, {}];
  const alive = () => [environments.isKeptAlive(one), environments.isKeptAlive(other)];

  beforeEach(() => {
    clock = withGlobal(globalThis).install({
      now: 0,
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
    });
    environments = new Environments(clock);
  });

  afterEach(() => {
    environments.end();
    clock.uninstall();
  });

  it('is nothing to begin with', () => {
    expect(alive()).to.deep.equal([false, false]);
  });

  const timers: Record<string, () => unknown> = {
    setTimeout: () => setTimeout(pass, 10),
    setInterval: () => setInterval(pass, 10),
    'a promisified setTimeout': () => promisify(setTimeout)(10),
    'setTimeout of node:timers/promises': () => sleep(10),
  };
  for (const [what, set] of Object.entries(timers)) {
    it(`is a timer that it has set by ${what}, and no other environment`, () => {
      environments.run(one, set);

      expect(alive()).to.deep.equal([true, false]);
    });
  }

  it('is a timer until it has fired, or was cleared, and an interval until it was cleared', () => {
    const seen = environments.run(one, () => {
      const timeout = setTimeout(pass, 10);
      const fired = setTimeout(pass, 5);
      clock.tick(5);
      const before = alive();
      clearTimeout(timeout);
      const after = alive();
      const interval = setInterval(pass, 5);
      clock.tick(50);
      const ticking = alive();
      clearInterval(interval);
      return [before, after, ticking, alive(), fired.hasRef()];
    });

    expect(seen).to.deep.equal([[true, false], [false, false], [true, false], [false, false], true]); // prettier-ignore
  });

  it('is no timer that is unreferenced, until it is referenced again', () => {
    const timer = environments.run(one, () => setTimeout(pass, 10).unref());
    expect(alive()).to.deep.equal([false, false]);

    timer.ref();
    expect(alive()).to.deep.equal([true, false]);
  });

  it('is a timer that is refreshed after it has fired', () => {
    const timer = environments.run(one, () => setTimeout(pass, 10));
    clock.tick(10);
    expect(alive()).to.deep.equal([false, false]);

    timer.refresh();
    expect(alive()).to.deep.equal([true, false]);
  });

  it('is a timer that was set by another of its timers, or after a promise', async () => {
    environments.run(one, () => setTimeout(() => setTimeout(pass, 10), 10));
    clock.tick(10);
    expect(alive()).to.deep.equal([true, false]);

    await environments.run(other, () => Promise.resolve().then(() => void setTimeout(pass, 10)));
    expect(alive()).to.deep.equal([true, true]);
  });

  it('is a timer of which nobody knows who has set it, for all of them', () => {
    setTimeout(pass, 10);

    expect(alive()).to.deep.equal([true, true]);
  });

  it('runs callbacks in the context in which their timers were set, with what they were given', () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    storage.run('mine', () => {
      setTimeout((...given: unknown[]) => seen.push(storage.getStore(), ...given), 10, 1, 2);
    });
    clock.tick(10);

    expect(seen).to.deep.equal(['mine', 1, 2]);
  });

  it('refuses a timer without a callback, as Node.js does', () => {
    const set = setTimeout as (callback: unknown) => unknown;

    expect(() => set('text')).to.throw(TypeError);
    expect(alive()).to.deep.equal([false, false]);
  });

  it('is a batch of the library that is not answered yet, of the environment that has begun it', () => {
    const count = (change: number) => {
      counted[ALIVE]!.batches += change;
    };
    const before = counted[ALIVE]!.batches;
    environments.run(one, () => {
      count(1);
      count(1);
    });
    expect([...alive(), counted[ALIVE]!.batches - before]).to.deep.equal([true, false, 2]);

    environments.run(one, () => {
      count(-1);
    });
    expect(alive()).to.deep.equal([true, false]);

    environments.run(one, () => {
      count(-1);
    });
    expect(alive()).to.deep.equal([false, false]);

    count(1);
    expect(alive()).to.deep.equal([true, true]);
    count(-1);
  });

  it('leaves the count of batches as it is, when it ends', () => {
    const before = counted[ALIVE]!.batches;
    environments.run(one, () => counted[ALIVE]!.batches++);
    environments.end();

    expect(Object.getOwnPropertyDescriptor(counted[ALIVE]!, 'batches')).to.deep.equal({
      value: before + 1,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    counted[ALIVE]!.batches--;
  });
});
