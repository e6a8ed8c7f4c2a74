import vm from 'node:vm';

import { expect } from 'chai';
import sinon from 'sinon';

import { Deadline } from '../../lib/engine/deadline';
import { byKey, firstFailureStops, type Ordering, parallel, sequential } from '../../lib/engine/ordering';
import type { Outcome } from '../../lib/engine/outcome';
import { type Job, run, runSync } from '../../lib/engine/run';
import {
  Failure,
  errorOf,
  HeldJob,
  jobOf,
  kept,
  plainJudge,
  revokedProxy,
  statuses,
  thrownBy,
  unhandledRejections,
} from '../support/engine';
import { Deferred, settled } from '../support/promises';

const orderings: Record<string, Ordering> = {
  'in parallel': parallel(),
  'in parallel, 3 at once': parallel(3),
  'one after another': sequential,
  'up to the first failure': firstFailureStops,
  'by key': byKey(2),
};

/** What records can fail with beside an Error. */
const oddValues: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  'an empty string': '',
  'a number': Number.NaN,
  'a bigint': 1n,
  'a symbol': Symbol('odd'),
  'a function': () => 'odd',
  'a frozen error': Object.freeze(new Error('frozen')),
  'an error of another realm': vm.runInNewContext('new Error("elsewhere")') as unknown,
  'an object without a prototype': Object.create(null) as unknown,
  'an object that cannot be written': {
    toString() {
      throw new Error('not me');
    },
  },
  'a revoked proxy': revokedProxy(),
};

/** A promise that is native but answers `then` as it likes. */
const promiseWithThen = (then: unknown): Promise<unknown> => Object.assign(Promise.resolve('native'), { then });

/** A promise that calls back at once, which no promise may. */
const hasty = (value: unknown): Promise<unknown> =>
  promiseWithThen((onFulfilled: (value: unknown) => void) => {
    onFulfilled(value);
  });

