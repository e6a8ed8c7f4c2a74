import { expect } from 'chai';
import sinon from 'sinon';

import { Deadline } from '../../lib/engine/deadline';
import { Deferred, rejection, settled } from '../support/promises';
import { unhandledRejections } from '../support/engine';

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
      deadline.unwatch();
      sinon.assert.notCalled(onReached);
    });

    it('has a signal that is not aborted', () => {
      const { signal } = new Deadline();

      expect(signal).to.be.an.instanceOf(AbortSignal);
      expect(signal.aborted).to.be.false;
    });
  });

  describe('that is ended', () => {
    const reason = new Error('the host stops');

    it('is reached from then on, with or without a clock, and has its signal aborted by that reason', () => {
      for (const deadline of [new Deadline(), endingIn(5_000)]) {
        const { signal } = deadline;
        deadline.end(reason);
        expect(deadline.reached()).to.be.true;
        expect(deadline.reason()).to.equal(reason);
        expect(signal.aborted).to.be.false; // the batch is to be closed first
        deadline.abort();
        expect(signal.reason).to.equal(reason);
        expect(new Deadline().signal.aborted).to.be.false;
      }
    });

    it('calls back whoever watches, the last one of them, and nobody where none does', () => {
      const before = sinon.spy();
      const deadline = new Deadline();
      deadline.watch(before);
      deadline.watch(onReached);
      deadline.end(reason);

      sinon.assert.calledOnce(onReached);
      sinon.assert.notCalled(before);
      new Deadline().end(reason);
    });

    it('has a signal that is aborted also where it is first read afterwards', () => {
      const deadline = new Deadline();
      deadline.end(reason);

      expect(deadline.signal.reason).to.equal(reason);
    });

    it('lets go of what is waited for', async () => {
      const deadline = new Deadline();
      const waiting = deadline.within(new Promise(() => undefined));
      deadline.end(reason);

      expect(await waiting).to.be.false;
    });

    it('waits for nothing afterwards, but for what is over', async () => {
      for (const deadline of [new Deadline(), endingIn(5_000)]) {
        deadline.end(reason);
        const hanging = deadline.within(new Promise(() => undefined));
        await timers.tickAsync(1);

        expect(await hanging).to.be.false;
        expect(await deadline.within(Promise.resolve())).to.be.true;
        expect(deadline.left()).to.equal(0);
      }
    });

    it('calls back nobody who does not watch any more', () => {
      for (const deadline of [new Deadline(), endingIn(5_000)]) {
        deadline.watch(onReached);
        deadline.unwatch();
        deadline.end(reason);
      }
      sinon.assert.notCalled(onReached);
    });

    it('keeps the reason that it had, where it was reached before', () => {
      const deadline = endingIn(5_000);
      const before = deadline.reason();
      deadline.end(reason);

      expect(deadline.reason()).to.equal(before);
    });

    it('tells all who want to know', () => {
      const [first, second] = [sinon.spy(), sinon.spy()];
      const deadline = new Deadline();
      deadline.onEnd(first);
      deadline.onEnd(second);
      deadline.end(reason);

      sinon.assert.calledOnce(first);
      sinon.assert.calledOnce(second);
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

    it('calls back no more once nobody watches, and leaves no timer (3c 18)', () => {
      const deadline = endingIn(5_000);
      deadline.watch(onReached);
      deadline.unwatch();

      expect(timers.countTimers()).to.equal(0);
      timers.tick(60_000);
      sinon.assert.notCalled(onReached);
    });

    it('can be left alone twice', () => {
      const deadline = endingIn(5_000);
      deadline.watch(onReached);
      deadline.unwatch();
      deadline.unwatch();

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

    it('can be left alone while it waits for the rest', () => {
      const deadline = new Deadline({ remaining: () => reserve + 10, reserve, reason: () => new Error() });
      deadline.watch(onReached);
      timers.tick(10);
      deadline.unwatch();

      expect(timers.countTimers()).to.equal(0);
    });

    it('never fires early because a delay is longer than timers can be', () => {
      for (const left of [2 ** 31 + reserve, 2 ** 40, Infinity]) {
        const deadline = new Deadline({ remaining: () => left, reserve, reason: () => new Error() });
        deadline.watch(onReached);
        timers.tick(60_000);

        expect(timers.countTimers()).to.equal(1);
        deadline.unwatch();
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

  describe('waits for a promise', () => {
    const waited = (deadline: Deadline, promise: PromiseLike<unknown>) => {
      const over = sinon.spy();
      deadline.within(promise).then(over, over);
      return over;
    };

    it('until that is settled, and leaves no timer', async () => {
      for (const deadline of [endingIn(5_000), new Deadline()]) {
        const promise = new Deferred();
        const over = waited(deadline, promise.promise);
        await settled();
        sinon.assert.notCalled(over);
        promise.resolve();
        await settled();

        sinon.assert.calledOnceWithExactly(over, true);
        expect(timers.countTimers()).to.equal(0);
      }
    });

    it('until it is reached, and what becomes of the promise later changes nothing', async () => {
      const promise = new Deferred();
      const over = waited(endingIn(5_000), promise.promise);
      await timers.tickAsync(4_000);
      sinon.assert.calledOnceWithExactly(over, false);

      const unhandled = await unhandledRejections(async () => {
        promise.reject(new Error('late'));
        await settled();
      });
      sinon.assert.calledOnce(over);
      expect(unhandled).to.be.empty;
    });

    it('for a moment where it has passed, so that what is over is seen', async () => {
      const over = waited(
        endingIn(0),
        Promise.resolve().then(() => undefined),
      );
      await settled();

      sinon.assert.calledOnceWithExactly(over, true);
    });

    it('also where that is a thenable whose `then` returns nothing', async () => {
      const error = new Error('no');
      for (const deadline of [endingIn(5_000), new Deadline()]) {
        let settle: ((how: 'resolve' | 'reject') => void) | undefined;
        const thenable = {
          then: (resolve: () => void, reject: (error: Error) => void) => {
            settle = (how) => {
              if (how === 'resolve') resolve();
              else reject(error);
            };
          },
        } as PromiseLike<unknown>;
        const over = waited(deadline, thenable);
        await settled();
        sinon.assert.notCalled(over);
        settle!('resolve');
        await settled();
        sinon.assert.calledOnceWithExactly(over, true);
        const failing = rejection(deadline.within(thenable));
        await settled();
        settle!('reject');
        expect(await failing).to.equal(error);
      }
    });

    it('and throws what that rejects with, and leaves no timer', async () => {
      const error = new Error('no');
      expect(await rejection(endingIn(5_000).within(Promise.reject(error)))).to.equal(error);
      expect(timers.countTimers()).to.equal(0);
    });
  });

  it('tells how much is left', () => {
    const deadline = endingIn(5_000);
    timers.setSystemTime(3_000);

    expect(deadline.left()).to.equal(1_000);
    expect(new Deadline().left()).to.equal(Infinity);
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
