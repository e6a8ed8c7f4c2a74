import { expect } from 'chai';
import fc from 'fast-check';

import { byKey, firstFailureStops, type Ordering, parallel, sequential } from '../../lib/engine/ordering';
import type { ChunkRules, RunningChunk } from '../../lib/chunk/collecting';
import { ChunkSchedule } from '../../lib/chunk/schedule';

/** A schedule of records, each a letter of `keys`, and all that it has told. */
function scheduleOf(keys: string, ordering: Ordering, rules: Partial<ChunkRules> = {}) {
  const skipped: [index: number, failed: number][] = [];
  const released: number[] = [];
  const dropped: number[] = [];
  const given: ChunkRules = {
    size: 3,
    maxBytes: Infinity,
    onePerLane: false,
    bytesOf: () => 0,
    distinctOf: () => undefined,
    isAlone: () => false,
    ...rules,
  };
  const schedule: ChunkSchedule = new ChunkSchedule(
    { count: keys.length, ordering, keyOf: (index) => keys[index] },
    given,
    (index, failed) => void skipped.push([index, failed]),
    { release: (index) => void released.push(index), drop: (index) => void dropped.push(index) },
  );
  /** Starts all that may start now: chunk by chunk. */
  const start = (): number[][] => {
    const chunks = new Set<RunningChunk>();
    for (let index = schedule.next(); index >= 0; index = schedule.next()) chunks.add(schedule.chunkOf(index));
    return [...chunks].map(({ records }) => [...records]);
  };
  return { schedule, start, skipped, released, dropped };
}

