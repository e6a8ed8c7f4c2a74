import { expect } from 'chai';
import sinon from 'sinon';

import { type Batch, readBatch } from '../../lib/batch/batch';
import { extension } from '../../lib/batch/extend';
import {
  type Attempt,
  type ExtendedBatch,
  extendsBatch,
  type ExtensionName,
  type Participant,
} from '../../lib/batch/extension';
import { silent } from '../../lib/batch/log';
import { planFor } from '../../lib/batch/plan';
import { type Handling, runBatch, runBatchSync } from '../../lib/batch/run-batch';
import { type Settings, settingsFor } from '../../lib/batch/settings';
import { Deadline } from '../../lib/engine/deadline';
import type { Outcome } from '../../lib/engine/outcome';
import { FullBatchFailureError, StopBatchError } from '../../lib/errors';
import { toError } from '../../lib/errors/to-error';
import { sourceOf } from '../../lib/sources';
import { durableContext } from '../support/durable';
import { fifoRecord, lambdaContext, sqsRecord } from '../support/events';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';

type Options = Parameters<typeof settingsFor>[0] & Parameters<typeof planFor>[0];

const batchOf = (...bodies: string[]): Batch =>
  readBatch(
    sourceOf('SQS'),
    bodies.map((body) => sqsRecord(body)),
  );

const settingsOf = (options: Options = {}, logger: Settings['logger'] = silent): Settings =>
  settingsFor(options, planFor(options), logger, {});

/** A handling that says "answer", and fails what throws. */
const handlingOf = (bodies: readonly string[], more: Partial<Handling<unknown>> = {}): Handling<unknown> => ({
  settings: settingsOf(),
  context: undefined,
  deadline: new Deadline(),
  batch: batchOf(...bodies),
  attempt: () => undefined,
  failureOf: () => undefined,
  returned: () => ({ status: 'success' }),
  threw: (_index, thrown) => ({ status: 'failure', error: toError(thrown) }),
  answer: () => 'answer',
  ...more,
});

/** An extension that notes in `calls` when each of its hooks is called and, where it may be waited for, is over. */
function noting<N extends ExtensionName>(name: N, label: string, calls: string[], more: Participant = {}) {
  const later = async (hook: string): Promise<void> => {
    calls.push(`${label} ${hook}`);
    await settled();
    calls.push(`${label} ${hook} is over`);
  };
  return extension(name, () => ({
    begin: () => later('begin'),
    start: (index) => {
      calls.push(`${label} start ${index}`);
    },
    around: async (index, attempt) => {
      calls.push(`${label} around ${index}`);
      const value = await attempt(index);
      calls.push(`${label} around ${index} is over`);
      return value;
    },
    settled: (index, { status }) => {
      calls.push(`${label} settled ${index} ${status}`);
    },
    conclude: (outcomes) => later(`conclude ${outcomes.length}`),
    end: (outcomes) => later(`end ${outcomes.length}`),
    ...more,
  }));
}

/** Both drivers in one shape, so that what holds for both is said once. */
const drivers = {
  runBatch: (make: () => Handling<unknown>) => runBatch(make),
  runBatchSync: (make: () => Handling<unknown>) => new Promise((resolve) => resolve(runBatchSync(make))),
};

