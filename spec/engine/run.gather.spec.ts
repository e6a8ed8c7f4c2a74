import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';

import { Deadline } from '../../lib/engine/deadline';
import { byKey, firstFailureStops, type Ordering, parallel, sequential } from '../../lib/engine/ordering';
import type { Outcome } from '../../lib/engine/outcome';
import { type Job, run, runSync } from '../../lib/engine/run';
import { errorOf, HeldJob, plainJudge, statuses, thrownBy, unhandledRejections } from '../support/engine';
import { Deferred, settled } from '../support/promises';

/** The records that join the attempt of one, as many as may, up to `size` in all. */
const upTo =
  (size: number): NonNullable<Job['gather']> =>
  (_index, next) => {
    const others: number[] = [];
    while (others.length < size - 1) {
      const other = next();
      if (other < 0) break;
      others.push(other);
    }
    return others;
  };

/** A job whose attempts are over up to `size` records, and run until a spec settles the first of them. */
class GatheringJob extends HeldJob {
  /** The records of each attempt, in the order of their starts. */
  readonly attempts: number[][] = [];
  readonly gather: NonNullable<Job['gather']>;

  constructor(keys: string, ordering: Ordering, size: number) {
    super(keys, ordering);
    this.gather = upTo(size);
  }

  override attempt = (index: number, others: readonly number[] = []): unknown => {
    this.attempts.push([index, ...others]);
    return this.endings[index]!.promise;
  };
}

/** The records of each attempt of a sync run, and its outcomes; `attempt` is given the first record and the others. */
function syncRun(
  keys: string,
  ordering: Ordering,
  size: number,
  attempt: (records: readonly number[]) => unknown,
  judge: Pick<Job, 'returned' | 'threw'> = plainJudge,
) {
  const attempts: number[][] = [];
  const outcomes = runSync({
    count: keys.length,
    ordering,
    keyOf: (index) => keys[index],
    gather: upTo(size),
    attempt: (index, others = []) => {
      attempts.push([index, ...others]);
      return attempt([index, ...others]);
    },
    ...judge,
  });
  return { attempts, outcomes };
}

/** Fails the records of these indexes where their attempt returned, and wraps what was thrown. */
const refusing = (...indexes: number[]): Pick<Job, 'returned' | 'threw'> => ({
  returned: (index, value) =>
    indexes.includes(index) ? plainJudge.threw(index, `refused ${index}`) : plainJudge.returned(index, value),
  threw: plainJudge.threw,
});

