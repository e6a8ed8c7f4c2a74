import { AsyncLocalStorage } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessor, EventType, processPartialResponse } from '../../lib';
import { Invocation, Invocations } from '../../lib/processors/invocation';
import type { BatchProcessingOptions } from '../../lib/types';
import { reporting, sqsEvent } from '../support/events';
import { failing } from '../support/processors';

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

const made = (options?: BatchProcessingOptions): Invocation => new Invocation([], () => undefined, options);

describe('Invocations', () => {
  afterEach(() => {
    sinon.restore();
  });

  describe('where the environment says that there is one at a time', () => {
    let before: string | undefined;

    beforeEach(() => {
      before = process.env.AWS_LAMBDA_MAX_CONCURRENCY;
      delete process.env.AWS_LAMBDA_MAX_CONCURRENCY;
    });

    afterEach(() => {
      if (before !== undefined) process.env.AWS_LAMBDA_MAX_CONCURRENCY = before;
    });

    it('begin with one that has no records and a handler that does nothing', () => {
      const { current } = new Invocations();
      expect(current.records).to.deep.equal([]);
      expect((current.handler as () => unknown)()).to.equal(undefined);
      expect(current.options).to.equal(undefined);
      expect(current.result).to.equal(undefined);
      expect(current.deliveryOf({})).to.equal(undefined);
    });

    it('keep one after another readable when it is over', async () => {
      const invocations = new Invocations();
      for (const invocation of [made(), made(), made()]) {
        invocations.begin(invocation);
        await Promise.resolve();
        expect(invocations.current).to.equal(invocation);
      }
    });

    it('cost a processor that serves one batch after another no AsyncLocalStorage', async () => {
      const enterWith = sinon.spy(AsyncLocalStorage.prototype, 'enterWith');
      const run = sinon.spy(AsyncLocalStorage.prototype, 'run');
      const processor = new BatchProcessor(EventType.SQS);
      for (const name of ['a', 'b', 'c']) {
        const answer = await processPartialResponse(sqsEvent('a', 'b', 'c'), failing(name), processor);
        expect(answer).to.deep.equal(reporting(name));
      }
      sinon.assert.notCalled(enterWith);
      sinon.assert.notCalled(run);
    });

    it('keep one readable from outside of its async call chain', async () => {
      const invocations = new Invocations();
      const invocation = made();
      await (async () => {
        await Promise.resolve();
        invocations.begin(invocation);
      })();
      expect(invocations.current).to.equal(invocation);
    });

    it('keep two at once apart, each in its own chain', async () => {
      const invocations = new Invocations();
      const seen = await Promise.all(
        [made(), made(), made()].map(async (invocation) => {
          await Promise.resolve();
          invocations.begin(invocation);
          await Promise.resolve();
          return invocations.current === invocation;
        }),
      );
      expect(seen).to.deep.equal([true, true, true]);
    });

    it('leave in the same chain what an earlier one entered', () => {
      const invocations = new Invocations();
      const [first, second, third] = [made(), made(), made()];
      invocations.begin(first);
      invocations.begin(second);
      expect(invocations.current).to.equal(second);
      invocations.begin(third);
      expect(invocations.current).to.equal(third);
    });

    it('lend one to user code, whatever the caller is in, and come back', async () => {
      const invocations = new Invocations();
      const [first, second] = [made(), made()];
      invocations.begin(first);
      invocations.begin(second);
      const seen = invocations.within(first, async () => {
        const before = invocations.current;
        await Promise.resolve();
        return [before, invocations.current];
      });
      expect(invocations.current).to.equal(second);
      expect(await seen).to.deep.equal([first, first]);
    });

    it('of several processors keep to themselves in one chain', () => {
      const [orders, refunds] = [new Invocations(), new Invocations()];
      const [first, second, refund] = [made(), made(), made()];
      orders.begin(first);
      refunds.begin(refund);
      orders.begin(second);
      expect(orders.current).to.equal(second);
      expect(refunds.current).to.equal(refund);
      const seen = orders.within(first, () => [orders.current, refunds.current]);
      expect(seen).to.deep.equal([first, refund]);
      expect(orders.current).to.equal(second);
    });

    it('hold on to no processor that was made for one batch, and share one storage', async () => {
      const storages = new Set<unknown>();
      let owners = 0;
      const { enterWith } = AsyncLocalStorage.prototype;
      // Not a spy, which keeps the callers of each call.
      sinon.replace(AsyncLocalStorage.prototype, 'enterWith', function (this: AsyncLocalStorage<unknown>, store) {
        storages.add(this);
        owners = (store as { owners: unknown[] }).owners.length;
        enterWith.call(this, store);
      });
      for (let batch = 0; batch < 100; batch++) new Invocations().begin(made());
      expect(owners).to.be.at.least(100);
      await new Promise((resolve) => setImmediate(resolve)); // a WeakRef holds its target for a turn
      collectGarbage();
      new Invocations().begin(made());
      expect(owners).to.be.below(100);
      expect(storages.size).to.equal(1);
    });

    it('enter the storage for one that may go on after its answer', async () => {
      const invocations = new Invocations();
      const [early, next] = [made({ stopBeforeTimeout: 500 }), made()];
      let late: Invocation | undefined;
      const lateRecord = (async () => {
        await Promise.resolve();
        invocations.begin(early);
        await new Promise((resolve) => setImmediate(resolve));
        late = invocations.current;
      })();
      await Promise.resolve();
      await Promise.resolve();
      invocations.begin(next);
      expect(invocations.current).to.equal(next);
      await lateRecord;
      expect(late).to.equal(early);
    });
  });

  describe('where the environment says that there are several at once', () => {
    let before: string | undefined;

    beforeEach(() => {
      before = process.env.AWS_LAMBDA_MAX_CONCURRENCY;
      process.env.AWS_LAMBDA_MAX_CONCURRENCY = '10';
    });

    afterEach(() => {
      if (before === undefined) delete process.env.AWS_LAMBDA_MAX_CONCURRENCY;
      else process.env.AWS_LAMBDA_MAX_CONCURRENCY = before;
    });

    it('enter the storage also for one that is alone', () => {
      const enterWith = sinon.spy(AsyncLocalStorage.prototype, 'enterWith');
      const invocations = new Invocations();
      const invocation = made();
      invocations.begin(invocation);
      expect(invocations.current).to.equal(invocation);
      sinon.assert.calledOnce(enterWith);
    });
  });
});

describe('an Invocation', () => {
  it('forgets an earlier run when it starts, with lists that are not those of before', () => {
    const invocation = made();
    const { errors } = invocation;
    errors.push(new Error('earlier'));
    invocation.abandoned.add({});
    invocation.over = true;
    invocation.start();
    expect(invocation.errors).to.deep.equal([]);
    expect(errors).to.have.length(1);
    expect(invocation.failureMessages).to.deep.equal([]);
    expect(invocation.successMessages).to.deep.equal([]);
    expect(invocation.isLate({})).to.equal(false);
    expect(invocation.abandoned.size).to.equal(0);
    expect(invocation.running).to.equal(true);
  });
});