for (const [name, drive] of Object.entries(drivers)) {
  describe(name, () => {
    it('gives the answer that the front makes of the outcomes', async () => {
      const answer = sinon.fake.returns('the answer');
      const attempt: Attempt = (index) => {
        if (index === 1) throw new Error('no');
      };

      expect(await drive(() => handlingOf(['a', 'b'], { attempt, answer }))).to.equal('the answer');
      sinon.assert.calledOnce(answer);
      const [outcomes] = answer.firstCall.args as [Outcome[]];
      expect(outcomes.map(({ status }) => status)).to.deep.equal(['success', 'failure']);
    });

    it('passes on what is thrown while the handling is made', async () => {
      const error = new Error('no batch');
      expect(
        await rejection(
          drive(() => {
            throw error;
          }),
        ),
      ).to.equal(error);
    });

    it('tells the front: prepare, attempts and judgements, conclude, verdict, answer, over', async () => {
      const calls: string[] = [];
      const note =
        <T>(call: string, value?: T) =>
        () => {
          calls.push(call);
          return value as T;
        };
      await drive(() =>
        handlingOf(['a', 'b'], {
          settings: settingsOf({ concurrency: 1 }),
          prepare: note('prepare'),
          attempt: (index) => {
            calls.push(`attempt ${index}`);
            if (index === 1) throw new Error('no');
            return 'done';
          },
          returned: (index, value) => {
            calls.push(`returned ${index} ${String(value)}`);
            return { status: 'success' };
          },
          threw: (index, thrown) => {
            calls.push(`threw ${index} ${(thrown as Error).message}`);
            return { status: 'failure', error: thrown as Error };
          },
          conclude: (outcomes) => {
            calls.push(`conclude ${outcomes.map(({ status }) => status).join()}`);
          },
          verdict: note('verdict', { outcomes: [{ status: 'success' }], errors: [] }),
          answer: note('answer'),
          over: note('over'),
        }),
      );

      expect(calls).to.deep.equal([
        'prepare',
        'attempt 0',
        'returned 0 done',
        'attempt 1',
        'threw 1 no',
        'conclude success,failure',
        'verdict',
        'answer',
        'over',
      ]);
    });

    it('runs the batch, by the attempt, that prepare has put in place', async () => {
      const ran: number[] = [];
      const handling = {
        ...handlingOf(['a']),
        prepare() {
          Object.assign(handling, { batch: batchOf('b', 'c'), attempt: (index: number) => ran.push(index) });
        },
      };
      await drive(() => handling);

      expect(ran).to.deep.equal([0, 1]);
    });

    it('surrounds each attempt by every extension, those before outermost', async () => {
      const calls: string[] = [];
      const wrap = <N extends ExtensionName>(option: N, label: string) =>
        extension(option, () => ({
          around: (index, attempt) => {
            calls.push(`${label} before ${index}`);
            const value = attempt(index);
            calls.push(`${label} after ${index}`);
            return value;
          },
        }));
      const settings = settingsOf({
        concurrency: 1,
        observers: [wrap('observers', 'first'), extension('observers', () => ({})), wrap('observers', 'second')],
        nonRetryable: wrap('nonRetryable', 'dead letters'),
        retryDelay: wrap('retryDelay', 'delay'),
      });
      await drive(() =>
        handlingOf(['a', 'b'], {
          settings,
          attempt: (index) => {
            calls.push(`method ${index}`);
          },
        }),
      );

      const one = (index: number) => [
        `dead letters before ${index}`,
        `first before ${index}`,
        `second before ${index}`,
        `delay before ${index}`,
        `method ${index}`,
        `delay after ${index}`,
        `second after ${index}`,
        `first after ${index}`,
        `dead letters after ${index}`,
      ];
      expect(calls).to.deep.equal([...one(0), ...one(1)]);
    });

    it('judges what the outermost extension gives in the place of a record', async () => {
      const returned = sinon.fake.returns({ status: 'success' } as const);
      const replacing = extension('observers', () => ({ around: (index, attempt) => [attempt(index), 'replaced'] }));
      await drive(() =>
        handlingOf(['a'], { settings: settingsOf({ observers: [replacing] }), attempt: () => 'mine', returned }),
      );

      sinon.assert.calledOnceWithExactly(returned, 0, ['mine', 'replaced']);
    });

    it('counts a record as consumed that an extension says is delivered, and does not ask the front', async () => {
      const error = new Error('poison');
      const returned = sinon.fake();
      const answer = sinon.fake();
      const seen = sinon.fake();
      const delivering = extension('nonRetryable', (batch) => ({ around: () => batch.delivered(error) }));
      const observing = extension('observers', () => ({ settled: seen }));
      const logger = fakeLogger();
      const settings = settingsOf({ nonRetryable: delivering, observers: [observing] }, logger);
      await drive(() => handlingOf(['a'], { settings, returned, answer }));

      sinon.assert.notCalled(returned);
      sinon.assert.notCalled(logger.error);
      sinon.assert.calledOnceWithExactly(answer, [{ status: 'success', delivered: error }]);
      sinon.assert.calledOnceWithExactly(seen, 0, { status: 'success', delivered: error });
    });

    it('tells every extension of a start before any is around it, outermost first', async () => {
      const calls: string[] = [];
      const note = (label: string) =>
        extension('observers', () => ({
          start: (index) => {
            calls.push(`${label} start ${index}`);
          },
          around: (index, attempt) => {
            calls.push(`${label} around ${index}`);
            return attempt(index);
          },
        }));
      await drive(() => handlingOf(['a'], { settings: settingsOf({ observers: [note('first'), note('second')] }) }));

      expect(calls).to.deep.equal(['first start 0', 'second start 0', 'first around 0', 'second around 0']);
    });

    it('shows an extension the batch', async () => {
      const context = lambdaContext();
      const logger = fakeLogger();
      const error = new Error('a fail tuple');
      const failureOf = sinon.fake.returns(error);
      const seen: ExtendedBatch[] = [];
      const looking = extension('observers', (batch) => {
        seen.push(batch);
        return {};
      });
      const before = Date.now();
      const handling = handlingOf(['a', 'b'], {
        settings: settingsOf({ observers: [looking] }, logger),
        context,
        failureOf,
      });
      await drive(() => handling);

      expect(seen).to.have.lengthOf(1);
      const [batch] = seen as [ExtendedBatch];
      expect(batch).to.include({ source: 'SQS', context, logger, isAsync: name === 'runBatch' });
      expect(batch.records).to.equal(handling.batch.records);
      expect(batch.startedAt).to.be.within(before, Date.now());
      expect(batch.deliveryOf(1)).to.include({ index: 1, itemIdentifier: 'id-b' });
      expect(batch.deliveryOf(1).record).to.equal(handling.batch.records[1]);
      expect(batch.failureOf(1, 'tuple')).to.equal(error);
      sinon.assert.calledOnceWithExactly(failureOf, 1, 'tuple');
    });

    it('makes what takes part anew for every batch', async () => {
      const participate = sinon.fake(() => ({}));
      const settings = settingsOf({ observers: [extension('observers', participate)] });
      await drive(() => handlingOf(['a'], { settings }));
      await drive(() => handlingOf(['b'], { settings }));

      sinon.assert.calledTwice(participate);
    });

    it('has extensions begin, conclude and end with a batch that is empty', async () => {
      const calls: string[] = [];
      const observers = [noting('observers', 'only', calls)];
      await drive(() => handlingOf([], { settings: settingsOf({ observers }) }));
      await settled();

      expect(calls.filter((call) => !call.endsWith('is over'))).to.deep.equal([
        'only begin',
        'only conclude 0',
        'only end 0',
      ]);
    });

    it('takes an extension that has none of the hooks', async () => {
      const observers = [extension('observers', () => ({}))];
      expect(await drive(() => handlingOf(['a'], { settings: settingsOf({ observers }) }))).to.equal('answer');
    });

    describe('is over, and says so once,', () => {
      const error = new Error('no');
      const fail = () => {
        throw error;
      };
      for (const [how, more] of Object.entries<Partial<Handling<unknown>>>({
        'where all is well': {},
        'where prepare throws': { prepare: fail },
        'where conclude throws': { conclude: fail },
        'where the answer throws': { answer: fail },
        'where the verdict throws': { verdict: fail },
        'where an extension throws': { settings: settingsOf({ observers: [extension('observers', fail)] }) },
      })) {
        it(how, async () => {
          const over = sinon.fake();
          const result = drive(() => handlingOf(['a'], { ...more, over }));

          if (how === 'where all is well') expect(await result).to.equal('answer');
          else expect(await rejection(result)).to.equal(error);
          sinon.assert.calledOnce(over);
        });
      }

      it('where no record succeeded', async () => {
        const over = sinon.fake();
        const result = drive(() => handlingOf(['a'], { attempt: fail, over }));

        expect(await rejection(result)).to.be.an.instanceOf(FullBatchFailureError);
        sinon.assert.calledOnce(over);
      });
    });

    it('has extensions end, but not conclude, where the front fails to conclude', async () => {
      const calls: string[] = [];
      const error = new Error('no');
      const handling = handlingOf(['a'], {
        settings: settingsOf({ observers: [noting('observers', 'only', calls)] }),
        conclude: () => {
          throw error;
        },
      });

      expect(await rejection(drive(() => handling))).to.equal(error);
      await settled();
      expect(calls.filter((call) => call.includes('conclude'))).to.deep.equal([]);
      expect(calls).to.include('only end 1');
    });

    describe('on a full failure', () => {
      const fail = () => {
        throw new Error('no');
      };

      it('throws the errors of all records', async () => {
        const settings = settingsOf({ fifo: true });
        const error = (await rejection(
          drive(() => handlingOf(['a', 'b'], { attempt: fail, settings })),
        )) as FullBatchFailureError;

        expect(error).to.be.an.instanceOf(FullBatchFailureError);
        expect(error.recordErrors.map(({ name }) => name)).to.deep.equal(['Error', 'SqsFifoShortCircuitError']);
      });

      it('throws only after extensions have concluded and ended', async () => {
        const calls: string[] = [];
        const settings = settingsOf({ observers: [noting('observers', 'only', calls, { around: undefined })] });
        await rejection(drive(() => handlingOf(['a'], { attempt: fail, settings })));

        expect(calls).to.include.members(['only conclude 1', 'only end 1']);
      });

      it('answers where throwOnFullBatchFailure is off, and asks for no verdict', async () => {
        const verdict = sinon.fake.throws(new Error('asked'));
        const settings = settingsOf({ throwOnFullBatchFailure: false });

        expect(await drive(() => handlingOf(['a'], { attempt: fail, settings, verdict }))).to.equal('answer');
      });

      it('goes by the verdict of the front, and throws the errors of the verdict', async () => {
        const told = new Error('told by a hook');
        const failed: Outcome = { status: 'failure', error: told };
        const full = handlingOf(['a'], { verdict: () => ({ outcomes: [failed], errors: [told] }) });
        const partial = handlingOf(['a'], {
          attempt: fail,
          verdict: () => ({ outcomes: [failed, { status: 'success' }], errors: [told] }),
        });

        const error = (await rejection(drive(() => full))) as FullBatchFailureError;
        expect(error).to.be.an.instanceOf(FullBatchFailureError);
        expect(error.recordErrors).to.deep.equal([told]);
        expect(await drive(() => partial)).to.equal('answer');
      });

      it('does not take an empty batch for one', async () => {
        expect(await drive(() => handlingOf([]))).to.equal('answer');
      });
    });

    describe('logs', () => {
      const fail: Attempt = (index) => {
        throw new Error(`no ${index}`);
      };

      it('each failure, and what was not run, before extensions conclude', async () => {
        const logger = fakeLogger();
        const conclude = sinon.fake();
        const settings = settingsOf({ fifo: true, observers: [extension('observers', () => ({ conclude }))] }, logger);
        await rejection(drive(() => handlingOf(['a', 'b'], { attempt: fail, settings })));

        sinon.assert.calledOnceWithMatch(logger.error, 'Record id-a failed (receive 1).');
        sinon.assert.calledOnce(logger.warn.withArgs(sinon.match('1 of 2 records were not run')));
        sinon.assert.callOrder(logger.error, logger.warn, conclude);
      });

      it('once for all batches of the same settings that they do not fit their queue (3c 10)', async () => {
        const logger = fakeLogger();
        const settings = settingsOf({}, logger);
        const batch = readBatch(sourceOf('SQS'), [fifoRecord('a')]);
        for (let round = 0; round < 2; round++) await drive(() => handlingOf([], { settings, batch }));
        sinon.assert.calledOnceWithMatch(logger.warn, 'set fifo: true');

        await drive(() => handlingOf([], { settings: settingsOf({}, logger), batch }));
        sinon.assert.calledTwice(logger.warn);
      });

      it('nothing of that where they fit, and then still where they do not', async () => {
        const logger = fakeLogger();
        const settings = settingsOf({}, logger);
        await drive(() => handlingOf(['a'], { settings }));
        sinon.assert.notCalled(logger.warn);

        await drive(() => handlingOf([], { settings, batch: readBatch(sourceOf('SQS'), [fifoRecord('a')]) }));
        sinon.assert.calledOnce(logger.warn);
      });
    });

    it('runs records by the key that their source gives them', async () => {
      const batch = readBatch(sourceOf('SQS'), [fifoRecord('a1'), fifoRecord('b1'), fifoRecord('a2')]);
      const answer = sinon.fake();
      const settings = settingsOf({ fifo: true, skipGroupOnError: true });
      const attempt: Attempt = (index) => {
        if (index === 0) throw new Error('no');
      };
      await drive(() => handlingOf([], { batch, settings, attempt, answer }));

      const [outcomes] = answer.firstCall.args as [Outcome[]];
      expect(outcomes.map(({ status }) => status)).to.deep.equal(['failure', 'success', 'unprocessed']);
    });

    describe('in a durable function', () => {
      const context = durableContext() as never;

      for (const [what, options] of Object.entries({
        'skipGroupOnError with several groups at once': { fifo: true, skipGroupOnError: true, concurrency: 2 },
        "order: 'key'": { order: 'key' },
        'an observer': { observers: [extension('observers', () => ({}))] },
      } satisfies Record<string, Options>)) {
        it(`refuses ${what}, and runs nothing`, async () => {
          const attempt = sinon.spy();
          const settings = settingsOf(options);
          expect(await rejection(drive(() => handlingOf(['a'], { settings, context, attempt })))).to.be.an.instanceOf(
            TypeError,
          );
          sinon.assert.notCalled(attempt);
          expect(await drive(() => handlingOf(['a'], { settings, attempt }))).to.equal('answer');
        });
      }

      it('names the order that it refuses, and what would do', async () => {
        const settings = settingsOf({ order: 'key' });
        expect(await rejection(drive(() => handlingOf(['a'], { settings, context })))).to.have.property(
          'message',
          'order by key, or skipGroupOnError, without concurrency: 1: not for durable functions, which are replayed.',
        );
      });

      for (const [what, options] of Object.entries({
        'one group at a time': { fifo: true, skipGroupOnError: true },
        'records side by side': { concurrency: 2 },
        'one record after another': { fifo: true },
      } satisfies Record<string, Options>)) {
        it(`takes ${what}`, async () => {
          expect(await drive(() => handlingOf(['a'], { settings: settingsOf(options), context }))).to.equal('answer');
        });
      }

      it('logs what failed when all is over, in the order of the records', async () => {
        const logger = fakeLogger();
        const attempt: Attempt = (index) => {
          sinon.assert.notCalled(logger.error);
          if (index !== 1) throw new Error(`no ${index}`);
        };
        await drive(() => handlingOf(['a', 'b', 'c'], { settings: settingsOf({}, logger), context, attempt }));

        expect(logger.error.args.map(([line]) => line)).to.deep.equal([
          'Record id-a failed (receive 1).',
          'Record id-c failed (receive 1).',
        ]);
      });
    });

    it('starts no record after one that failed with StopBatchError, whatever the order', async () => {
      const error = new StopBatchError('The order service is away.');
      const attempt = sinon.fake((index: number) => {
        if (index === 1) throw error;
      });
      const answer = sinon.spy();
      const settings = settingsOf({ concurrency: 1 });
      await drive(() => handlingOf(['a', 'b', 'c'], { settings, attempt, answer }));

      sinon.assert.calledOnceWithExactly(answer, [
        { status: 'success' },
        { status: 'failure', error, stopsBatch: true },
        { status: 'unprocessed', cause: error },
      ]);
      sinon.assert.calledTwice(attempt);
    });

    it('ends at the deadline', async () => {
      const reason = new Error('time is up');
      const answer = sinon.fake();
      const deadline = new Deadline({ remaining: () => 0, reserve: 0, reason: () => reason });
      await drive(() =>
        handlingOf(['a'], { deadline, answer, settings: settingsOf({ throwOnFullBatchFailure: false }) }),
      );

      sinon.assert.calledOnceWithExactly(answer, [{ status: 'unprocessed', cause: reason }]);
    });
  });
}

