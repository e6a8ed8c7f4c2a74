import { LambdaClient } from '@aws-sdk/client-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { createBatchHandler } from '../../lib';
import { type Guard, partialResponses } from '../../lib/guard';
import { lambdaContext, queueArn, reporting as answerOf, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { missingPackage } from '../support/missing-package';
import { Deferred, rejection, settled } from '../support/promises';
import { fakeLambda, functionArn, reporting, silent } from './fake-lambda';

const refuse = (name: string) => () => {
  throw Object.assign(new Error('Lambda answered ListEventSourceMappings with status 400'), { name });
};

const minute = 60_000;

describe('What a guard was told', () => {
  let clock: sinon.SinonFakeTimers;
  const logger = fakeLogger();

  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  });

  afterEach(() => {
    sinon.restore();
    sinon.resetHistory();
    logger.warn.reset();
  });

  /** The answer to a batch of which one message fails. */
  const answer = (guard: Guard, { arn = functionArn, queue = queueArn, left = 30_000 } = {}) => {
    const handler = createBatchHandler({ source: 'SQS', logger, guard }, ({ body }) => {
      if (body === 'bad') throw new Error('failed');
    });
    const Records = sqsEvent('good', 'bad').Records.map((record) => ({ ...record, eventSourceARN: queue }));
    return handler({ Records }, { ...lambdaContext(() => left), invokedFunctionArn: arn });
  };

  const comesOf = async (promise: Promise<unknown>): Promise<'answered' | 'thrown'> => {
    try {
      expect(await promise).to.deep.equal(answerOf('bad'));
      return 'answered';
    } catch (error) {
      expect(error).to.have.property('message').that.includes('has no ReportBatchItemFailures');
      return 'thrown';
    }
  };

  const warnings = (): unknown[] => logger.warn.args.flat();

  it('is kept for good where the flag is on', async () => {
    const lambda = fakeLambda([reporting], [silent]);
    const guard = partialResponses({ client: lambda });
    for (let batch = 0; batch < 3; batch++) {
      expect(await comesOf(answer(guard))).to.equal('answered');
      clock.tick(100 * minute);
    }
    sinon.assert.calledOnce(lambda.send);
  });

  it('is asked again after a minute where the flag is off, since somebody may have set it', async () => {
    const lambda = fakeLambda([silent], [reporting]);
    const guard = partialResponses({ client: lambda });
    expect(await comesOf(answer(guard))).to.equal('thrown');
    clock.tick(minute - 1);
    expect(await comesOf(answer(guard))).to.equal('thrown');
    sinon.assert.calledOnce(lambda.send);
    clock.tick(1);
    expect(await comesOf(answer(guard))).to.equal('answered');
    sinon.assert.calledTwice(lambda.send);
  });

  it('holds until it is told something else: a call that is refused changes nothing', async () => {
    const lambda = fakeLambda([silent], refuse('TooManyRequestsException'));
    const guard = partialResponses({ client: lambda });
    for (let batch = 0; batch < 3; batch++) {
      expect(await comesOf(answer(guard))).to.equal('thrown');
      clock.tick(minute);
    }
    sinon.assert.calledThrice(lambda.send);
  });

  it('is asked again after a minute where no mapping was found, without a word', async () => {
    const lambda = fakeLambda([], [silent]);
    const guard = partialResponses({ client: lambda });
    expect(await comesOf(answer(guard))).to.equal('answered');
    expect(await comesOf(answer(guard))).to.equal('answered');
    sinon.assert.calledOnce(lambda.send);
    clock.tick(minute);
    expect(await comesOf(answer(guard))).to.equal('thrown');
    expect(warnings()).to.deep.equal([]);
  });

  it('is nothing where Lambda refuses, with one warning, and is asked again after a minute', async () => {
    const lambda = fakeLambda(refuse('AccessDeniedException'));
    const guard = partialResponses({ client: lambda });
    expect(await comesOf(answer(guard))).to.equal('answered');
    expect(await comesOf(answer(guard))).to.equal('answered');
    sinon.assert.calledOnce(lambda.send);
    clock.tick(minute);
    expect(await comesOf(answer(guard))).to.equal('answered');
    sinon.assert.calledTwice(lambda.send);
    expect(warnings()).to.deep.equal([
      'Whether the event source mapping has ReportBatchItemFailures is not known, and failures are answered all the same:' +
        ' AccessDeniedException: Lambda answered ListEventSourceMappings with status 400. Asking takes the permission' +
        ' lambda:ListEventSourceMappings.',
    ]);
  });

  it('is nothing where the client answers nothing, or rejects with what is no Error', async () => {
    expect(await comesOf(answer(partialResponses({ client: fakeLambda(() => undefined) })))).to.equal('answered');
    const client = { send: () => Promise.reject(undefined) };
    expect(await comesOf(answer(partialResponses({ client })))).to.equal('answered');
    expect(warnings()).to.have.length(1);
  });

  for (const [what, left, patience] of [
    ['five seconds', 30_000, 5_000],
    ['half of the time that is left', 3_000, 1_500],
  ] as const) {
    it(`is waited for ${what} at the most, whatever the client does with the signal`, async () => {
      const lambda = fakeLambda(() => new Promise(() => undefined));
      const guard = partialResponses({ client: lambda });
      const done = comesOf(answer(guard, { left }));
      await clock.tickAsync(patience - 1);
      const { abortSignal } = lambda.send.firstCall.args[1] as unknown as { abortSignal: AbortSignal };
      expect(abortSignal.aborted).to.equal(false);
      await clock.tickAsync(1);
      expect(await done).to.equal('answered');
      expect(abortSignal.aborted).to.equal(true);
      expect(warnings()).to.have.length(1);
      expect(warnings()[0]).to.include(`Lambda did not answer within ${patience} ms`);
      expect(clock.countTimers()).to.equal(0);
    });
  }

  it('counts also where it comes late', async () => {
    const told = new Deferred<object>();
    const guard = partialResponses({ client: { send: () => told.promise } });
    const done = comesOf(answer(guard));
    await clock.tickAsync(5_000);
    expect(await done).to.equal('answered');
    told.resolve({ EventSourceMappings: [silent] });
    await settled();
    expect(await comesOf(answer(guard))).to.equal('thrown');
  });

  it('is asked once for batches that run at the same time', async () => {
    const told = new Deferred<object>();
    const send = sinon.fake(() => told.promise);
    const guard = partialResponses({ client: { send } });
    const all = [answer(guard), answer(guard), answer(guard)].map(comesOf);
    await settled();
    sinon.assert.calledOnce(send);
    told.resolve({ EventSourceMappings: [silent] });
    expect(await Promise.all(all)).to.deep.equal(['thrown', 'thrown', 'thrown']);
    expect(clock.countTimers()).to.equal(0);
  });

  it('is waited for by each of them as long as its own time allows', async () => {
    const told = new Deferred<object>();
    const guard = partialResponses({ client: { send: () => told.promise } });
    const long = comesOf(answer(guard));
    const short = comesOf(answer(guard, { left: 2_000 }));
    await clock.tickAsync(1_000);
    expect(await short).to.equal('answered');
    told.resolve({ EventSourceMappings: [silent] });
    expect(await long).to.equal('thrown');
  });

  it('is known for each source and function by itself', async () => {
    const lambda = fakeLambda([silent, { ...reporting, EventSourceArn: `${queueArn}-2` }]);
    const guard = partialResponses({ client: lambda });
    expect(await comesOf(answer(guard))).to.equal('thrown');
    expect(await comesOf(answer(guard, { queue: `${queueArn}-2` }))).to.equal('answered');
    expect(await comesOf(answer(guard, { arn: `${functionArn}:live` }))).to.equal('answered');
    expect(await comesOf(answer(guard))).to.equal('thrown');
    sinon.assert.calledThrice(lambda.send);
  });

  it('is known to every handler with the same value, and to no other', async () => {
    const lambda = fakeLambda([reporting]);
    const [one, other] = [partialResponses({ client: lambda }), partialResponses({ client: lambda })];
    for (const guard of [one, one, other, one]) expect(await comesOf(answer(guard))).to.equal('answered');
    sinon.assert.calledTwice(lambda.send);
  });

  it('comes by a client of the SDK where none is given, which is made when it is needed', async () => {
    const send = sinon.stub(LambdaClient.prototype, 'send').resolves({ EventSourceMappings: [silent] });
    const guard = partialResponses();
    sinon.assert.notCalled(send);
    expect(await comesOf(answer(guard))).to.equal('thrown');
    clock.tick(minute);
    expect(await comesOf(answer(guard))).to.equal('thrown');
    expect(new Set(send.thisValues)).to.have.property('size', 1);
  });

  it('is nothing where the package is missing, and the warning says what to do', async () => {
    missingPackage('@aws-sdk/client-lambda');
    expect(await comesOf(answer(partialResponses()))).to.equal('answered');
    expect(warnings()).to.have.length(1);
    expect(warnings()[0]).to.include(
      'BatchProcessingError: partialResponses needs @aws-sdk/client-lambda: npm install @aws-sdk/client-lambda, or set client',
    );
  });

  it('is not asked for, and no package is loaded, where nothing failed', async () => {
    missingPackage('@aws-sdk/client-lambda');
    const handler = createBatchHandler({ source: 'SQS', logger, guard: partialResponses() }, () => undefined);
    expect(await handler(sqsEvent('good'), lambdaContext())).to.deep.equal(answerOf());
    expect(warnings()).to.deep.equal([]);
  });

  it('does not leave a rejection that nobody handles', async () => {
    const unhandled = sinon.fake();
    process.on('unhandledRejection', unhandled);
    try {
      const told = new Deferred<object>();
      const guard = partialResponses({ client: { send: () => told.promise } });
      const both = [answer(guard), answer(guard, { left: 2_000 })].map(comesOf);
      await clock.tickAsync(5_000);
      told.reject(new Error('late'));
      await Promise.all(both);
      await rejection(told.promise);
      await settled();
      await settled();
      sinon.assert.notCalled(unhandled);
    } finally {
      process.off('unhandledRejection', unhandled);
    }
  });
});
