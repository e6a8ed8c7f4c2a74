import { expect } from 'chai';
import sinon from 'sinon';

import {
  BatchProcessorSync,
  type BatchSummary,
  type Delivery,
  type FullBatchFailureError,
  observe,
  processPartialResponseSync,
  RecordTimeoutError,
  StopBatchError,
} from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { delayBy } from '../../lib/retry-delay';
import { lambdaContext, reporting, sqsEvent } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';
import { contextEndingIn, ways } from '../support/ways';

const hung = new Deferred();
const hanging = ({ body }: { body: string }): unknown => (body === 'hung' ? hung.promise : undefined);

for (const { title, respond } of ways) {
  describe(`recordTimeout in ${title}`, () => {
    let clock: sinon.SinonFakeTimers;
    let logger: ReturnType<typeof fakeLogger>;

    beforeEach(() => {
      clock = sinon.useFakeTimers();
      logger = fakeLogger();
    });
    afterEach(() => {
      clock.restore();
    });

    it('fails a record that runs longer, and no other, and leaves no timer', async () => {
      const answer = respond(sqsEvent('a', 'hung', 'b'), hanging, { logger, recordTimeout: 250 });
      await clock.tickAsync(249);
      sinon.assert.notCalled(logger.error);
      await clock.tickAsync(1);

      expect(await answer).to.deep.equal(reporting('hung'));
      sinon.assert.calledOnceWithMatch(
        logger.error,
        'Record id-hung failed (receive 1).',
        sinon.match({ name: 'RecordTimeoutError', message: 'Not finished within the 250 ms of recordTimeout.' }),
      );
      expect(clock.countTimers()).to.equal(0);
    });

    it('counts from the start of each record', async () => {
      const method = ({ body }: { body: string }) =>
        new Promise<void>((resolve) => setTimeout(resolve, body === 'slow' ? 300 : 200));
      const answer = respond(sqsEvent('a', 'b', 'slow'), method, { logger, recordTimeout: 250, concurrency: 1 });
      await clock.tickAsync(650);

      expect(await answer).to.deep.equal(reporting('slow'));
    });

    it('stops its lane as any failure does', async () => {
      const answer = respond(sqsEvent('a', 'hung', 'b'), hanging, { logger, recordTimeout: 250, fifo: true });
      await clock.tickAsync(250);

      expect(await answer).to.deep.equal(reporting('hung', 'b'));
    });

    it('is over for a record that fails by itself', async () => {
      const method = () => Promise.reject(new Error('no'));
      const failure = rejection(respond(sqsEvent('a'), method, { logger, recordTimeout: 250 }));

      expect(((await failure) as FullBatchFailureError).recordErrors[0]).to.have.property('message', 'no');
      expect(clock.countTimers()).to.equal(0);
    });

    it('leaves no timer where the batch is answered before', async () => {
      const options = { logger, recordTimeout: 60_000, stopBeforeTimeout: 500 };
      const answer = respond(sqsEvent('a', 'hung'), hanging, options, contextEndingIn(1_000));
      await clock.tickAsync(500);

      expect(await answer).to.deep.equal(reporting('hung'));
      expect(clock.countTimers()).to.equal(0);
    });

    for (const late of ['resolve', 'reject'] as const) {
      it(`lets what the method comes to later (${late}) change nothing`, async () => {
        const ending = new Deferred();
        const method = ({ body }: { body: string }) => (body === 'hung' ? ending.promise : undefined);
        const unhandled = sinon.fake();
        process.on('unhandledRejection', unhandled);
        const answer = respond(sqsEvent('a', 'hung'), method, { logger, recordTimeout: 250 });
        await clock.tickAsync(250);
        expect(await answer).to.deep.equal(reporting('hung'));
        ending[late](new Error('late') as never);
        await clock.tickAsync(1_000);
        process.off('unhandledRejection', unhandled);

        sinon.assert.notCalled(unhandled);
        sinon.assert.calledOnce(logger.error);
      });
    }

    it('can have its records delivered elsewhere, with a signal that is not aborted', async () => {
      const deliverTo = sinon.fake((_record: unknown, _error: Error, { signal }: Delivery) => {
        expect(signal.aborted).to.be.false;
      });
      const nonRetryable = deadLetter({ errors: [RecordTimeoutError], deliverTo });
      const answer = respond(sqsEvent('a', 'hung'), hanging, { logger, recordTimeout: 250, nonRetryable });
      await clock.tickAsync(250);

      expect(await answer).to.deep.equal(reporting());
      sinon.assert.calledOnceWithMatch(deliverTo, { body: 'hung' }, { name: 'RecordTimeoutError' });
    });
  });

  describe(`StopBatchError in ${title}`, () => {
    const away = new StopBatchError('The bank is away.');
    const method =
      (handled: string[]) =>
      async ({ body }: { body: string }): Promise<void> => {
        handled.push(body);
        await settled();
        if (body === 'stop') throw away;
      };

    for (const [how, options, answered] of [
      ['side by side', { concurrency: 2 }, ['a', 'stop', 'b']],
      ['one after another', { concurrency: 1 }, ['a', 'stop']],
      ['in FIFO order', { fifo: true }, ['a', 'stop']],
      ['in the order of groups', { fifo: true, skipGroupOnError: true }, ['a', 'stop']],
    ] as const) {
      it(`fails its record, and no other starts, where records run ${how}`, async () => {
        const logger = fakeLogger();
        const handled: string[] = [];
        const names = ['a', 'stop', 'b', 'c', 'd'];
        const answer = await respond(sqsEvent(...names), method(handled), { logger, ...options });

        expect(handled).to.deep.equal(answered);
        const notRun = names.filter((name) => !handled.includes(name));
        expect(answer).to.deep.equal(reporting('stop', ...notRun));
        sinon.assert.calledWithExactly(
          logger.warn,
          `${notRun.length} of 5 records were not run, because an earlier one stopped the batch (StopBatchError); they are reported as failed.`,
        );
      });
    }

    it('is told of as stoppedBy', async () => {
      const ends: BatchSummary[] = [];
      const observers = [observe({ onBatchEnd: (summary) => ends.push(summary) })];
      const options = { logger: fakeLogger(), observers, concurrency: 1 };
      await respond(sqsEvent('a', 'stop', 'b'), method([]), options);

      expect(ends[0]).to.include({ succeeded: 1, failed: 1, unprocessed: 1, stoppedBy: 'stop-batch' });
    });

    it('keeps all of it from a dead-letter queue, whatever errors are meant for one', async () => {
      const deliverTo = sinon.fake();
      const nonRetryable = deadLetter({ errors: [Error, () => true], deliverTo });
      const options = { logger: fakeLogger(), nonRetryable, concurrency: 1 };

      expect(await respond(sqsEvent('a', 'stop', 'b'), method([]), options)).to.deep.equal(reporting('stop', 'b'));
      sinon.assert.notCalled(deliverTo);
    });

    it('delays only the message that failed', async () => {
      const client = { send: sinon.stub().resolves({}) };
      const options = { logger: fakeLogger(), retryDelay: delayBy(() => 60, { client }), concurrency: 1 };
      await respond(sqsEvent('a', 'stop', 'b'), method([]), options);

      sinon.assert.calledOnce(client.send);
      expect((client.send.firstCall.args[0] as { input: { Entries: unknown[] } }).input.Entries).to.have.length(1);
    });

    it('is the cause of what was not run, where nothing succeeded', async () => {
      const options = { logger: fakeLogger(), concurrency: 1 };
      const failure = await rejection(respond(sqsEvent('stop', 'b'), method([]), options));
      const { recordErrors, message } = failure as FullBatchFailureError;

      expect(message).to.include('1 failed, 1 not run').and.include('StopBatchError: The bank is away.');
      expect(recordErrors[0]).to.equal(away);
      expect(recordErrors[1]).to.have.property(
        'message',
        'Not run, because an earlier one stopped the batch (StopBatchError).',
      );
      expect(recordErrors[1]).to.have.property('cause', away);
    });
  });
}

