import { expect } from 'chai';
import sinon from 'sinon';

import { Once } from '../../lib/observing/once';
import { Deferred, rejection, settled } from '../support/promises';

describe('A call that is made once', () => {
  it('is made when it is first asked for, and not before', () => {
    const call = sinon.fake();
    const once = new Once(call);
    expect(once.started).to.equal(false);
    sinon.assert.notCalled(call);

    once.run();
    expect(once.started).to.equal(true);
    sinon.assert.calledOnce(call);
  });

  it('gives the same to all who ask', () => {
    const value = {};
    const call = sinon.fake.returns(value);
    const once = new Once(call);
    expect([once.run(), once.run()].map((result) => result === value)).to.deep.equal([true, true]);
    sinon.assert.calledOnce(call);
  });

  for (const thrown of [new Error('no'), undefined]) {
    it(`throws the same to all who ask: ${String(thrown)}`, () => {
      let calls = 0;
      const once = new Once(() => {
        calls++;
        throw thrown;
      });
      for (let time = 0; time < 2; time++) {
        let caught: unknown = 'nothing';
        try {
          once.run();
        } catch (error) {
          caught = error;
        }
        expect(caught).to.equal(thrown);
      }
      expect(once.started).to.equal(true);
      expect(calls).to.equal(1);
    });
  }

  it('that gives undefined has been made all the same', () => {
    const call = sinon.fake();
    const once = new Once(call);
    once.run();
    once.run();
    sinon.assert.calledOnce(call);
  });

  describe('that somebody waits for', () => {
    it('is made when they start it, and gives what it gave', async () => {
      const call = sinon.fake.returns('result');
      const once = new Once(call);
      const result = once.startedOr(new Deferred().promise);
      await settled();
      sinon.assert.notCalled(call);

      once.run();
      expect(await result).to.equal('result');
      sinon.assert.calledOnce(call);
    });

    it('is made when what is waited for is over, and was not started', async () => {
      const call = sinon.fake.returns('result');
      const waiting = new Deferred();
      const result = new Once(call).startedOr(waiting.promise);
      await settled();
      sinon.assert.notCalled(call);

      waiting.resolve();
      expect(await result).to.equal('result');
      sinon.assert.calledOnce(call);
    });

    it('is not made again when what is waited for is over later', async () => {
      const call = sinon.fake.returns('result');
      const once = new Once(call);
      const waiting = new Deferred();
      const result = once.startedOr(waiting.promise);
      once.run();
      waiting.resolve();
      expect(await result).to.equal('result');
      sinon.assert.calledOnce(call);
    });

    it('rejects with what it throws', async () => {
      const thrown = new Error('no');
      const once = new Once(sinon.fake.throws(thrown));
      const result = once.startedOr(Promise.resolve());
      expect(await rejection(result)).to.equal(thrown);
    });
  });
});
