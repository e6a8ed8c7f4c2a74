import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessor, FullBatchFailureError, observe, processPartialResponse } from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { delayBy, type RetryDelay } from '../../lib/retry-delay';
import { unhandledRejections } from '../support/engine';
import { fifoEvent, fifoRecord, kinesisEvent, lambdaContext, reporting, sqsEvent, sqsRecord } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { rejection, settled } from '../support/promises';
import { contextEndingIn, ways } from '../support/ways';

interface Input {
  readonly QueueUrl: string;
  readonly Entries: readonly { ReceiptHandle: string; VisibilityTimeout: number }[];
}

function picky({ body }: SQSRecord): void {
  if (body.includes('bad')) throw new Error(`no ${body}`);
}

for (const { title, respond } of ways) {
  describe(`retryDelay in ${title}`, () => {
    let logger: ReturnType<typeof fakeLogger>;
    let send: sinon.SinonStub<[command: { input: Input }], Promise<unknown>>;
    let retryDelay: RetryDelay;

    beforeEach(() => {
      logger = fakeLogger();
      send = sinon.stub<[command: { input: Input }], Promise<unknown>>().resolves({});
      const seconds = (receiveCount: number, error: Error) => receiveCount * (error.message === 'no bad 2' ? 100 : 10);
      retryDelay = delayBy(seconds, { client: { send } });
    });

    const delayed = () =>
      send.args.flatMap(([{ input }]) => input.Entries.map((entry) => [entry.ReceiptHandle, entry.VisibilityTimeout]));

    it('delays what failed, by receive count and error', async () => {
      const again = sqsRecord('bad 2');
      const attributes = { ...again.attributes, ApproximateReceiveCount: '3' };
      const event = { Records: [sqsRecord('a'), sqsRecord('bad 1'), { ...again, attributes }] };

      expect(await respond(event, picky, { logger, retryDelay })).to.deep.equal(reporting('bad 1', 'bad 2'));
      expect(delayed()).to.deep.equal([
        ['handle-bad 1', 10],
        ['handle-bad 2', 300],
      ]);
      sinon.assert.notCalled(logger.warn);
    });

    it('delays nothing that was not run', async () => {
      const answer = await respond(fifoEvent('a', 'bad', 'c'), picky, { logger, retryDelay, fifo: true });
      expect(answer).to.deep.equal(reporting('bad', 'c'));
      expect(delayed()).to.deep.equal([['handle-bad', 10]]);
      expect(send.firstCall.args[0].input.QueueUrl).to.match(/\/123456789012\/orders\.fifo$/);
    });

    it('calls nobody where nothing failed', async () => {
      await respond(sqsEvent('a', 'b'), picky, { logger, retryDelay });
      sinon.assert.notCalled(send);
    });

    it('delays a batch of which nothing succeeded too, before that is thrown', async () => {
      const error = await rejection(respond(sqsEvent('bad 1', 'bad 2'), picky, { logger, retryDelay }));
      expect(error).to.be.an.instanceOf(FullBatchFailureError);
      expect(delayed()).to.have.length(2);
    });

    it('delays a record that could not be delivered elsewhere', async () => {
      const nonRetryable = deadLetter({ errors: [Error], deliverTo: () => new Error('refused') });
      await respond(sqsEvent('a', 'bad'), picky, { logger, retryDelay, nonRetryable });
      expect(delayed()).to.deep.equal([['handle-bad', 10]]);
    });

    it('changes nothing but a line where a call fails', async () => {
      send.rejects(new Error('no network'));
      const answer = await respond(sqsEvent('a', 'bad'), picky, { logger, retryDelay });
      expect(answer).to.deep.equal(reporting('bad'));
      sinon.assert.calledOnceWithExactly(logger.warn, 'Messages that failed are not delayed: Error: no network.');
    });

    it('changes nothing where the clock of the context breaks down', async () => {
      const context = lambdaContext(() => NaN);
      const answer = await respond(sqsEvent('a', 'bad'), picky, { logger, retryDelay }, context);
      expect(answer).to.deep.equal(reporting('bad'));
      expect(delayed()).to.have.length(1);
    });

    it('is over before observers see the end', async () => {
      let finish!: (answer: unknown) => void;
      send.returns(new Promise((resolve) => (finish = resolve)));
      const onBatchEnd = sinon.fake();
      const answer = respond(sqsEvent('a', 'bad'), picky, { logger, retryDelay, observers: [observe({ onBatchEnd })] });
      await settled();
      sinon.assert.calledOnce(send);
      sinon.assert.notCalled(onBatchEnd);

      finish({});
      await answer;
      sinon.assert.calledOnce(onBatchEnd);
    });

    it('answers in time where a call never settles', async () => {
      const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
      try {
        send.returns(new Promise(() => undefined));
        const method = ({ body }: SQSRecord) => (body === 'a' ? undefined : new Promise(() => undefined));
        const options = { logger, retryDelay, stopBeforeTimeout: 500 };
        const answer = respond(sqsEvent('a', 'hung'), method, options, contextEndingIn(1_000));
        await clock.tickAsync(750);
        expect(await answer).to.deep.equal(reporting('hung'));
        expect(Date.now()).to.equal(750);
        expect(delayed()).to.deep.equal([['handle-hung', 10]]);
      } finally {
        clock.restore();
      }
    });

    it('makes one client for 50 batches', async () => {
      const sending = sinon.stub(SQSClient.prototype, 'send').resolves({});
      try {
        const own = delayBy(() => 60);
        for (let batch = 0; batch < 50; batch++)
          await respond(sqsEvent('a', 'bad'), picky, { logger, retryDelay: own });

        const clients: unknown[] = sending.thisValues;
        expect(clients).to.have.length(50);
        expect(new Set(clients)).to.have.property('size', 1);
        sinon.assert.notCalled(logger.warn);
      } finally {
        sending.restore();
      }
    });

    for (const [what, promise] of [
      ['resolves', () => Promise.resolve(60)],
      ['rejects', () => Promise.reject(new Error('async'))],
    ] as const) {
      it(`warns of a delay that is a promise, and ${what}, which nobody waits for`, async () => {
        const options = { logger, retryDelay: delayBy(promise as never, { client: { send } }) };
        let answer: unknown;
        const unhandled = await unhandledRejections(async () => {
          answer = await respond(sqsEvent('a', 'bad 1', 'bad 2'), picky, options);
        });

        expect(answer).to.deep.equal(reporting('bad 1', 'bad 2'));
        expect(unhandled).to.deep.equal([]);
        sinon.assert.notCalled(send);
        sinon.assert.calledOnceWithExactly(
          logger.warn,
          'Messages that failed are not delayed: Error: The delay is a promise, and has to be a number.',
        );
      });
    }

    it('keeps to the order of a group: it delays only the message that stopped it', async () => {
      const event = { Records: ['a1 bad', 'b1', 'a2', 'b2'].map((body) => fifoRecord(body)) };
      await respond(event, picky, { logger, retryDelay, fifo: true, skipGroupOnError: true });
      expect(delayed()).to.deep.equal([['handle-a1 bad', 10]]);
    });
  });
}

describe('The option retryDelay', () => {
  const retryDelay = delayBy(() => 60);

  it('is refused for a stream, whose records have no visibility timeout', async () => {
    const expected = "retryDelay is for source 'SQS', whose messages have a visibility timeout, received";
    const apply = () => handlerFor({ source: 'KinesisDataStreams', retryDelay } as never, () => undefined);
    expect(apply).to.throw(TypeError, `${expected} 'KinesisDataStreams'`);

    const processor = new BatchProcessor('KinesisDataStreams');
    const answer = processPartialResponse(kinesisEvent('a'), () => undefined, processor, { retryDelay });
    expect(await rejection(answer))
      .to.be.an.instanceOf(TypeError)
      .with.property('message')
      .that.includes(expected);
  });
});