describe('recordTimeout', () => {
  it('aborts the signal of its record alone, with the reason, and the deadline aborts those of all', async () => {
    const clock = sinon.useFakeTimers();
    try {
      const signals: AbortSignal[] = [];
      const options = { source: 'SQS', recordTimeout: 250, stopBeforeTimeout: 500, logger: fakeLogger() } as const;
      const handler = handlerFor(
        { ...options, throwOnFullBatchFailure: false },
        async ({ body }, _context, delivery) => {
          signals.push(delivery.signal);
          expect(delivery.signal).to.equal(delivery.signal);
          if (body !== 'a') await hung.promise;
        },
      );
      const answer = handler(sqsEvent('a', 'b'), contextEndingIn(700));
      await clock.tickAsync(200);
      expect(await answer).to.deep.equal(reporting('b'));
      expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, true]);
      expect(signals[1]!.reason).to.have.property('name', 'StoppedBeforeTimeoutError');

      const next = handler(sqsEvent('a', 'b'), contextEndingIn(60_000));
      await clock.tickAsync(250);
      expect(await next).to.deep.equal(reporting('b'));
      expect(signals.slice(2).map(({ aborted }) => aborted)).to.deep.equal([false, true]);
      expect(signals[3]!.reason).to.be.an.instanceOf(RecordTimeoutError);
    } finally {
      clock.restore();
    }
  });

  it('is refused by a sync processor, and as anything but milliseconds', () => {
    const options = { recordTimeout: 250 };
    expect(() => processPartialResponseSync(sqsEvent('a'), () => 1, new BatchProcessorSync('SQS'), options)).to.throw(
      TypeError,
      'recordTimeout: a sync processor runs one record at a time, and waits for nothing; use an async one.',
    );
    for (const recordTimeout of [0, -1, NaN, 900_001, '250']) {
      expect(() => handlerFor({ source: 'SQS', recordTimeout: recordTimeout as number }, () => undefined)).to.throw(
        TypeError,
        /expected recordTimeout to be a number of milliseconds above 0 and at most 900000, received /,
      );
    }
  });
});

describe('StopBatchError', () => {
  it('stops a sync processor too', () => {
    const handled: string[] = [];
    const handler = ({ body }: { body: string }): void => {
      handled.push(body);
      if (body === 'stop') throw new StopBatchError();
    };
    const processor = new BatchProcessorSync('SQS');
    const answer = processPartialResponseSync(sqsEvent('a', 'stop', 'b'), handler, processor, {
      context: lambdaContext(),
    });

    expect(answer).to.deep.equal(reporting('stop', 'b'));
    expect(handled).to.deep.equal(['a', 'stop']);
  });
});
