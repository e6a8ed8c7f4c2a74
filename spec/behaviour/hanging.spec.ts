import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessor, type FullBatchFailureError, observe, processPartialResponse } from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { reader } from '../../lib/payload';
import { delayBy } from '../../lib/retry-delay';
import { reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { Deferred } from '../support/promises';
import { contextEndingIn, ways } from '../support/ways';

/** What never settles. */
const hang = (): Promise<never> => new Deferred<never>().promise;

const failing = ({ body }: { body: string }): void => {
  if (body === 'bad') throw new Error('no');
};

describe('With stopBeforeTimeout there is an answer, whatever hangs', () => {
  let clock: sinon.SinonFakeTimers;
  let logger: ReturnType<typeof fakeLogger>;

  beforeEach(() => {
    clock = sinon.useFakeTimers();
    logger = fakeLogger();
  });
  afterEach(() => {
    clock.restore();
  });

  /** Settles how, and after how many milliseconds, a promise does. */
  const endOf = async (promise: Promise<unknown>) => {
    let end: { readonly after: number; readonly value?: unknown; readonly error?: Error } | undefined;
    promise.then(
      (value) => (end = { after: clock.now, value }),
      (error: unknown) => (end = { after: clock.now, error: error as Error }),
    );
    while (end === undefined && clock.now < 10_000) await clock.tickAsync(50);
    return end;
  };
  const stopBeforeTimeout = 300; // of 1,000: an answer is due after 700

  for (const { title, respond } of ways) {
    describe(`in ${title}`, () => {
      it('such as the method, at the deadline', async () => {
        const method = ({ body }: { body: string }) => (body === 'hung' ? hang() : undefined);
        const answer = respond(sqsEvent('a', 'hung'), method, { logger, stopBeforeTimeout }, contextEndingIn(1_000));

        expect(await endOf(answer)).to.deep.equal({ after: 700, value: reporting('hung') });
      });

      it('such as a payload reader, at the deadline', async () => {
        const payload = reader((body: string) => (body === 'hung' ? hang() : body));
        const options = { logger, stopBeforeTimeout, payload: payload as never };
        const answer = respond(sqsEvent('a', 'hung'), () => undefined, options, contextEndingIn(1_000));

        expect(await endOf(answer)).to.deep.equal({ after: 700, value: reporting('hung') });
      });

      it('such as deliverTo, at the deadline', async () => {
        const nonRetryable = deadLetter({ errors: [Error], deliverTo: hang });
        const options = { logger, stopBeforeTimeout, nonRetryable };
        const answer = respond(sqsEvent('a', 'bad'), failing, options, contextEndingIn(1_000));

        expect(await endOf(answer)).to.deep.equal({ after: 700, value: reporting('bad') });
      });

      it('such as an observer at the start, which is given up halfway, so that all records run', async () => {
        const observers = [observe({ onBatchStart: hang })];
        const options = { logger, stopBeforeTimeout: 600, observers };
        const end = await endOf(respond(sqsEvent('a', 'bad'), failing, options, contextEndingIn(1_000)));

        expect(end).to.deep.equal({ after: 200, value: reporting('bad') });
        sinon.assert.calledWithMatch(logger.warn, 'It did not answer within 200 ms');
      });

      it('such as an observer at the end, or a client of retryDelay, which are given up', async () => {
        const observers = [observe({ onBatchEnd: hang })];
        const retryDelay = delayBy(() => 60, { client: { send: hang } });
        const options = { logger, stopBeforeTimeout, observers, retryDelay };
        const end = await endOf(respond(sqsEvent('a', 'bad'), failing, options, contextEndingIn(1_000)));

        expect(end).to.deep.include({ value: reporting('bad') });
        expect(end?.after).to.be.below(1_000);
      });
    });
  }

  describe('in hooks of a processor', () => {
    const respond = (hooks: object, names: string[], method: (record: SQSRecord) => unknown = failing) => {
      const processor = Object.assign(new BatchProcessor('SQS'), hooks);
      const options = { logger, stopBeforeTimeout, context: contextEndingIn(1_000) };
      return endOf(processPartialResponse(sqsEvent(...names), method, processor, options));
    };

    it('such as prepare: no record runs, at the deadline', async () => {
      const method = sinon.fake();
      const end = await respond({ prepare: hang }, ['a', 'b'], method);

      expect(end?.after).to.equal(700);
      expect(end?.error).to.have.property('message').that.includes('0 failed, 2 not run');
      sinon.assert.notCalled(method);
      sinon.assert.calledWithMatch(logger.warn, 'prepare() was not over when the batch had to be answered');
    });

    it('such as failureHandler, for records that failed and for those that were not run', async () => {
      const method = ({ body }: SQSRecord) => (body === 'hung' ? hang() : failing({ body }));
      const end = await respond({ failureHandler: hang }, ['a', 'bad', 'hung'], method);

      expect(end).to.deep.equal({ after: 701, value: reporting('bad', 'hung') });
      sinon.assert.calledWithMatch(logger.warn, 'failureHandler() was not over when the batch had to be answered');
    });

    it('such as failureHandler, with the error of each record, where none succeeded', async () => {
      const end = await respond({ failureHandler: hang }, ['bad']);

      expect(end?.after).to.equal(700);
      expect((end?.error as FullBatchFailureError).recordErrors[0]).to.have.property('message', 'no');
    });

    it('such as successHandler: its record has failed', async () => {
      const successHandler = ({ body }: SQSRecord) => (body === 'hung' ? hang() : undefined);

      expect(await respond({ successHandler }, ['a', 'hung'])).to.deep.equal({ after: 700, value: reporting('hung') });
    });

    it('such as processRecord: its record has failed', async () => {
      const processor = new BatchProcessor('SQS');
      const processRecord = (record: SQSRecord) =>
        record.body === 'hung' ? hang() : BatchProcessor.prototype.processRecord.call(processor, record);
      Object.assign(processor, { processRecord });
      const options = { logger, stopBeforeTimeout, context: contextEndingIn(1_000) };
      const answer = processPartialResponse(sqsEvent('a', 'hung'), failing, processor, options);

      expect(await endOf(answer)).to.deep.equal({ after: 700, value: reporting('hung') });
    });

    it('such as clean, and what has failed stays reported', async () => {
      const end = await respond({ clean: hang }, ['a', 'bad']);

      expect(end).to.deep.equal({ after: 700, value: reporting('bad') });
      sinon.assert.calledWithMatch(logger.warn, 'clean() was not over when the batch had to be answered');
    });

    for (const hook of ['prepare', 'clean', 'successHandler', 'failureHandler'] as const) {
      it(`and a thenable of ${hook}, whose \`then\` returns nothing, is waited for as a promise is`, async () => {
        const rejecting = () => ({
          then: (_: unknown, reject: (error: Error) => void) => {
            setTimeout(() => {
              reject(new Error(`no ${hook}`));
            }, 20);
          },
        });
        const end = await respond({ [hook]: rejecting }, hook === 'failureHandler' ? ['a', 'bad'] : ['a']);

        if (hook === 'failureHandler') expect(end?.value).to.deep.equal(reporting('bad'));
        else expect(end?.error).to.have.property('message').that.includes(`no ${hook}`);
        expect(end?.after).to.equal(20);
      });
    }

    it('and hooks that are over in time, or reject, are waited for as before', async () => {
      const clean = () => new Promise((resolve) => setTimeout(resolve, 200));
      expect(await respond({ clean, prepare: clean }, ['a', 'bad'])).to.deep.equal({
        after: 400,
        value: reporting('bad'),
      });
      sinon.assert.notCalled(logger.warn);
      const end = await respond({ clean: () => Promise.reject(new Error('unclean')) }, ['a']);
      expect(end?.error).to.have.property('message', 'unclean');
    });
  });

  it('and without it nothing is answered, however long it takes', async () => {
    const answer = Promise.resolve(ways[0]!.respond(sqsEvent('a', 'hung'), hang, { logger }, contextEndingIn(1_000)));
    expect(await endOf(answer)).to.equal(undefined);
  });
});
