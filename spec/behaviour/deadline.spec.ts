import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { FullBatchFailureError } from '../../lib';
import { lambdaContext, reporting, sqsEvent } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection } from '../support/promises';

describe('stopBeforeTimeout (3c 18)', () => {
  let clock: sinon.SinonFakeTimers;
  let logger: ReturnType<typeof fakeLogger>;

  beforeEach(() => {
    clock = sinon.useFakeTimers();
    logger = fakeLogger();
  });

  afterEach(() => {
    clock.restore();
  });

  /** A context whose time runs out on the fake clock. */
  const contextFor = (timeoutMs: number): Context => {
    const end = Date.now() + timeoutMs;
    return lambdaContext(() => end - Date.now());
  };

  it('answers in time: the finished are kept, the running have failed, the others are not started', async () => {
    const started: string[] = [];
    const hung = new Deferred();
    const handler = handlerFor({ source: 'SQS', concurrency: 2, stopBeforeTimeout: 500, logger }, async ({ body }) => {
      started.push(body);
      if (body === 'hung') await hung.promise;
      if (body === 'slow') await new Promise((resolve) => setTimeout(resolve, 2_000));
    });
    const answer = handler(sqsEvent('a', 'hung', 'b', 'slow', 'c', 'd'), contextFor(1_000));
    await clock.tickAsync(499);
    expect(started).to.deep.equal(['a', 'hung', 'b', 'slow']);
    await clock.tickAsync(1);

    expect(await answer).to.deep.equal(reporting('hung', 'slow', 'c', 'd'));
    expect(logger.error.args).to.deep.equal([
      ['Record id-hung failed (receive 1).', logger.error.firstCall.args[1]],
      ['1 more failed with the error of record id-hung: id-slow.'],
    ]);
    expect(logger.error.firstCall.args[1]).to.have.property('name', 'StoppedBeforeTimeoutError');
    sinon.assert.calledOnceWithMatch(logger.warn, '2 of 6 records were not run, because there was no time left');
  });

  it('aborts the signal of what is running, with the reason', async () => {
    const signals: AbortSignal[] = [];
    const handler = handlerFor(
      { source: 'SQS', stopBeforeTimeout: 500, throwOnFullBatchFailure: false, logger },
      (_record, _context, { signal }) => {
        signals.push(signal);
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      },
    );
    const answer = handler(sqsEvent('a', 'b'), contextFor(1_000));
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([false, false]);
    await clock.tickAsync(500);

    expect(await answer).to.deep.equal(reporting('a', 'b'));
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, true]);
    expect(signals[0]!.reason).to.have.property('name', 'StoppedBeforeTimeoutError');
    sinon.assert.calledTwice(logger.error);
  });

  it('shows a signal that is read too late as aborted', async () => {
    const hung = new Deferred();
    let late: boolean | undefined;
    const handler = handlerFor(
      { source: 'SQS', stopBeforeTimeout: 500, throwOnFullBatchFailure: false, logger },
      async (_record, _context, delivery) => {
        await hung.promise;
        late = delivery.signal.aborted;
      },
    );
    const answer = handler(sqsEvent('a'), contextFor(1_000));
    await clock.tickAsync(500);
    await answer;
    hung.resolve();
    await clock.tickAsync(0);
    expect(late).to.equal(true);
  });

  for (const outcome of ['resolves', 'rejects'] as const) {
    it(`keeps its answer when a record ${outcome} late, and nothing is unhandled`, async () => {
      const unhandled = sinon.fake();
      process.on('unhandledRejection', unhandled);
      try {
        const hung = new Deferred();
        const handler = handlerFor({ source: 'SQS', stopBeforeTimeout: 500, logger }, ({ body }) =>
          body === 'hung' ? hung.promise : undefined,
        );
        const answer = handler(sqsEvent('a', 'hung'), contextFor(1_000));
        await clock.tickAsync(500);
        const given = await answer;
        if (outcome === 'resolves') hung.resolve();
        else hung.reject(new Error('late'));
        await clock.tickAsync(1_000);

        expect(given).to.deep.equal(reporting('hung'));
        sinon.assert.calledOnce(logger.error);
        sinon.assert.notCalled(unhandled);
      } finally {
        process.off('unhandledRejection', unhandled);
      }
    });
  }

  it('looks at the clock before each record, also where methods keep the event loop busy', async () => {
    let remaining = 1_000;
    const handled: string[] = [];
    const handler = handlerFor({ source: 'SQS', concurrency: 1, stopBeforeTimeout: 500, logger }, ({ body }) => {
      handled.push(body);
      remaining -= 250;
    });
    const context = lambdaContext(() => remaining);
    expect(await handler(sqsEvent('a', 'b', 'c', 'd'), context)).to.deep.equal(reporting('c', 'd'));
    expect(handled).to.deep.equal(['a', 'b']);
  });

  it('keeps order: what follows in a FIFO queue is not run either', async () => {
    const hung = new Deferred();
    const handler = handlerFor({ source: 'SQS', fifo: true, stopBeforeTimeout: 500, logger }, ({ body }) =>
      body === 'hung' ? hung.promise : undefined,
    );
    const answer = handler(sqsEvent('a', 'hung', 'b'), contextFor(1_000));
    await clock.tickAsync(500);
    expect(await answer).to.deep.equal(reporting('hung', 'b'));
  });

  it('fails the whole batch where time is up before it starts', async () => {
    const method = sinon.fake();
    const handler = handlerFor({ source: 'SQS', stopBeforeTimeout: 500, logger }, method);
    const failure = (await rejection(handler(sqsEvent('a', 'b'), contextFor(500)))) as FullBatchFailureError;

    expect(failure).to.be.an.instanceOf(FullBatchFailureError);
    expect(failure.message).to.include('0 failed, 2 not run');
    expect(failure.recordErrors[0]!.message).to.include('there was no time left');
    expect(failure.recordErrors[0]!.cause).to.have.property('name', 'StoppedBeforeTimeoutError');
    sinon.assert.notCalled(method);
  });

  it('leaves no timer behind', async () => {
    const handler = handlerFor({ source: 'SQS', stopBeforeTimeout: 500, logger }, () => undefined);
    await handler(sqsEvent('a', 'b'), contextFor(1_000));
    expect(clock.countTimers()).to.equal(0);
  });

  it('is off unless it is set: no timer, and a signal that never aborts', async () => {
    const slow = new Deferred();
    let signal: AbortSignal | undefined;
    const handler = handlerFor({ source: 'SQS', logger }, async (_record, _context, delivery) => {
      signal = delivery.signal;
      await slow.promise;
    });
    const answer = handler(sqsEvent('a'), contextFor(1_000));
    expect(clock.countTimers()).to.equal(0);
    await clock.tickAsync(2_000);
    slow.resolve();

    expect(await answer).to.deep.equal(reporting());
    expect(signal).to.have.property('aborted', false);
  });

  it('answers at once where the clock breaks down', async () => {
    let readings = 0;
    const context = lambdaContext(() => {
      if (++readings > 4) throw new Error('no clock');
      return 1_000;
    });
    const handler = handlerFor({ source: 'SQS', concurrency: 1, stopBeforeTimeout: 500, logger }, () => undefined);
    const { batchItemFailures } = await handler(sqsEvent('a', 'b', 'c', 'd', 'e'), context);
    expect(batchItemFailures).to.have.length.within(1, 4);
  });

  for (const [what, context] of Object.entries({
    'no context': undefined,
    'a context without getRemainingTimeInMillis': {},
    'a context whose time is unknown': lambdaContext(() => undefined as never),
  })) {
    it(`refuses ${what}, before any record runs`, async () => {
      const method = sinon.fake();
      const handler = handlerFor({ source: 'SQS', stopBeforeTimeout: 500, logger }, method);
      const failure = await rejection(handler(sqsEvent('a'), context as Context));
      expect(failure)
        .to.be.an.instanceOf(TypeError)
        .and.have.property('message')
        .that.includes('getRemainingTimeInMillis');
      sinon.assert.notCalled(method);
    });
  }
});