describe('An attempt over several records', () => {
  it('is told its first record, and those that joined it', async () => {
    const job = new GatheringJob('abcde', parallel(), 2);
    const outcomes = run(job);

    expect(job.attempts).to.deep.equal([[0, 1], [2, 3], [4]]);
    for (const { resolve } of job.endings) resolve('done');
    expect(statuses(await outcomes)).to.deep.equal(Array(5).fill('success'));
    expect(syncRun('abcde', parallel(), 2, () => 'done').attempts).to.deep.equal([[0, 1], [2, 3], [4]]);
  });

  it('is told of no others where the job gathers none', () => {
    const attempt = sinon.fake();
    runSync({ count: 1, ordering: parallel(), keyOf: () => undefined, attempt, ...plainJudge });

    sinon.assert.calledOnceWithExactly(attempt, 0, undefined);
  });

  it('is judged for each record, with what it returned', async () => {
    const returned = sinon.spy(refusing(1).returned);
    const job = Object.assign(new GatheringJob('abc', parallel(), 3), { returned });
    const outcomes = run(job);
    job.endings[0]!.resolve('done');

    expect(statuses(await outcomes)).to.deep.equal(['success', 'failure', 'success']);
    expect(returned.args).to.deep.equal([
      [0, 'done'],
      [1, 'done'],
      [2, 'done'],
    ]);
    const { outcomes: sync } = syncRun('abc', parallel(), 3, () => 'done', refusing(1));
    expect(statuses(sync)).to.deep.equal(['success', 'failure', 'success']);
    expect(thrownBy(sync[1])).to.equal('refused 1');
  });

  it('fails each of its records where it throws or rejects', async () => {
    const job = new GatheringJob('abcd', parallel(), 2);
    const outcomes = run(job);
    job.endings[0]!.reject('no');
    job.endings[2]!.resolve('done');

    expect(statuses(await outcomes)).to.deep.equal(['failure', 'failure', 'success', 'success']);
    expect((await outcomes).map(thrownBy)).to.deep.equal(['no', 'no', undefined, undefined]);
    const throwing = ([first]: readonly number[]): void => {
      if (first === 0) throw 'no';
    };
    expect(syncRun('abcd', parallel(), 2, throwing).outcomes.map(thrownBy)).to.deep.equal([
      'no',
      'no',
      undefined,
      undefined,
    ]);
    const thrown = await run(
      Object.assign(new GatheringJob('abcd', parallel(), 2), {
        attempt: (index: number) => {
          throwing([index]);
        },
      }),
    );
    expect(thrown.map(thrownBy)).to.deep.equal(['no', 'no', undefined, undefined]);
  });

  it('counts as one of the concurrency', async () => {
    const job = new GatheringJob('abcdefg', parallel(2), 2);
    void run(job);
    expect(job.attempts).to.deep.equal([
      [0, 1],
      [2, 3],
    ]);

    job.endings[2]!.resolve('done');
    await settled();
    expect(job.attempts.slice(2)).to.deep.equal([[4, 5]]);
    job.endings[0]!.reject('no');
    await settled();
    expect(job.attempts.slice(3)).to.deep.equal([[6]]);
  });

  it('takes no two records of a lane', async () => {
    const job = new GatheringJob('aabbc', byKey(Infinity), 3);
    const outcomes = run(job);
    expect(job.attempts).to.deep.equal([[0, 2, 4]]);

    job.endings[0]!.resolve('done');
    await settled();
    expect(job.attempts).to.deep.equal([
      [0, 2, 4],
      [1, 3],
    ]);
    job.endings[1]!.resolve('done');
    expect(statuses(await outcomes)).to.deep.equal(Array(5).fill('success'));
    expect(syncRun('aabbc', byKey(Infinity), 3, () => 'done').attempts).to.deep.equal([
      [0, 2, 4],
      [1, 3],
    ]);
  });

  for (const [name, ordering] of [
    ['one after another', sequential],
    ['up to the first failure', firstFailureStops],
  ] as const) {
    it(`is over one record where they run ${name}`, () => {
      expect(syncRun('abc', ordering, 3, () => 'done').attempts).to.deep.equal([[0], [1], [2]]);
    });
  }

  it('that throws stops the lane of each of its records, and no other', async () => {
    const job = new GatheringJob('aabbcdc', byKey(2), 2);
    const outcomes = run(job);
    expect(job.attempts).to.deep.equal([
      [0, 2],
      [4, 5],
    ]);
    job.endings[0]!.reject('no');
    job.endings[4]!.resolve('done');
    await settled();
    job.endings[6]!.resolve('done');
    const all = await outcomes;

    expect(job.attempts.slice(2)).to.deep.equal([[6]]);
    expect(statuses(all)).to.deep.equal([
      'failure',
      'unprocessed',
      'failure',
      'unprocessed',
      'success',
      'success',
      'success',
    ]);
    expect(errorOf(all[1])).to.equal(errorOf(all[0]));
    expect(errorOf(all[3])).to.equal(errorOf(all[2]));
  });

  it('of which one record fails stops the lane of that one alone', () => {
    const { attempts, outcomes } = syncRun('aabb', byKey(2), 2, () => 'done', refusing(2));

    expect(attempts).to.deep.equal([[0, 2], [1]]);
    expect(statuses(outcomes)).to.deep.equal(['success', 'success', 'failure', 'unprocessed']);
    expect(errorOf(outcomes[3])).to.equal(errorOf(outcomes[2]));
  });

  describe('with a deadline', () => {
    let timers: sinon.SinonFakeTimers;
    beforeEach(() => {
      timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    });
    afterEach(() => {
      sinon.restore();
    });
    const reason = new Error('time is up');
    const within = (ms: number): Deadline => {
      const end = Date.now() + ms;
      return new Deadline({ remaining: () => end - Date.now(), reserve: 0, reason: () => reason });
    };

    it('fails all its records that are running when it comes, and changes nothing later', async () => {
      const job = new GatheringJob('abcde', parallel(1), 3);
      const outcomes = run(job, within(100));
      timers.tick(100);
      const all = await outcomes;

      expect(job.attempts).to.deep.equal([[0, 1, 2]]);
      expect(statuses(all)).to.deep.equal(['failure', 'failure', 'failure', 'unprocessed', 'unprocessed']);
      expect(all.slice(0, 3).map(thrownBy)).to.deep.equal([reason, reason, reason]);
      expect(all.slice(3).map(errorOf)).to.deep.equal([reason, reason]);
      const answered = [...all];
      expect(
        await unhandledRejections(() => {
          job.endings[0]!.reject('late');
          return Promise.resolve();
        }),
      ).to.deep.equal([]);
      expect(all).to.deep.equal(answered);
      expect(timers.countTimers()).to.equal(0);
    });

    it('starts none of its records where it has passed', () => {
      const attempts: number[][] = [];
      const outcomes = runSync(
        {
          count: 5,
          ordering: parallel(),
          keyOf: () => undefined,
          gather: upTo(3),
          attempt: (index, others = []) => {
            attempts.push([index, ...others]);
            timers.tick(100);
          },
          ...plainJudge,
        },
        within(50),
      );

      expect(attempts).to.deep.equal([[0, 1, 2]]);
      expect(statuses(outcomes)).to.deep.equal(['success', 'success', 'success', 'unprocessed', 'unprocessed']);
      expect(outcomes.slice(3).map(errorOf)).to.deep.equal([reason, reason]);
    });
  });
});

