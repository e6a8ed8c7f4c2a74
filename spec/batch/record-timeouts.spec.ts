import { expect } from 'chai';
import sinon from 'sinon';

import { RecordTimeouts } from '../../lib/batch/record-timeouts';
import { Deadline } from '../../lib/engine/deadline';
import { RecordTimeoutError } from '../../lib/errors';
import { Deferred, rejection } from '../support/promises';

describe('The time of a record', () => {
  let clock: sinon.SinonFakeTimers;
  let deadline: Deadline;
  let limits: RecordTimeouts;

  beforeEach(() => {
    clock = sinon.useFakeTimers();
    deadline = new Deadline({ remaining: () => 60_000 - clock.now, reserve: 0, reason: () => new Error('time is up') });
    limits = new RecordTimeouts(250, deadline);
  });
  afterEach(() => {
    clock.restore();
  });

  it('is over when the attempt takes longer, whose signal aborts with the error', async () => {
    const attempt = limits.limiting(() => new Deferred().promise);
    const error = rejection(attempt(0) as Promise<unknown>);
    const other = attempt(1) as Promise<unknown>;
    await clock.tickAsync(250);

    expect(await error).to.be.an.instanceOf(RecordTimeoutError);
    expect(limits.signalOf(0).reason).to.equal(await error);
    expect(await rejection(other)).to.be.an.instanceOf(RecordTimeoutError);
  });

  it('leaves the attempt as it is that ends before, and no timer', async () => {
    const error = new Error('no');
    expect(await limits.limiting(() => 7)(0)).to.equal(7);
    expect(await limits.limiting(async () => 8)(1)).to.equal(8);
    expect(await rejection(limits.limiting(() => Promise.reject(error))(2) as Promise<unknown>)).to.equal(error);
    expect(() =>
      limits.limiting(() => {
        throw error;
      })(3),
    ).to.throw(error);
    expect(clock.countTimers()).to.equal(0);
    expect([0, 1, 2, 3].map((index) => limits.signalOf(index).aborted)).to.deep.equal([false, false, false, false]);
  });

  it('has the signal of the deadline before it begins, and one of its own from then on, which aborts with that', async () => {
    expect(limits.signalOf(0)).to.equal(deadline.signal);
    const running = limits.limiting(() => new Deferred().promise)(0) as Promise<unknown>;
    const signal = limits.signalOf(0);
    expect(signal).not.to.equal(deadline.signal);
    deadline.abort();

    expect(signal.reason).to.equal(deadline.reason());
    expect(clock.countTimers()).to.equal(0);
    void running;
  });
});
