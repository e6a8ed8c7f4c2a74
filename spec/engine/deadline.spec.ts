import { expect } from 'chai';
import sinon from 'sinon';

import { Deadline } from '../../lib/engine/deadline';
import { settled } from '../support/promises';

const reserve = 1_000;

describe('A deadline', () => {
  let timers: sinon.SinonFakeTimers;
  const onReached = sinon.spy();

  beforeEach(() => {
    timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    onReached.resetHistory();
  });
  afterEach(() => {
    sinon.restore();
  });

  /** A deadline whose clock follows the fake timers. */
  const endingIn = (ms: number) =>
    new Deadline({ remaining: () => ms - Date.now(), reserve, reason: () => new Error('time is up') });

  describe('without a clock', () => {
    it('is never reached, and needs no timer', () => {
      const deadline = new Deadline();
      deadline.watch(onReached);

      expect(timers.countTimers()).to.equal(0);
      expect(deadline.reached()).to.be.false;
      deadline.release();
      sinon.assert.notCalled(onReached);
    });

    it('has a signal that is not aborted', () => {
      const { signal } = new Deadline();

      expect(signal).to.be.an.instanceOf(AbortSignal);
      expect(signal.aborted).to.be.false;
    });
  });

  describe('with a clock', () => {
    it('is reached when no more than the reserve is left', () => {
      const deadline = endingIn(5_000);

      expect(deadline.reached()).to.be.false;
      timers.setSystemTime(3_999);
      expect(deadline.reached()).to.be.false;
      timers.setSystemTime(4_000);
      expect(deadline.reached()).to.be.true;
    });

    it('calls back once, at that moment (3c 18)', () => {
      endingIn(5_000).watch(onReached);

      timers.tick(3_999);
      sinon.assert.notCalled(onReached);
      timers.tick(1);
      sinon.assert.calledOnce(onReached);
      timers.tick(60_000);
      sinon.assert.calledOnce(onReached);
      expect(timers.countTimers()).to.equal(0);
    });

    it('calls back no more once it is released, and leaves no timer (3c 18)', () => {
      const deadline = endingIn(5_000);
      deadline.watch(onReached);
      deadline.release();

      expect(timers.countTimers()).to.equal(0);
      timers.tick(60_000);
      sinon.assert.notCalled(onReached);
    });

    it('can be released twice, and before it watches', () => {
      const deadline = endingIn(5_000);
      deadline.release();
      deadline.watch(onReached);
      deadline.release();
      deadline.release();

      expect(timers.countTimers()).to.equal(0);
    });

    it('waits for the rest where the timer is early by the clock', () => {
      let left = 2_000;
      const deadline = new Deadline({ remaining: () => left, reserve, reason: () => new Error() });
      deadline.watch(onReached);

      left = reserve + 0.4;
      timers.tick(1_000);
      sinon.assert.notCalled(onReached);
      left = reserve;
      timers.tick(1);
      sinon.assert.calledOnce(onReached);
    });

    it('can be released while it waits for the rest', () => {
      const deadline = new Deadline({ remaining: () => reserve + 10, reserve, reason: () => new Error() });
      deadline.watch(onReached);
      timers.tick(10);
      deadline.release();

      expect(timers.countTimers()).to.equal(0);
    });

    it('never fires early because a delay is longer than timers can be', () => {
      for (const left of [2 ** 31 + reserve, 2 ** 40, Infinity]) {
        const deadline = new Deadline({ remaining: () => left, reserve, reason: () => new Error() });
        deadline.watch(onReached);
        timers.tick(60_000);

        expect(timers.countTimers()).to.equal(1);
        deadline.release();
      }
      sinon.assert.notCalled(onReached);
    });

    it('asks for no delay that a timer cannot take', () => {
      const setTimeout = sinon.spy(globalThis, 'setTimeout');
      for (const left of [2 ** 31 + reserve, 2 ** 40, Infinity]) endingIn(left).watch(onReached);

      expect(setTimeout.args.map(([, delay]) => delay)).to.deep.equal(Array(3).fill(2 ** 31 - 1));
    });

    it('goes on to wait after the longest delay of a timer', () => {
      endingIn(2 ** 31 + 10_000).watch(onReached);

      timers.tick(2 ** 31 - 1);
      sinon.assert.notCalled(onReached);
      timers.tick(9_001);
      sinon.assert.calledOnce(onReached);
    });

    it('calls back at the next turn where it has passed already', () => {
      endingIn(500).watch(onReached);

      sinon.assert.notCalled(onReached);
      timers.tick(1);
      sinon.assert.calledOnce(onReached);
    });

    it('asks for no negative delay, of which Node 24 warns', () => {
      const setTimeout = sinon.spy(globalThis, 'setTimeout');
      endingIn(500).watch(onReached);

      expect(setTimeout.firstCall.args[1]).to.be.at.least(0);
    });
  });

  describe('gives a reason', () => {
    it('that is one error for the whole batch', () => {
      const deadline = endingIn(5_000);

      expect(deadline.reason()).to.be.an.instanceOf(Error).with.property('message', 'time is up');
      expect(deadline.reason()).to.equal(deadline.reason());
    });
  });

  describe('has a signal', () => {
    it('that is the same one for the whole batch', () => {
      const deadline = endingIn(5_000);

      expect(deadline.signal).to.equal(deadline.signal);
    });

    it('that aborts with the reason', () => {
      const deadline = endingIn(5_000);
      const aborted = sinon.spy();
      const { signal } = deadline;
      signal.addEventListener('abort', aborted);
      expect(signal.aborted).to.be.false;
      deadline.abort();

      sinon.assert.calledOnce(aborted);
      expect(signal.aborted).to.be.true;
      expect(signal.reason).to.equal(deadline.reason());
    });

    it('that is aborted already where it is first read later', () => {
      const deadline = endingIn(5_000);
      const reason = deadline.reason();
      deadline.abort();

      expect(deadline.signal.aborted).to.be.true;
      expect(deadline.signal.reason).to.equal(reason);
    });

    it('to which every record of a large batch may listen without a warning from Node', async () => {
      const warnings: Error[] = [];
      const listen = (warning: Error) => warnings.push(warning);
      process.on('warning', listen);
      const { signal } = endingIn(5_000);
      for (let index = 0; index < 100; index++) signal.addEventListener('abort', () => index);
      await settled();
      process.off('warning', listen);

      expect(warnings.map(({ name }) => name)).to.deep.equal([]);
    });
  });
});
