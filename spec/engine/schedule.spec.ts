import { expect } from 'chai';

import { byKey, firstFailureStops, type Ordering, parallel, sequential } from '../../lib/engine/ordering';
import { Schedule } from '../../lib/engine/schedule';

/** A schedule of one record a letter, each letter its key, and what the schedule skips. */
function scheduleOf(keys: string, ordering: Ordering) {
  const skipped: [index: number, failed: number][] = [];
  const schedule = new Schedule(
    keys.length,
    ordering,
    (index) => keys[index],
    (index, failed) => skipped.push([index, failed]),
  );
  /** All that may start now. */
  const takeAll = () => {
    const taken: number[] = [];
    for (let index = schedule.next(); index >= 0; index = schedule.next()) taken.push(index);
    return taken;
  };
  const succeed = (index: number) => {
    schedule.settle(index, false);
    return takeAll();
  };
  const fail = (index: number) => {
    schedule.settle(index, true);
    return takeAll();
  };
  return { schedule, skipped, takeAll, succeed, fail };
}

describe('A schedule', () => {
  it('has nothing to start in an empty batch, in any ordering', () => {
    for (const ordering of [parallel(), sequential, firstFailureStops, byKey(2)]) {
      expect(scheduleOf('', ordering).takeAll()).to.deep.equal([]);
    }
  });

  describe('in parallel', () => {
    it('starts all records at once, in arrival order', () => {
      expect(scheduleOf('aaaa', parallel()).takeAll()).to.deep.equal([0, 1, 2, 3]);
    });

    it('starts no more than the limit, and one more for each that settles (3c 19)', () => {
      const { takeAll, succeed, fail } = scheduleOf('abcde', parallel(2));

      expect(takeAll()).to.deep.equal([0, 1]);
      expect(succeed(1)).to.deep.equal([2]);
      expect(fail(0)).to.deep.equal([3]);
      expect(succeed(3)).to.deep.equal([4]);
      expect(succeed(2)).to.deep.equal([]);
    });

    it('skips nothing after a failure', () => {
      const { skipped, takeAll, fail } = scheduleOf('aaa', parallel(1));

      expect(takeAll()).to.deep.equal([0]);
      expect(fail(0)).to.deep.equal([1]);
      expect(fail(1)).to.deep.equal([2]);
      expect(skipped).to.deep.equal([]);
    });

    it('asks for no keys', () => {
      let asked = 0;
      const keyOf = () => String(asked++);
      const schedule = new Schedule(3, parallel(), keyOf, () => undefined);

      expect(schedule.next()).to.equal(0);
      expect(asked).to.equal(0);
    });
  });

  describe('one record after another', () => {
    it('starts the next when the one before has settled, failed or not', () => {
      const { skipped, takeAll, succeed, fail } = scheduleOf('abc', sequential);

      expect(takeAll()).to.deep.equal([0]);
      expect(fail(0)).to.deep.equal([1]);
      expect(succeed(1)).to.deep.equal([2]);
      expect(skipped).to.deep.equal([]);
    });

    it('asks for no keys, even where a failure stops the batch', () => {
      let asked = 0;
      const keyOf = () => String(asked++);
      const schedule = new Schedule(3, firstFailureStops, keyOf, () => undefined);

      expect([schedule.next(), schedule.next()]).to.deep.equal([0, -1]);
      expect(asked).to.equal(0);
    });

    it('skips the rest of the batch after the first failure, whatever the keys (3c 7)', () => {
      const { skipped, takeAll, succeed, fail } = scheduleOf('abcd', firstFailureStops);

      expect(takeAll()).to.deep.equal([0]);
      expect(succeed(0)).to.deep.equal([1]);
      expect(fail(1)).to.deep.equal([]);
      expect(skipped).to.deep.equal([
        [2, 1],
        [3, 1],
      ]);
    });

    it('skips nothing after a failure of the last record (3c 7)', () => {
      const { skipped, takeAll, succeed, fail } = scheduleOf('ab', firstFailureStops);
      takeAll();
      succeed(0);

      expect(fail(1)).to.deep.equal([]);
      expect(skipped).to.deep.equal([]);
    });
  });

  describe('by key', () => {
    it('asks for the key of each record once, in arrival order', () => {
      const asked: number[] = [];
      const keyOf = (index: number) => (asked.push(index), 'a');
      new Schedule(3, byKey(2), keyOf, () => undefined);

      expect(asked).to.deep.equal([0, 1, 2]);
    });

    it('forgets none of the records whose lanes become free before it is asked again', () => {
      const { schedule, takeAll } = scheduleOf('ababc', byKey(3));

      expect(takeAll()).to.deep.equal([0, 1, 4]);
      schedule.settle(0, false);
      schedule.settle(1, false);
      expect(takeAll()).to.deep.equal([2, 3]);
    });

    it('starts records in arrival order, not key by key, with one at a time', () => {
      const { takeAll, succeed } = scheduleOf('abab', byKey(1));

      expect(takeAll()).to.deep.equal([0]);
      expect(succeed(0)).to.deep.equal([1]);
      expect(succeed(1)).to.deep.equal([2]);
      expect(succeed(2)).to.deep.equal([3]);
      expect(succeed(3)).to.deep.equal([]);
    });

    it('runs keys side by side and records of a key one by one (3c 9)', () => {
      const { takeAll, succeed } = scheduleOf('aabbc', byKey(Infinity));

      expect(takeAll()).to.deep.equal([0, 2, 4]);
      expect(succeed(2)).to.deep.equal([3]);
      expect(succeed(0)).to.deep.equal([1]);
      expect(succeed(4)).to.deep.equal([]);
    });

    it('goes on with the key that became free before it begins another', () => {
      const { takeAll, succeed } = scheduleOf('aabbcd', byKey(2));

      expect(takeAll()).to.deep.equal([0, 2]);
      expect(succeed(0)).to.deep.equal([1]);
      expect(succeed(2)).to.deep.equal([3]);
      expect(succeed(3)).to.deep.equal([4]);
    });

    it('begins another key where the one that became free has no more records', () => {
      const { takeAll, succeed } = scheduleOf('abca', byKey(2));

      expect(takeAll()).to.deep.equal([0, 1]);
      expect(succeed(0)).to.deep.equal([2]);
      expect(succeed(1)).to.deep.equal([3]);
    });

    it('skips what waits behind a failure, and what arrives behind it later (3c 9)', () => {
      const { skipped, takeAll, succeed, fail } = scheduleOf('aabba', byKey(2));

      expect(takeAll()).to.deep.equal([0, 2]);
      expect(fail(0)).to.deep.equal([]);
      expect(skipped).to.deep.equal([
        [1, 0],
        [4, 0],
      ]);
      expect(succeed(2)).to.deep.equal([3]);
    });

    it('stops a key at a failure that is not its first record', () => {
      const { skipped, takeAll, succeed, fail } = scheduleOf('aaa', byKey(2));
      takeAll();

      expect(succeed(0)).to.deep.equal([1]);
      expect(fail(1)).to.deep.equal([]);
      expect(skipped).to.deep.equal([[2, 1]]);
    });

    it('takes undefined and names of Object.prototype for keys like any other (3c 8)', () => {
      const keys = [undefined, '__proto__', '', undefined, 'constructor', '__proto__', ''];
      const schedule = new Schedule(
        keys.length,
        byKey(Infinity),
        (index) => keys[index],
        () => undefined,
      );

      expect(Array.from(keys, () => schedule.next())).to.deep.equal([0, 1, 2, 4, -1, -1, -1]);
    });
  });
});