describe('runBatch', () => {
  it('starts every record before it gives up control, where nothing has to be waited for', () => {
    const attempt = sinon.fake();
    const begin = sinon.fake();
    void runBatch(() => handlingOf(['a', 'b', 'c'], { attempt }));
    sinon.assert.calledThrice(attempt);

    const observers = [extension('observers', () => ({ begin }))];
    void runBatch(() => handlingOf(['a', 'b', 'c'], { attempt, settings: settingsOf({ observers }) }));
    sinon.assert.calledOnce(begin);
    sinon.assert.callCount(attempt, 6);
  });

  it('waits for prepare, the begin of all, the front, the conclude of all, and the end of all, in that order', async () => {
    const calls: string[] = [];
    const later = (call: string) => async () => {
      calls.push(call);
      await settled();
      await settled();
      calls.push(`${call} is over`);
    };
    const settings = settingsOf({
      observers: [noting('observers', 'first', calls)],
      nonRetryable: noting('nonRetryable', 'outer', calls),
    });
    await runBatch(() =>
      handlingOf(['a'], {
        settings,
        prepare: later('prepare'),
        attempt: later('attempt'),
        conclude: later('front concludes'),
        answer: () => calls.push('answer'),
        over: () => calls.push('over'),
      }),
    );

    expect(calls).to.deep.equal([
      'prepare',
      'prepare is over',
      'outer begin',
      'first begin',
      'outer begin is over',
      'first begin is over',
      'outer start 0',
      'first start 0',
      'outer around 0',
      'first around 0',
      'attempt',
      'attempt is over',
      'first around 0 is over',
      'outer around 0 is over',
      'outer settled 0 success',
      'first settled 0 success',
      'front concludes',
      'front concludes is over',
      'outer conclude 1',
      'first conclude 1',
      'outer conclude 1 is over',
      'first conclude 1 is over',
      'outer end 1',
      'first end 1',
      'outer end 1 is over',
      'first end 1 is over',
      'answer',
      'over',
    ]);
  });

  it('starts no record before all have begun', async () => {
    const begun = new Deferred();
    const attempt = sinon.fake();
    const observers = [
      extension('observers', () => ({ begin: () => undefined })),
      extension('observers', () => ({ begin: () => begun.promise })),
    ];
    const result = runBatch(() => handlingOf(['a'], { attempt, settings: settingsOf({ observers }) }));
    await settled();
    sinon.assert.notCalled(attempt);

    begun.resolve();
    expect(await result).to.equal('answer');
    sinon.assert.calledOnce(attempt);
  });

  it('runs nothing where prepare rejects, and is over', async () => {
    const error = new Error('no');
    const attempt = sinon.fake();
    const over = sinon.fake();
    const participate = sinon.fake(() => ({}));
    const settings = settingsOf({ observers: [extension('observers', participate)] });
    const handling = handlingOf(['a'], { prepare: () => Promise.reject(error), attempt, over, settings });

    expect(await rejection(runBatch(() => handling))).to.equal(error);
    sinon.assert.notCalled(attempt);
    sinon.assert.notCalled(participate);
    sinon.assert.calledOnce(over);
  });

  it('tells extensions of the end, and is over only then, where the front rejects when it concludes', async () => {
    const calls: string[] = [];
    const error = new Error('no');
    const handling = handlingOf(['a'], {
      settings: settingsOf({ observers: [noting('observers', 'only', calls)] }),
      conclude: () => Promise.reject(error),
      over: () => calls.push('over'),
    });

    expect(await rejection(runBatch(() => handling))).to.equal(error);
    expect(calls.slice(-3)).to.deep.equal(['only end 1', 'only end 1 is over', 'over']);
  });

  it('rejects with what an extension rejects with when it concludes, once all others have concluded and were told the end', async () => {
    const calls: string[] = [];
    const error = new Error('the whole batch is to come back');
    const answer = sinon.fake();
    const settings = settingsOf({
      nonRetryable: extension('nonRetryable', () => ({ conclude: () => Promise.reject(error) })),
      observers: [noting('observers', 'other', calls)],
      guard: extension('guard', () => ({ conclude: () => Promise.reject(new Error('the second one')) })),
    });
    const result = runBatch(() => handlingOf(['a'], { settings, answer, over: () => calls.push('over') }));

    expect(await rejection(result)).to.equal(error);
    expect(calls.slice(-5)).to.deep.equal([
      'other conclude 1',
      'other conclude 1 is over',
      'other end 1',
      'other end 1 is over',
      'over',
    ]);
    sinon.assert.notCalled(answer);
  });

  it('tells extensions of what runs at the deadline as of a failure, and of nothing later', async () => {
    const timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      const reason = new Error('time is up');
      const ending = new Deferred();
      const seen = sinon.fake();
      const end = Date.now() + 100;
      const deadline = new Deadline({ remaining: () => end - Date.now(), reserve: 0, reason: () => reason });
      const settings = settingsOf({
        throwOnFullBatchFailure: false,
        observers: [extension('observers', () => ({ settled: seen }))],
      });
      const result = runBatch(() => handlingOf(['a'], { deadline, settings, attempt: () => ending.promise }));
      timers.tick(100);
      expect(await result).to.equal('answer');
      ending.resolve();
      await settled();

      sinon.assert.calledOnceWithExactly(seen, 0, { status: 'failure', error: reason });
    } finally {
      timers.restore();
    }
  });
});

