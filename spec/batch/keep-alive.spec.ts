import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessor, processPartialResponse } from '../../lib';
import { keepAlive, letGo } from '../../lib/batch/keep-alive';
import { durableContext } from '../support/durable';
import { lambdaContext, reporting, sqsEvent } from '../support/events';
import { handlerFor } from '../support/handler';
import { Deferred, rejection } from '../support/promises';

const alive = (globalThis as { [key: symbol]: unknown })[Symbol.for('lambda-batch-handler:alive')] as {
  batches: number;
};

/** The delay of the timer that is made. */
function delayOf(make: () => NodeJS.Timeout): number {
  const timer = make() as NodeJS.Timeout & { readonly _idleTimeout: number };
  const { _idleTimeout: delay } = timer;
  letGo(timer);
  return delay;
}

/** How many timers keep the process alive. */
const timeouts = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('What keeps the process alive', () => {
  let others: { readonly batches: number; readonly timeouts: number };

  beforeEach(() => {
    others = { batches: alive.batches, timeouts: timeouts() };
  });
  afterEach(() => {
    expect(alive.batches).to.equal(others.batches);
    sinon.restore();
  });

  it('is a timer for each, until it lets go', () => {
    const timers = [keepAlive(undefined), keepAlive(lambdaContext())];
    expect(alive.batches).to.equal(others.batches + 2);
    expect(timeouts()).to.equal(others.timeouts + 2);
    for (const timer of timers) letGo(timer);
    expect(timeouts()).to.equal(others.timeouts);
  });

  it('is no timer in a durable function, which is left where it is when it waits', () => {
    const timer = keepAlive(durableContext() as never);
    expect(timer.hasRef()).to.be.false;
    expect(timeouts()).to.equal(others.timeouts);
    letGo(timer);
  });

  for (const [what, context, milliseconds] of [
    ["until the function's timeout is over", lambdaContext(() => 3_000), 13_000],
    ['no longer than a function can run, where a test says so', lambdaContext(() => 2 ** 40), 910_000],
    ['as long as a function can run, where nothing tells', undefined, 910_000],
    ['as long as a function can run, where the context has no clock', {} as Context, 910_000],
    ['as long as a function can run, where its clock is broken', lambdaContext(() => NaN), 910_000],
    ['as long as a function can run, where its clock says that it should not run', lambdaContext(() => -1e9), 910_000],
  ] as const) {
    it(`lasts ${what}: then a test of what hangs ends`, () => {
      expect(delayOf(() => keepAlive(context))).to.equal(milliseconds);
    });
  }

  const ways = {
    '@BatchHandler': (method: () => unknown) => handlerFor({ source: 'SQS' }, method),
    processPartialResponse: (method: () => unknown) => async (event: ReturnType<typeof sqsEvent>) =>
      processPartialResponse(event, method, new BatchProcessor('SQS')),
  };
  for (const [way, entryOf] of Object.entries(ways)) {
    describe(`while a batch of ${way} has no answer`, () => {
      it('is there from its first line to its answer', async () => {
        const gate = new Deferred();
        const answer = entryOf(() => gate.promise)(sqsEvent('a'), lambdaContext());
        expect(alive.batches).to.equal(others.batches + 1);
        gate.resolve();

        expect(await answer).to.deep.equal(reporting());
      });

      it('is gone when all of it has failed, and when the event is refused', async () => {
        const logged = sinon.stub(console, 'error');
        const entry = entryOf(() => {
          throw new Error('no');
        });
        await rejection(entry(sqsEvent('a'), lambdaContext()));
        expect(alive.batches).to.equal(others.batches);
        await rejection(entry({} as never, lambdaContext()));
        expect(logged.callCount).to.be.at.most(1);
      });

      it('is none that the fake clock of a test would run down', async () => {
        const clock = sinon.useFakeTimers();
        const gate = new Deferred();
        const answer = entryOf(() => gate.promise)(sqsEvent('a'), lambdaContext());
        await clock.runAllAsync();
        expect(clock.now).to.equal(0);
        gate.resolve();

        expect(await answer).to.deep.equal(reporting());
      });
    });
  }
});
