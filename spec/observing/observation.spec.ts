import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { type BatchObserver, type BatchSummary, StoppedBeforeTimeoutError } from '../../lib';
import type { ExtendedBatch } from '../../lib/batch/extension';
import { Patience } from '../../lib/batch/patience';
import { Deadline } from '../../lib/engine/deadline';
import type { Outcome } from '../../lib/engine/outcome';
import { Observation } from '../../lib/observing/observation';
import { unhandledRejections } from '../support/engine';
import { sqsEvent } from '../support/events';
import { hostileCalls } from '../support/hostile';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';

const failed = new Error('failed');
const stopped = new StoppedBeforeTimeoutError(500);

const success: Outcome = { status: 'success' };
const failure: Outcome = { status: 'failure', error: failed };
const delivered: Outcome = { status: 'success', delivered: failed };
const unprocessed = (cause: Error): Outcome => ({ status: 'unprocessed', cause });

/** What an observer makes of a batch of three messages. */
function observing(observer: BatchObserver, overrides: Partial<ExtendedBatch> = {}) {
  const logger = fakeLogger();
  const { Records: records } = sqsEvent('a', 'b', 'c');
  const deadline = new AbortController();
  const batch = {
    source: 'SQS',
    records,
    context: undefined,
    logger,
    isAsync: true,
    patience: (what: string, mostMs: number) => new Patience(what, overrides.context, new Deadline(), mostMs),
    startedAt: Date.now(),
    deliveryOf: (index: number) => ({ index, record: records[index], signal: deadline.signal }),
    failureOf: () => undefined,
    ...overrides,
  } as unknown as ExtendedBatch<SQSRecord>;
  const warnings = () => logger.warn.args.flat();
  return { observation: new Observation(observer, batch), deadline, warnings, batch };
}