describe('A schedule of chunks', () => {
  it('makes slices where there are no lanes, as many at once as may run', () => {
    const { schedule, start } = scheduleOf('abcdefgh', parallel(2));
    expect(start()).to.deep.equal([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    for (const index of [0, 1]) schedule.settle(index, false);
    expect(start()).to.deep.equal([]);
    schedule.settle(2, true);
    expect(start()).to.deep.equal([[6, 7]]);
  });

  it('runs one after another in sequence, and a failure stops nothing', () => {
    const { schedule, start, skipped } = scheduleOf('aaaa', sequential, { size: 2 });
    expect(start()).to.deep.equal([[0, 1]]);
    schedule.settle(1, true);
    schedule.settle(0, false);
    expect(start()).to.deep.equal([[2, 3]]);
    expect(skipped).to.deep.equal([]);
  });

  it('lets a result count when nothing before it in its lane can have failed any more', () => {
    const { schedule, start, released, dropped, skipped } = scheduleOf('abab', byKey(1), { size: 4 });
    start();
    schedule.ended(schedule.chunkOf(0));
    expect(released).to.deep.equal([0, 1]);
    schedule.settle(0, false);
    expect(released).to.deep.equal([0, 1, 2]);
    schedule.settle(1, true);
    expect([released, dropped, skipped]).to.deep.equal([[0, 1, 2], [3], [[3, 1]]]);
  });

  it('lets all results count at once where a failure stops nothing', () => {
    const { schedule, start, released } = scheduleOf('aaa', sequential);
    start();
    schedule.ended(schedule.chunkOf(0));
    expect(released).to.deep.equal([0, 1, 2]);
  });

  it('skips what waits in a lane that has stopped, and what is still to come of it', () => {
    const { schedule, start, skipped } = scheduleOf('aaaaab', firstFailureStops, { size: 2 });
    expect(start()).to.deep.equal([[0, 1]]);
    schedule.settle(0, true);
    expect(start()).to.deep.equal([]);
    expect(skipped).to.have.deep.members([1, 2, 3, 4, 5].map((index) => [index, 0]));
  });

  it('keeps a record waiting whose lane another chunk has, and takes it when that is over', () => {
    const { schedule, start } = scheduleOf('aabac', byKey(2), { size: 2 });
    expect(start()).to.deep.equal([
      [0, 1],
      [2, 4],
    ]);
    for (const index of [0, 1]) schedule.settle(index, false);
    expect(start()).to.deep.equal([[3]]);
  });

  it('takes one record of a lane at the most where that is the rule', () => {
    const { schedule, start } = scheduleOf('aabb', byKey(2), { size: 4, onePerLane: true });
    expect(start()).to.deep.equal([[0, 2]]);
    for (const index of [0, 2]) schedule.settle(index, false);
    expect(start()).to.deep.equal([[1, 3]]);
  });

  it('makes a chunk of its own of a record that cannot be handed over, and goes on behind it', () => {
    const isAlone = (index: number): boolean => index === 1;
    expect(scheduleOf('abcd', parallel(2), { isAlone }).start()).to.deep.equal([[0, 2, 3], [1]]);
    const { schedule, start } = scheduleOf('aaa', sequential, { isAlone });
    expect(start()).to.deep.equal([[0]]);
    schedule.settle(0, false);
    expect(start()).to.deep.equal([[1]]);
    schedule.settle(1, true);
    expect(start()).to.deep.equal([[2]]);
  });

  it('ends a chunk before it would pass the limit of bytes, which a record alone may', () => {
    const bytes = [3, 3, 9, 1, 1];
    const rules = { size: 9, maxBytes: 6, bytesOf: (index: number) => bytes[index]! };
    expect(scheduleOf('abcde', parallel(), rules).start()).to.deep.equal([[0, 1], [2], [3, 4]]);
    const { schedule, start } = scheduleOf('aaaaa', sequential, rules);
    expect(start()).to.deep.equal([[0, 1]]);
    for (const index of [0, 1]) schedule.settle(index, false);
    expect(start()).to.deep.equal([[2]]);
  });

  const rulesOf = fc.record({
    size: fc.integer({ min: 1, max: 5 }),
    maxBytes: fc.constantFrom(4, 9, Infinity),
    onePerLane: fc.boolean(),
    hasValues: fc.boolean(),
  });
  const orderings = fc.constantFrom(
    parallel(1),
    parallel(3),
    parallel(),
    sequential,
    firstFailureStops,
    byKey(1),
    byKey(2),
    byKey(Infinity),
  );
  interface Given {
    readonly key: string;
    readonly value: string;
    readonly bytes: number;
    readonly isAlone: boolean;
    readonly fails: boolean;
  }
  const records = fc.array(
    fc.record<Given>({
      key: fc.constantFrom('a', 'b', 'c'),
      value: fc.constantFrom('x', 'y', 'z'),
      bytes: fc.integer({ min: 0, max: 10 }),
      isAlone: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
      fails: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
    { maxLength: 25 },
  );

  it('keeps every rule, starts or skips every record, and comes to an end, in whatever order chunks end', () => {
    fc.assert(
      fc.property(records, orderings, rulesOf, fc.infiniteStream(fc.nat()), (given, ordering, rules, picks) => {
        const valueOf = (index: number) =>
          rules.hasValues && !given[index]!.isAlone ? given[index]!.value : undefined;
        const { schedule, start, skipped, released } = scheduleOf(given.map(({ key }) => key).join(''), ordering, {
          ...rules,
          bytesOf: (index) => given[index]!.bytes,
          distinctOf: valueOf,
          isAlone: (index) => given[index]!.isAlone,
        });
        const laneOf = (index: number) =>
          ordering.lane === 'record' ? index : ordering.lane === 'batch' ? 0 : given[index]!.key;
        const running = new Set<number[]>();
        const over: number[] = [];
        for (;;) {
          for (const chunk of start()) {
            expect(chunk).to.deep.equal([...chunk].sort((one, other) => one - other));
            expect(chunk.length).to.be.at.most(rules.size);
            const bytes = chunk.reduce((sum, index) => sum + given[index]!.bytes, 0);
            if (chunk.length > 1) {
              expect(bytes).to.be.at.most(rules.maxBytes);
              expect(chunk.some((index) => given[index]!.isAlone)).to.equal(false);
              const lanes = chunk.map(laneOf);
              if (rules.onePerLane) expect(new Set(lanes).size).to.equal(chunk.length);
            }
            running.add(chunk);
          }
          const all = [...running].flat();
          const values = all.map(valueOf).filter((value) => value !== undefined);
          expect(new Set(values).size).to.equal(values.length);
          expect(running.size).to.be.at.most(ordering.concurrency);
          for (const one of running) {
            for (const other of running) {
              if (one !== other) expect(one.some((index) => other.map(laneOf).includes(laneOf(index)))).to.equal(false);
            }
          }
          if (running.size === 0) break;
          const chunk = [...running][picks.next().value % running.size]!;
          running.delete(chunk);
          schedule.ended(schedule.chunkOf(chunk[0]!));
          // Those that count settle in the order in which they are let go.
          for (let at = 0; at < released.length; at++) {
            const index = released[at]!;
            over.push(index);
            schedule.settle(index, given[index]!.fails);
          }
          released.length = 0;
        }
        const gone = skipped.map(([index]) => index);
        expect([...over, ...gone].sort((one, other) => one - other)).to.deep.equal(given.map((_, index) => index));
        if (!ordering.failureStopsLane) {
          expect(gone).to.deep.equal([]);
          return;
        }
        for (const [index, failed] of skipped) {
          expect(laneOf(index)).to.equal(laneOf(failed));
          expect(failed).to.be.below(index);
          expect(given[failed]!.fails).to.equal(true);
        }
        // Within a lane records are over in order, and none is behind a failure.
        for (const lane of new Set(over.map(laneOf))) {
          const ofLane = over.filter((index) => laneOf(index) === lane);
          expect(ofLane).to.deep.equal([...ofLane].sort((one, other) => one - other));
          expect(ofLane.slice(0, -1).some((index) => given[index]!.fails)).to.equal(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes next to no time for ten thousand records of one lane, or of one value', () => {
    const keys = 'a'.repeat(10_000);
    for (const rules of [{}, { distinctOf: () => 'x' }, { onePerLane: true }]) {
      const { schedule, start } = scheduleOf(keys, byKey(4), { size: 25, ...rules });
      let count = 0;
      for (let chunks = start(); chunks.length > 0; chunks = start()) {
        for (const index of chunks.flat()) {
          count++;
          schedule.settle(index, false);
        }
      }
      expect(count).to.equal(10_000);
    }
  });
});
