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

type Internal = NodeJS.Timeout & { _idleTimeout: number; readonly _destroyed: boolean };

/** The timer of what is kept alive for a moment. */
function timerOf(context: Context | undefined): Internal {
  const hold = keepAlive(context)!;
  letGo(hold);
  return hold.timer as Internal;
}

/** Time that no batch of another spec has: those that hang for good would hold the same timer. */
const ofOurOwn = lambdaContext(() => 71_000);

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

  it('is one timer for all that last as long, until the last of them lets go', () => {
    const holds = [keepAlive(ofOurOwn), keepAlive(lambdaContext(() => 81_000)), keepAlive(ofOurOwn)];
    expect(alive.batches).to.equal(others.batches + 3);
    expect(timeouts()).to.equal(others.timeouts + 2);
    letGo(holds[0]);
    expect(timeouts()).to.equal(others.timeouts + 2);
    letGo(holds[1]);
    letGo(holds[2]);
    expect(timeouts()).to.equal(others.timeouts);
  });

  it('is the same timer batch after batch, anew each time, also when it was over in between', async () => {
    const timer = timerOf(ofOurOwn);
    const { _idleTimeout: usual } = timer;
    timer._idleTimeout = 1;
    timer.refresh();
    while (!timer._destroyed) await new Promise(setImmediate);
    timer._idleTimeout = usual;

    const before = timeouts();
    const hold = keepAlive(ofOurOwn);
    expect(hold?.timer).to.equal(timer);
    expect(timer.hasRef()).to.be.true;
    expect(timeouts()).to.equal(before + 1);
    letGo(hold);
    expect(timeouts()).to.equal(before);
  });

  it('is no timer in a durable function, which is left where it is when it waits', () => {
    const hold = keepAlive(durableContext() as never);
    expect(hold).to.be.undefined;
    expect(alive.batches).to.equal(others.batches + 1);
    expect(timeouts()).to.equal(others.timeouts);
    letGo(hold);
  });

  for (const [what, context, milliseconds] of [
    ["until the function's timeout is over", lambdaContext(() => 3_000), 20_000],
    ['to the next ten seconds', lambdaContext(() => 290_001), 310_000],
    ['ten seconds where its time is over', lambdaContext(() => 0), 10_000],
    ['no longer than a function can run, where a test says so', lambdaContext(() => 2 ** 40), 910_000],
    ['as long as a function can run, where nothing tells', undefined, 910_000],
    ['as long as a function can run, where the context has no clock', {} as Context, 910_000],
    ['as long as a function can run, where its clock is broken', lambdaContext(() => NaN), 910_000],
    ['as long as a function can run, where its clock says that it should not run', lambdaContext(() => -1e9), 910_000],
  ] as const) {
    it(`lasts ${what}: then a test of what hangs ends`, () => {
      expect(timerOf(context)._idleTimeout).to.equal(milliseconds);
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