describe('An observation of a batch', () => {
  it('has nothing to wait for where its observer has not', () => {
    for (const observer of [{}, { onBatchStart: () => 1, onBatchEnd: () => ({}) }]) {
      const { observation } = observing(observer);
      expect([observation.begin(), observation.end([])]).to.deep.equal([undefined, undefined]);
    }
  });

  it('is over when its observer is, at the start and at the end', async () => {
    const gate = new Deferred();
    const { observation } = observing({ onBatchStart: () => gate.promise, onBatchEnd: () => gate.promise });
    const over = sinon.fake();
    const waits = [observation.begin(), observation.end([])];
    for (const wait of waits) void wait!.then(over);
    await settled();
    sinon.assert.notCalled(over);

    gate.resolve();
    await settled();
    sinon.assert.calledTwice(over);
  });

  it('puts nothing around attempts where its observer does not', () => {
    expect(observing({}).observation.around).to.equal(undefined);
    expect(observing({ aroundRecord: (_, next) => next() }).observation.around).to.be.a('function');
  });

  it('tells of each outcome, and at the end of what was not run', () => {
    const told: unknown[] = [];
    const note =
      (what: string) =>
      ({ index }: { readonly index: number }, ...rest: unknown[]) =>
        told.push([what, index, ...rest.slice(0, -1)]);
    const { observation } = observing({
      onRecordSuccess: note('success'),
      onRecordFailure: note('failure'),
      onRecordUnprocessed: note('unprocessed'),
    });
    const outcomes = [success, failure, unprocessed(failed)];
    outcomes.forEach((outcome, index) => {
      observation.settled(index, outcome);
    });
    observation.settled(0, delivered);
    expect(told).to.deep.equal([
      ['success', 0],
      ['failure', 1, failed, false],
      ['failure', 0, failed, true],
    ]);

    void observation.end(outcomes);
    expect(told.slice(3)).to.deep.equal([['unprocessed', 2, failed]]);
  });

  for (const [what, outcomes, counts] of [
    ['nothing', [], {}],
    ['each kind', [success, failure, delivered], { succeeded: 1, failed: 1, delivered: 1 }],
    [
      'a failure that stopped others',
      [failure, unprocessed(failed)],
      { failed: 1, unprocessed: 1, stoppedBy: 'failure' },
    ],
    ['the deadline', [success, unprocessed(stopped)], { succeeded: 1, unprocessed: 1, stoppedBy: 'timeout' }],
    [
      'the first of several that stopped the rest',
      [unprocessed(stopped), unprocessed(failed)],
      { unprocessed: 2, stoppedBy: 'timeout' },
    ],
  ] as const) {
    it(`sums up ${what}`, () => {
      const onBatchEnd = sinon.fake<[BatchSummary]>();
      const { observation } = observing({ onBatchEnd });
      void observation.end(outcomes);
      const { durationMs, ...summary } = onBatchEnd.firstCall.args[0];
      expect(durationMs).to.be.at.least(0);
      expect(summary).to.deep.equal({
        source: 'SQS',
        records: outcomes.length,
        succeeded: 0,
        failed: 0,
        unprocessed: 0,
        delivered: 0,
        stoppedBy: undefined,
        ...counts,
      });
    });
  }

  it('takes its time from its first moment', () => {
    const clock = sinon.useFakeTimers({ toFake: ['performance'] });
    try {
      const onBatchEnd = sinon.fake<[BatchSummary]>();
      const { observation } = observing({ onBatchEnd });
      clock.tick(250);
      void observation.end([]);
      expect(onBatchEnd.firstCall.args[0]).to.include({ durationMs: 250 });
    } finally {
      clock.restore();
    }
  });

  for (const isAsync of [true, false]) {
    for (const [how, hook] of Object.entries(hostileCalls)) {
      it(`complains once of an observer ${how}, and changes nothing, ${isAsync ? 'async' : 'sync'}`, async () => {
        const observer = {
          onBatchStart: hook,
          onRecordStart: hook,
          onRecordSuccess: hook,
          onRecordFailure: hook,
          onRecordUnprocessed: hook,
          onBatchEnd: hook,
        };
        const { observation, warnings } = observing(observer, { isAsync });
        const unhandled = await unhandledRejections(async () => {
          await observation.begin();
          observation.start(0);
          observation.settled(0, success);
          observation.settled(1, failure);
          await observation.end([success, failure, unprocessed(failed)]);
        });
        expect(unhandled).to.deep.equal([]);
        expect(warnings()).to.have.length(1);
        expect(warnings()[0]).to.match(/^An observer failed, which changes nothing: /);
      });
    }
  }

  it('waits for nothing in a sync batch, and still tells of what was rejected', async () => {
    const reject = () => Promise.reject(failed);
    const { observation, warnings } = observing({ onBatchStart: reject, onBatchEnd: reject }, { isAsync: false });
    expect([observation.begin(), observation.end([])]).to.deep.equal([undefined, undefined]);
    await settled();
    expect(warnings()).to.deep.equal(['An observer failed, which changes nothing: Error: failed.']);
  });

  describe('around an attempt', () => {
    it('runs it once, and gives what it returned, however often the observer asks', async () => {
      const attempt = sinon.fake.returns('result');
      const { observation } = observing({ aroundRecord: (_, next) => [next(), next()] });
      expect(observation.around!(1, attempt)).to.equal('result');
      sinon.assert.calledOnceWithExactly(attempt, 1);
    });

    it('shows the observer what it promised', async () => {
      const seen: unknown[] = [];
      const { observation } = observing({ aroundRecord: async (_, next) => seen.push(await next()) });
      expect(await observation.around!(0, () => Promise.resolve('result'))).to.equal('result');
      await settled();
      expect(seen).to.deep.equal(['result']);
    });

    it('shows the observer a failure that was returned as one that is thrown, and gives on what was returned', async () => {
      for (const attempt of [() => 'fail', () => Promise.resolve('fail')]) {
        const caught: unknown[] = [];
        const aroundRecord = async (_: unknown, next: () => unknown) => {
          try {
            await next();
          } catch (error) {
            caught.push(error);
            throw error;
          }
        };
        const failureOf = (index: number, value: unknown) => (index === 2 && value === 'fail' ? failed : undefined);
        const { observation, warnings } = observing({ aroundRecord }, { failureOf });
        expect(await observation.around!(2, attempt)).to.equal('fail');
        await settled();
        expect([caught, warnings()]).to.deep.equal([[failed], []]);
      }
    });

    it('runs no attempt once the batch has been answered', async () => {
      const gate = new Deferred();
      const attempt = sinon.fake();
      const { observation, deadline, warnings } = observing({
        aroundRecord: async (_, next) => (await gate.promise, next()),
      });
      const attempted = observation.around!(0, attempt) as Promise<unknown>;
      deadline.abort(stopped);
      gate.resolve();
      expect(await rejection(attempted)).to.equal(stopped);
      sinon.assert.notCalled(attempt);
      expect(warnings()).to.deep.equal([]);
    });

    it('waits in no sync batch for an observer that has not called it', () => {
      const attempt = sinon.fake.returns('result');
      const { observation } = observing({ aroundRecord: () => new Promise(() => undefined) }, { isAsync: false });
      expect(observation.around!(0, attempt)).to.equal('result');
    });
  });
});