describe('A run', () => {
  it('of an empty batch ends at once, without an attempt', async () => {
    for (const ordering of Object.values(orderings)) {
      const attempt = sinon.spy();

      expect(await run(jobOf(0, ordering, attempt))).to.deep.equal([]);
      expect(runSync(jobOf(0, ordering, attempt))).to.deep.equal([]);
      sinon.assert.notCalled(attempt);
    }
  });

  it('gives each record the outcome of its own attempt, in record order (3c 28)', async () => {
    const job = new HeldJob('abc', parallel());
    const outcomes = run(job);
    job.endings[2]!.resolve('last');
    await settled();
    job.endings[1]!.reject('second');
    await settled();
    job.endings[0]!.resolve('first');

    expect(statuses(await outcomes)).to.deep.equal(['success', 'failure', 'success']);
    expect((await outcomes)[0]).to.deep.equal({ status: 'success', value: 'first' });
    expect(thrownBy((await outcomes)[1])).to.equal('second');
    expect((await outcomes)[2]).to.deep.equal({ status: 'success', value: 'last' });
  });

  it('lays two frames of its own beneath a record, of which an error shows ten in all', async () => {
    const framesBeneath = (error: Error): string[] =>
      error.stack!.split('\n').filter((line) => /engine.run\.[jt]s/.test(line)); // compiled or not
    const stacks: string[][] = [];
    const attempt = async () => {
      stacks.push(framesBeneath(new Error('where')));
    };
    await run(jobOf(2, sequential, attempt));

    expect(stacks.map(({ length }) => length)).to.deep.equal([2, 2]);
  });

  it('starts its first records before it returns', () => {
    const job = new HeldJob('abc', parallel(2));
    void run(job);

    expect(job.started).to.deep.equal([0, 1]);
  });

  it('takes what a promise resolves to, and any value as it is', async () => {
    const values = [
      'plain',
      undefined,
      Promise.resolve('promised'),
      {
        then: (f: (v: string) => void) => {
          f('thenable');
        },
      },
    ];
    const outcomes = await run(jobOf(values.length, parallel(), (index) => values[index]));

    expect(outcomes.map((outcome) => outcome.status === 'success' && kept(outcome))).to.deep.equal([
      'plain',
      undefined,
      'promised',
      'thenable',
    ]);
  });

  it('lets the job judge what was returned, so that a record can fail without throwing', async () => {
    const error = new Error('a fail tuple');
    const job: Job = {
      ...jobOf(3, firstFailureStops, (index) => index),
      returned: (index) => (index === 1 ? { status: 'failure', error } : { status: 'success' }),
    };
    const expected = [{ status: 'success' }, { status: 'failure', error }, { status: 'unprocessed', cause: error }];

    expect(await run(job)).to.deep.equal(expected);
    expect(runSync(job)).to.deep.equal(expected);
  });

  it('runs no more records at once than it may (3c 19)', async () => {
    const job = new HeldJob('abcdefgh', parallel(3));
    const outcomes = run(job);
    let settledSoFar = 0;
    for (const ending of job.endings) {
      await settled();
      expect(job.started.length - settledSoFar).to.be.at.most(3);
      ending.resolve(undefined);
      settledSoFar++;
    }

    expect(statuses(await outcomes)).to.deep.equal(Array(8).fill('success'));
  });

  it('runs keys side by side, and a failure stops its own key only (3c 8, 3c 9)', async () => {
    const job = new HeldJob('aabbab', byKey(2));
    const outcomes = run(job);
    expect(job.started).to.deep.equal([0, 2]);
    job.endings[0]!.reject('a is broken');
    job.endings[2]!.resolve(undefined);
    await settled();
    expect(job.started).to.deep.equal([0, 2, 3]);
    job.endings[3]!.resolve(undefined);
    await settled();
    job.endings[5]!.resolve(undefined);

    expect(statuses(await outcomes)).to.deep.equal([
      'failure',
      'unprocessed',
      'success',
      'success',
      'unprocessed',
      'success',
    ]);
    expect((await outcomes)[1]).to.deep.equal({ status: 'unprocessed', cause: errorOf((await outcomes)[0]) });
    expect(errorOf((await outcomes)[4])).to.equal(errorOf((await outcomes)[0]));
  });

  for (const failing of [0, 2, 4]) {
    it(`attempts nothing after a failure at index ${failing} that stops the batch (3c 7)`, async () => {
      const failure = new Error('broken');
      const attempted: number[] = [];
      const attempt = (index: number) => {
        attempted.push(index);
        if (index === failing) throw failure;
      };
      const expected = Array.from({ length: 5 }, (_, index) =>
        index < failing ? 'success' : index === failing ? 'failure' : 'unprocessed',
      );
      const outcomes = await run(jobOf(5, firstFailureStops, attempt));

      expect(statuses(outcomes)).to.deep.equal(expected);
      expect(attempted).to.deep.equal([0, 1, 2, 3, 4].slice(0, failing + 1));
      expect(outcomes.slice(failing + 1).map(errorOf)).to.deep.equal(
        Array(4 - failing).fill(errorOf(outcomes[failing])),
      );
      expect(statuses(runSync(jobOf(5, firstFailureStops, attempt)))).to.deep.equal(expected);
    });
  }

  it('starts again from nothing when the same job runs again (3c 2)', async () => {
    let broken = true;
    const job = jobOf(3, firstFailureStops, () => {
      if (broken) throw new Error('broken');
    });
    expect(statuses(await run(job))).to.deep.equal(['failure', 'unprocessed', 'unprocessed']);
    broken = false;

    expect(statuses(await run(job))).to.deep.equal(['success', 'success', 'success']);
    expect(statuses(runSync(job))).to.deep.equal(['success', 'success', 'success']);
  });

  it('keeps overlapping runs apart (3c 4)', async () => {
    const first = new HeldJob('aab', byKey(1));
    const second = new HeldJob('aab', byKey(1));
    const outcomes = [run(first), run(second)] as const;
    first.endings[0]!.reject('broken');
    for (const ending of second.endings) ending.resolve(undefined);
    first.endings[2]!.resolve(undefined);

    expect(statuses(await outcomes[0])).to.deep.equal(['failure', 'unprocessed', 'success']);
    expect(statuses(await outcomes[1])).to.deep.equal(['success', 'success', 'success']);
  });

  describe('survives an attempt that', () => {
    for (const [name, value] of Object.entries(oddValues)) {
      it(`throws or rejects with ${name} (3c 5)`, async () => {
        const attempts = [
          () => {
            throw value;
          },
          () => Promise.reject(value),
          () => 'fine',
        ];
        const outcomes = await run(jobOf(3, parallel(), (index) => attempts[index]!()));

        expect(statuses(outcomes)).to.deep.equal(['failure', 'failure', 'success']);
        expect(Object.is(thrownBy(outcomes[0]), value)).to.be.true;
        expect(Object.is(thrownBy(outcomes[1]), value)).to.be.true;
      });
    }

    /** Runs the attempt as the first of two, so that a hang or a leak shows in the second. */
    const firstOfTwo = (attempt: () => unknown) =>
      jobOf(2, firstFailureStops, (index) => (index === 0 ? attempt() : 'fine'));

    const thrown = new Error('hostile');
    const throwing = () => {
      throw thrown;
    };

    const failing: Record<string, () => unknown> = {
      'returns a thenable that rejects': () => ({
        then: (_: unknown, reject: (reason: unknown) => void) => {
          reject(thrown);
        },
      }),
      'returns a thenable whose then throws': () => ({ then: throwing }),
      'returns a thenable whose then cannot be read': () => Object.defineProperty({}, 'then', { get: throwing }),
      'returns a promise whose then throws': () => promiseWithThen(throwing),
      'returns a promise whose then cannot be read': () =>
        Object.defineProperty(Promise.resolve(), 'then', { get: throwing }),
      'returns a promise whose constructor cannot be read': () =>
        Object.defineProperty(Promise.resolve(), 'constructor', { get: throwing }),
      'returns a promise that rejects at once': () =>
        promiseWithThen((_: unknown, onRejected: (reason: unknown) => void) => {
          onRejected(thrown);
        }),
    };
    for (const [name, attempt] of Object.entries(failing)) {
      it(`${name} (3c 5)`, async () => {
        const outcomes = await run(firstOfTwo(attempt));

        expect(statuses(outcomes)).to.deep.equal(['failure', 'unprocessed']);
        expect(thrownBy(outcomes[0])).to.equal(thrown);
      });
    }

    it('returns a revoked proxy', async () => {
      expect(statuses(await run(firstOfTwo(() => revokedProxy())))).to.deep.equal(['failure', 'unprocessed']);
    });

    it('returns a promise of another realm', async () => {
      const outcomes = await run(firstOfTwo(() => vm.runInNewContext('Promise.resolve("elsewhere")')));

      expect(outcomes[0]).to.deep.equal({ status: 'success', value: 'elsewhere' });
      expect(statuses(outcomes)).to.deep.equal(['success', 'success']);
    });

    it('returns a thenable that calls back twice, and both ways: the first call decides', async () => {
      const fickle = {
        then(resolve: (value: unknown) => void, reject: (reason: unknown) => void) {
          resolve('kept');
          resolve('too late');
          reject('too late');
          throw new Error('too late');
        },
      };
      const judged = sinon.spy(plainJudge.returned);
      const outcomes = await run({ ...firstOfTwo(() => fickle), returned: judged });

      expect(outcomes[0]).to.deep.equal({ status: 'success', value: 'kept' });
      expect(statuses(outcomes)).to.deep.equal(['success', 'success']);
      sinon.assert.calledTwice(judged);
    });

    it('returns a promise that calls back twice, and both ways: the first call decides', async () => {
      const fickle = () =>
        promiseWithThen((onFulfilled: (value: unknown) => void, onRejected: (reason: unknown) => void) => {
          onFulfilled('kept');
          onRejected('too late');
          onFulfilled('too late');
          throw new Error('too late');
        });
      const outcomes = await run(firstOfTwo(fickle));

      expect(outcomes[0]).to.deep.equal({ status: 'success', value: 'kept' });
      expect(statuses(outcomes)).to.deep.equal(['success', 'success']);
    });

    for (const [name, ordering] of Object.entries(orderings)) {
      it(`returns a promise that calls back at once, ${name}`, async () => {
        const keys = 'aabbab';
        const running = new Set<string>();
        const attempted: number[] = [];
        const job: Job = {
          ...jobOf(keys.length, ordering, (index) => {
            attempted.push(index);
            if (ordering.lane !== 'record') expect(running.has(keys[index]!)).to.be.false;
            running.add(keys[index]!);
            const promise = hasty(index);
            running.delete(keys[index]!);
            return promise;
          }),
          keyOf: (index) => keys[index],
        };

        expect(statuses(await run(job))).to.deep.equal(Array(6).fill('success'));
        expect(attempted).to.have.members([0, 1, 2, 3, 4, 5]).and.to.have.lengthOf(6);
      });
    }

    for (const [name, ordering] of Object.entries(orderings)) {
      it(`returns a promise that calls back at once, ${name}, without deepening the stack record by record`, async () => {
        let nested = 0;
        let deepest = 0;
        const attempt = () =>
          promiseWithThen((onFulfilled: (value: unknown) => void) => {
            deepest = Math.max(deepest, ++nested);
            onFulfilled(undefined);
            nested--;
          });

        expect(statuses(await run(jobOf(100, ordering, attempt)))).to.deep.equal(Array(100).fill('success'));
        expect(deepest).to.equal(1);
      });
    }
  });

  for (const judge of ['returned', 'threw'] as const) {
    it(`ends, and leaves no rejection unhandled, where the ${judge} of its job throws, which it must not`, async () => {
      const job: Job = {
        ...jobOf(2, sequential, () => (judge === 'threw' ? Promise.reject(new Error('broken')) : 'fine')),
        [judge]: () => {
          throw new Error('no judgement');
        },
      };
      let ended = false;
      const end = () => {
        ended = true;
      };
      const unhandled = await unhandledRejections(async () => {
        run(job).then(end, end);
        await settled();
      });

      expect(unhandled).to.be.empty;
      expect(ended).to.be.true;
    });
  }

  it('fails a record that its job does not judge: with what was thrown at first, or with an error that says so', async () => {
    const noJudgement = () => {
      throw new Error('no judgement');
    };
    const broken = () => {
      throw new Error('broken');
    };
    const unjudged: Job = { ...jobOf(2, firstFailureStops, () => 'fine'), returned: noJudgement };
    const unheard: Job = { ...jobOf(2, firstFailureStops, broken), threw: noJudgement };

    for (const outcomes of [await run(unjudged), runSync(unjudged)]) {
      expect(statuses(outcomes)).to.deep.equal(['failure', 'unprocessed']);
      expect(thrownBy(outcomes[0])).to.be.an('error').with.property('message', 'no judgement');
    }
    for (const outcomes of [await run(unheard), runSync(unheard)]) {
      expect(statuses(outcomes)).to.deep.equal(['failure', 'unprocessed']);
      expect(errorOf(outcomes[0]))
        .to.be.an('error')
        .with.property('message', 'The record failed, and so did the report of its failure.');
    }
  });

  describe('of 10,000 records does not overflow the stack (3c 19)', () => {
    const count = 10_000;
    const keyOf = (index: number) => String(index % 7);
    const boom = new Error('boom');

    const attempts: Record<string, () => unknown> = {
      'that throw': () => {
        throw boom;
      },
      'that return': () => 'done',
      'that resolve': () => Promise.resolve('done'),
      'that reject': () => Promise.reject(boom),
    };

    for (const [how, ordering] of Object.entries(orderings)) {
      for (const [what, attempt] of Object.entries(attempts)) {
        it(`${how}, ${what}`, async () => {
          const outcomes = await run({ ...jobOf(count, ordering, attempt), keyOf });
          const fails = what === 'that throw' || what === 'that reject';
          const failures = { record: count, batch: ordering.failureStopsLane ? 1 : count, key: 7 }[ordering.lane];
          const tally = (status: string) => statuses(outcomes).filter((other) => other === status).length;

          expect(outcomes).to.have.lengthOf(count);
          expect(tally('success')).to.equal(fails ? 0 : count);
          expect(tally('failure')).to.equal(fails ? failures : 0);
          expect(tally('unprocessed')).to.equal(fails ? count - failures : 0);
        });
      }

      it(`${how}, in the sync driver`, () => {
        const returned = runSync({ ...jobOf(count, ordering, attempts['that return']!), keyOf });
        const thrown = runSync({ ...jobOf(count, ordering, attempts['that throw']!), keyOf });

        expect(returned.every((outcome) => outcome.status === 'success')).to.be.true;
        expect(thrown).to.have.lengthOf(count);
        expect(thrown.some((outcome) => outcome.status === 'success')).to.be.false;
      });
    }
  });

  describe('with a failure that stops the batch', () => {
    const stopping = new Failure('stop');
    /** A failure with this reason stops the batch. */
    const stoppable = <J extends Job>(job: J): J =>
      Object.assign(job, {
        threw: (_index: number, thrown: unknown): Outcome => ({
          status: 'failure',
          error: thrown === 'stop' ? stopping : new Failure(thrown),
          ...(thrown === 'stop' && { stopsBatch: true }),
        }),
      });

    for (const [name, ordering] of Object.entries({
      'in parallel': parallel(2),
      'one after another': sequential,
      'by key': byKey(2),
      'where the first failure stops all': firstFailureStops,
    })) {
      it(`starts no other record ${name}, and lets those that run come to their end`, async () => {
        const job = stoppable(new HeldJob('abcabc', ordering));
        const outcomes = run(job);
        const together = job.started.length;
        job.endings[0]!.reject('stop');
        await settled();
        if (together === 2) job.endings[1]!.resolve('kept');

        const others = [together === 2 ? 'success' : 'unprocessed', ...Array<string>(4).fill('unprocessed')];
        expect(statuses(await outcomes)).to.deep.equal(['failure', ...others]);
        expect(errorOf((await outcomes)[5])).to.equal(stopping);
        expect(job.started).to.have.length(together);
      });

      it(`starts no other record ${name}, in the sync driver`, () => {
        const attempt = sinon.fake((index: number) => {
          if (index === 1) throw 'stop';
        });
        const outcomes = runSync(stoppable({ ...jobOf(4, ordering, attempt), keyOf: String }));

        expect(statuses(outcomes)).to.deep.equal(['success', 'failure', 'unprocessed', 'unprocessed']);
        sinon.assert.calledTwice(attempt);
      });
    }

    it('keeps the cause of what an earlier failure had stopped', async () => {
      const job = stoppable(new HeldJob('aabb', byKey(2)));
      const outcomes = run(job);
      job.endings[0]!.reject('broken');
      await settled();
      job.endings[2]!.reject('stop');

      expect(statuses(await outcomes)).to.deep.equal(['failure', 'unprocessed', 'failure', 'unprocessed']);
      expect(errorOf((await outcomes)[1])).to.have.property('thrown', 'broken');
      expect(errorOf((await outcomes)[3])).to.equal(stopping);
    });

    it('is the only one of two that says why the others were not run', async () => {
      const job = stoppable(new HeldJob('abc', parallel(2)));
      const outcomes = run(job);
      job.endings[0]!.reject('stop');
      job.endings[1]!.reject('stop');

      expect(statuses(await outcomes)).to.deep.equal(['failure', 'failure', 'unprocessed']);
    });
  });

  describe('with a deadline', () => {
    let timers: sinon.SinonFakeTimers;
    const reason = new Error('time is up');

    beforeEach(() => {
      timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    });
    afterEach(() => {
      sinon.restore();
    });

    const deadlineIn = (ms: number) =>
      new Deadline({ remaining: () => ms - Date.now(), reserve: 0, reason: () => reason });

    it('that does not come leaves no timer (3c 18)', async () => {
      const job = new HeldJob('ab', sequential);
      const outcomes = run(job, deadlineIn(1_000));
      expect(timers.countTimers()).to.equal(1);
      job.endings[0]!.resolve(undefined);
      job.endings[1]!.reject('broken');

      expect(statuses(await outcomes)).to.deep.equal(['success', 'failure']);
      expect(timers.countTimers()).to.equal(0);
    });

    it('leaves no timer where the batch is empty, or ends while it starts (3c 18)', async () => {
      const boom = () => {
        throw new Error('boom');
      };
      await run(jobOf(0, parallel(), boom), deadlineIn(1_000));
      await run(jobOf(3, parallel(), boom), deadlineIn(1_000));

      expect(timers.countTimers()).to.equal(0);
    });

    it('keeps what finished, fails what runs, and runs nothing more (3c 18)', async () => {
      const job = new HeldJob('abcd', parallel(2));
      const outcomes = run(job, deadlineIn(1_000));
      job.endings[0]!.resolve('kept');
      await settled();
      timers.tick(1_000);

      expect(statuses(await outcomes)).to.deep.equal(['success', 'failure', 'failure', 'unprocessed']);
      expect(thrownBy((await outcomes)[1])).to.equal(reason);
      expect(thrownBy((await outcomes)[2])).to.equal(reason);
      expect(errorOf((await outcomes)[3])).to.equal(reason);
      expect(job.started).to.deep.equal([0, 1, 2]);
      expect(timers.countTimers()).to.equal(0);
    });

    it('keeps the cause of what an earlier failure had stopped', async () => {
      const job = new HeldJob('aab', byKey(2));
      const outcomes = run(job, deadlineIn(1_000));
      job.endings[0]!.reject('broken');
      await settled();
      timers.tick(1_000);

      expect(statuses(await outcomes)).to.deep.equal(['failure', 'unprocessed', 'failure']);
      expect(errorOf((await outcomes)[1])).to.equal(errorOf((await outcomes)[0]));
    });

    it('is answered by what settles afterwards neither with a change nor with an unhandled rejection (3c 18)', async () => {
      const job = new HeldJob('aab', byKey(2));
      const judged = sinon.spy(job, 'returned');
      const outcomes = run(job, deadlineIn(1_000));
      timers.tick(1_000);
      const answer = [...(await outcomes)];
      const unhandled = await unhandledRejections(async () => {
        job.endings[0]!.resolve('too late');
        job.endings[2]!.reject('too late');
        await settled();
      });

      expect(await outcomes).to.deep.equal(answer);
      expect(statuses(answer)).to.deep.equal(['failure', 'unprocessed', 'failure']);
      expect(unhandled).to.be.empty;
      expect(job.started).to.deep.equal([0, 2]);
      sinon.assert.notCalled(judged);
    });

    it('aborts the signal after every record has its outcome', async () => {
      const deadline = deadlineIn(1_000);
      const job = new HeldJob('ab', parallel(1));
      const judged = sinon.spy(job, 'threw');
      const aborted = sinon.spy();
      deadline.signal.addEventListener('abort', aborted);
      const outcomes = run(job, deadline);
      timers.tick(1_000);

      sinon.assert.calledOnceWithExactly(judged, 0, reason);
      sinon.assert.callOrder(judged, aborted);
      expect(deadline.signal.reason).to.equal(reason);
      expect(statuses(await outcomes)).to.deep.equal(['failure', 'unprocessed']);
    });

    it('does not abort the signal where the batch ends in time', async () => {
      const deadline = deadlineIn(1_000);
      const { signal } = deadline;
      await run(
        jobOf(2, parallel(), () => undefined),
        deadline,
      );
      timers.tick(5_000);

      expect(signal.aborted).to.be.false;
    });

    it('that has passed already runs nothing', async () => {
      const attempt = sinon.spy();
      const outcomes = await run(jobOf(2, parallel(), attempt), deadlineIn(0));

      expect(outcomes).to.deep.equal(Array(2).fill({ status: 'unprocessed', cause: reason }));
      sinon.assert.notCalled(attempt);
      expect(timers.countTimers()).to.equal(0);
    });

    it('is noticed where methods keep the event loop busy, so that no timer fires', async () => {
      const deadline = deadlineIn(1_000);
      const attempt = async () => {
        timers.setSystemTime(Date.now() + 400);
      };

      expect(statuses(await run(jobOf(5, sequential, attempt), deadline))).to.deep.equal([
        'success',
        'success',
        'success',
        'unprocessed',
        'unprocessed',
      ]);
    });

    for (const [name, ordering] of Object.entries({ 'in parallel': parallel(), 'by key': byKey(5) })) {
      it(`keeps what has finished, where methods keep the event loop busy ${name}`, async () => {
        const deadline = deadlineIn(1_000);
        const attempt = async () => {
          timers.setSystemTime(Date.now() + 400);
        };
        const job: Job = { ...jobOf(5, ordering, attempt), keyOf: String };

        expect(statuses(await run(job, deadline))).to.deep.equal([
          'success',
          'success',
          'success',
          'unprocessed',
          'unprocessed',
        ]);
      });
    }

    it('keeps what has finished in the same turn as the record that notices it', async () => {
      const deadline = deadlineIn(1_000);
      const job = new HeldJob('abc', parallel(2));
      const outcomes = run(job, deadline);
      timers.setSystemTime(2_000);
      job.endings[0]!.resolve(undefined);
      job.endings[1]!.resolve(undefined);

      expect(statuses(await outcomes)).to.deep.equal(['success', 'success', 'unprocessed']);
    });

    it('is noticed when a record settles, where computing behind I/O keeps its timer from firing', async () => {
      const job = new HeldJob('abc', parallel());
      const outcomes = run(job, deadlineIn(1_000));
      job.endings[0]!.resolve(undefined);
      await settled();
      timers.setSystemTime(2_000);
      job.endings[1]!.reject(new Error('broken'));

      expect(statuses(await outcomes)).to.deep.equal(['success', 'failure', 'failure']);
      expect(thrownBy((await outcomes)[2])).to.equal(reason);
      expect(timers.countTimers()).to.equal(0);
    });

    it('cuts nothing off where all records have settled', async () => {
      const deadline = deadlineIn(1_000);
      const { signal } = deadline;
      const job = new HeldJob('a', parallel());
      const outcomes = run(job, deadline);
      timers.setSystemTime(2_000);
      job.endings[0]!.resolve(undefined);

      expect(statuses(await outcomes)).to.deep.equal(['success']);
      expect(signal.aborted).to.be.false;
      runSync(
        jobOf(1, parallel(), () => timers.setSystemTime(2_000)),
        deadline,
      );
      expect(signal.aborted).to.be.true;
    });

    it('that was noticed stays so where the clock goes back: nothing more runs', async () => {
      const job = new HeldJob('abcd', parallel(2));
      const judged = sinon.stub(job, 'returned').callsFake((index, value) => {
        if (index === 1) timers.setSystemTime(0);
        return plainJudge.returned(index, value);
      });
      const outcomes = run(job, deadlineIn(1_000));
      timers.setSystemTime(2_000);
      job.endings[0]!.resolve(undefined);
      job.endings[1]!.resolve(undefined);

      expect(statuses(await outcomes)).to.deep.equal(['success', 'success', 'unprocessed', 'unprocessed']);
      expect(job.started).to.deep.equal([0, 1]);
      sinon.assert.calledTwice(judged);
    });

    it('stops a sync run too', () => {
      const deadline = deadlineIn(1_000);
      const { signal } = deadline;
      const attempt = () => {
        timers.setSystemTime(Date.now() + 400);
      };
      const outcomes = runSync(jobOf(5, parallel(), attempt), deadline);

      expect(statuses(outcomes)).to.deep.equal(['success', 'success', 'success', 'unprocessed', 'unprocessed']);
      expect(outcomes.slice(3).map(errorOf)).to.deep.equal([reason, reason]);
      expect(signal.aborted).to.be.true;
      expect(timers.countTimers()).to.equal(0);
    });

    it('cuts nothing off where the last record of a sync run takes until after it', () => {
      const deadline = deadlineIn(1_000);
      const { signal } = deadline;
      const attempt = () => {
        timers.setSystemTime(Date.now() + 600);
      };

      expect(statuses(runSync(jobOf(2, parallel(), attempt), deadline))).to.deep.equal(['success', 'success']);
      expect(signal.aborted).to.be.false;
    });

    it('costs one look at the clock for a record that settles and the next one in its place', async () => {
      const deadline = deadlineIn(1_000);
      const looks = sinon.spy(deadline, 'reached');
      await run(
        jobOf(5, sequential, async () => undefined),
        deadline,
      );
      sinon.assert.callCount(looks, 5);
      looks.resetHistory();
      await run(
        jobOf(5, parallel(), async () => undefined),
        deadline,
      );
      sinon.assert.callCount(looks, 5 + 4);
    });

    it('lets a listener of the signal settle its record, which has failed already', async () => {
      const deadline = deadlineIn(1_000);
      const ending = new Deferred();
      deadline.signal.addEventListener('abort', () => {
        ending.reject(deadline.signal.reason);
      });
      const judged = sinon.spy(plainJudge.threw);
      const unhandled = await unhandledRejections(async () => {
        const outcomes = run({ ...jobOf(1, parallel(), () => ending.promise), threw: judged }, deadline);
        timers.tick(1_000);
        expect(statuses(await outcomes)).to.deep.equal(['failure']);
      });

      sinon.assert.calledOnce(judged);
      expect(unhandled).to.be.empty;
    });
  });
});

describe('A sync run', () => {
  it('takes a promise for the value it is', () => {
    const promise = Promise.resolve();
    const outcomes: Outcome[] = runSync(jobOf(1, sequential, () => promise));

    expect(outcomes).to.deep.equal([{ status: 'success', value: promise }]);
  });

  it('runs records in arrival order, one at a time, in every ordering', () => {
    for (const ordering of Object.values(orderings)) {
      const attempted: number[] = [];
      runSync({ ...jobOf(4, ordering, (index) => attempted.push(index)), keyOf: (index) => 'abab'[index] });

      expect(attempted).to.have.members([0, 1, 2, 3]);
      if (ordering.concurrency === 1 || ordering.lane === 'record') expect(attempted).to.deep.equal([0, 1, 2, 3]);
    }
  });

  for (const [name, value] of Object.entries(oddValues)) {
    it(`survives an attempt that throws ${name} (3c 5)`, () => {
      const outcomes = runSync(
        jobOf(2, parallel(), (index) => {
          if (index === 0) throw value;
        }),
      );

      expect(statuses(outcomes)).to.deep.equal(['failure', 'success']);
      expect(Object.is(thrownBy(outcomes[0]), value)).to.be.true;
    });
  }
});