describe('A context that brings an extension', () => {
  for (const [name, drive] of [
    ['runBatch', runBatch],
    ['runBatchSync', (make: () => Handling<unknown>) => Promise.resolve(runBatchSync(make))],
  ] as const) {
    it(`has it take part around those of the settings, in ${name}`, async () => {
      const calls: string[] = [];
      const around = (label: string) =>
        extension('observers', () => ({
          around: (index, attempt) => {
            calls.push(`${label} ${index}`);
            return attempt(index);
          },
          settled: (index, { status }) => void calls.push(`${label} ${index} ${status}`),
        }));
      const context = { ...lambdaContext(), [extendsBatch]: around('host') };
      await drive(() => handlingOf(['a'], { context, settings: settingsOf({ observers: [around('observer')] }) }));

      expect(calls).to.deep.equal(['host 0', 'observer 0', 'host 0 success', 'observer 0 success']);
    });

    it(`is ignored where it is none that is made for that, in ${name}`, async () => {
      for (const other of [extension('retryDelay', () => expect.fail()), () => expect.fail(), 'host', null]) {
        const context = { ...lambdaContext(), [extendsBatch]: other };
        expect(await drive(() => handlingOf(['a'], { context }))).to.equal('answer');
      }
    });
  }

  it('can end its deadline: what runs has failed, and nothing else starts', async () => {
    const answer = sinon.fake.returns('answer');
    const reason = new Error('the host stops');
    const hung = new Deferred();
    const deadline = new Deadline();
    const attempt = (index: number) => (index === 0 ? undefined : hung.promise);
    const settings = settingsOf({ concurrency: 2 });
    const result = runBatch(() => handlingOf(['a', 'b', 'c', 'd'], { settings, deadline, attempt, answer }));
    await settled();
    deadline.end(reason);

    expect(await result).to.equal('answer');
    sinon.assert.calledOnceWithExactly(answer, [
      { status: 'success' },
      { status: 'failure', error: reason },
      { status: 'failure', error: reason },
      { status: 'unprocessed', cause: reason },
    ]);
    expect(deadline.signal.reason).to.equal(reason);
  });
});