describe('For any batch, ordering and failures, attempts over several records', () => {
  interface Plot {
    readonly key: string;
    /** Whether the job refuses the record, though its attempt returned. */
    readonly refused: boolean;
    /** Whether the attempt throws whose first record this is. */
    readonly throws: boolean;
  }
  const seldom = fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true));
  const batches = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', ''), refused: seldom, throws: seldom }), {
    maxLength: 30,
    size: 'max',
  });
  const concurrencies = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(Infinity));
  const orderings = fc.oneof(
    concurrencies.map(parallel),
    fc.constant(sequential),
    fc.constant(firstFailureStops),
    concurrencies.map(byKey),
  );
  const sizes = fc.integer({ min: 1, max: 5 });

  const laneOf = (index: number, plots: readonly Plot[], { lane }: Ordering): unknown =>
    lane === 'record' ? index : lane === 'batch' ? 'the batch' : plots[index]!.key;

  /** The rules that attempts and outcomes break. */
  function broken(
    plots: readonly Plot[],
    ordering: Ordering,
    attempts: readonly number[][],
    outcomes: readonly Outcome[],
  ): string[] {
    const problems: string[] = [];
    const attempted = attempts.flat();
    if (new Set(attempted).size < attempted.length) problems.push('a record is attempted twice');
    const failed = new Set<number>();
    for (const records of attempts) {
      const lanes = new Set(records.map((index) => laneOf(index, plots, ordering)));
      if (lanes.size < records.length) problems.push(`${records.join()} share a lane`);
      for (const index of records) if (plots[records[0]!]!.throws || plots[index]!.refused) failed.add(index);
    }
    plots.forEach((_, index) => {
      const stopper = plots.findIndex(
        (_, earlier) =>
          earlier < index &&
          ordering.failureStopsLane &&
          failed.has(earlier) &&
          laneOf(earlier, plots, ordering) === laneOf(index, plots, ordering),
      );
      const expected = stopper >= 0 ? 'unprocessed' : failed.has(index) ? 'failure' : 'success';
      const { status } = outcomes[index]!;
      if (status !== expected) problems.push(`${index}: expected ${expected}, received ${status}`);
      if (stopper >= 0 && errorOf(outcomes[index]) !== errorOf(outcomes[stopper])) problems.push(`${index}: the cause`);
      if (stopper < 0 !== attempted.includes(index)) problems.push(`${index} is attempted, or not, against the rules`);
    });
    return problems;
  }

  const jobFor = (plots: readonly Plot[], ordering: Ordering, size: number): Omit<Job, 'attempt'> => ({
    count: plots.length,
    ordering,
    keyOf: (index) => plots[index]!.key,
    gather: upTo(size),
    returned: (index, value) =>
      plots[index]!.refused ? plainJudge.threw(index, value) : plainJudge.returned(index, value),
    threw: plainJudge.threw,
  });

  it('keep lanes and limits, and give each record its outcome', async () => {
    await fc.assert(
      fc.asyncProperty(batches, orderings, sizes, fc.array(fc.nat()), async (plots, ordering, size, picks) => {
        const attempts: number[][] = [];
        const held: { first: number; ending: Deferred<unknown> }[] = [];
        let most = 0;
        const outcomes = run({
          ...jobFor(plots, ordering, size),
          attempt: (index, others = []) => {
            attempts.push([index, ...others]);
            const ending = new Deferred<unknown>();
            held.push({ first: index, ending });
            most = Math.max(most, held.length);
            return ending.promise;
          },
        });
        for (let step = 0; held.length > 0; step++) {
          const [{ first, ending }] = held.splice((picks[step % picks.length] ?? 0) % held.length, 1) as [
            (typeof held)[number],
          ];
          if (plots[first]!.throws) ending.reject('no');
          else ending.resolve('done');
          await settled();
        }

        expect(broken(plots, ordering, attempts, await outcomes)).to.deep.equal([]);
        expect(most).to.be.at.most(ordering.concurrency);
      }),
      { numRuns: 150 },
    );
  });

  it('do so in a sync run too', () => {
    fc.assert(
      fc.property(batches, orderings, sizes, (plots, ordering, size) => {
        const attempts: number[][] = [];
        const outcomes = runSync({
          ...jobFor(plots, ordering, size),
          attempt: (index, others = []) => {
            attempts.push([index, ...others]);
            if (plots[index]!.throws) throw new Error('no');
          },
        });

        expect(broken(plots, ordering, attempts, outcomes)).to.deep.equal([]);
      }),
      { numRuns: 300 },
    );
  });
});