describe('runBatchSync', () => {
  it('waits for nothing: all is told, and the answer given, before any promise is over', () => {
    const calls: string[] = [];
    const settings = settingsOf({
      observers: [noting('observers', 'only', calls, { around: (index, attempt) => attempt(index) })],
    });
    const answer = runBatchSync(() => handlingOf(['a', 'b'], { settings }));

    expect(answer).to.equal('answer');
    expect(calls).to.deep.equal([
      'only begin',
      'only start 0',
      'only settled 0 success',
      'only start 1',
      'only settled 1 success',
      'only conclude 2',
      'only end 2',
    ]);
  });

  it('throws at once what is wrong', () => {
    expect(() =>
      runBatchSync(() => {
        throw new Error('no batch');
      }),
    ).to.throw('no batch');
    expect(() =>
      runBatchSync(() =>
        handlingOf(['a'], {
          attempt: () => {
            throw new Error('no');
          },
        }),
      ),
    ).to.throw(FullBatchFailureError);
  });
});

describe('What a batch says of its records', () => {
  const outcomesOf = async (more: Partial<Handling<unknown>>): Promise<readonly Outcome[]> =>
    (await runBatch(() => handlingOf(['a', 'b'], { ...more, answer: (outcomes) => outcomes }))) as readonly Outcome[];

  const error = new Error('no');
  const first = (outcome: Outcome): Partial<Handling<unknown>> => ({
    returned: (index) => (index === 0 ? outcome : { status: 'success' }),
  });

  it('logs a record that failed by what its attempt returned, and no other', async () => {
    for (const options of [{}, { observers: [extension('observers', () => ({}))] }]) {
      const logger = fakeLogger();
      const settings = settingsOf(options, logger);
      const outcomes = await outcomesOf({ settings, ...first({ status: 'failure', error }) });

      expect(outcomes).to.deep.equal([{ status: 'failure', error }, { status: 'success' }]);
      sinon.assert.calledOnceWithExactly(
        logger.error,
        'Record id-a failed (receive 1).',
        sinon.match({ message: 'no' }),
      );
    }
  });

  it('has the error that a record threw, where nothing takes part', async () => {
    const attempt: Attempt = (index) => {
      if (index === 0) throw error;
    };
    expect(await outcomesOf({ attempt })).to.deep.equal([{ status: 'failure', error }, { status: 'success' }]);
  });

  it('warns of an order that does not fit the queue also after a batch that had no logger', async () => {
    const logger = fakeLogger();
    const batch = readBatch(sourceOf('SQS'), [fifoRecord('a')]);
    const settings = settingsOf();
    await runBatch(() => handlingOf([], { batch, settings }));
    for (let time = 0; time < 2; time++)
      await runBatch(() => handlingOf([], { batch, settings: { ...settings, logger } }));

    sinon.assert.calledOnceWithMatch(logger.warn, 'set fifo: true');
  });
});
