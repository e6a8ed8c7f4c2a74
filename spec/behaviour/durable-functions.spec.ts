import type { Context, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  BatchProcessor,
  BatchProcessorSync,
  createBatchHandler,
  FullBatchFailureError,
  observe,
  processPartialResponse,
  processPartialResponseSync,
} from '../../lib';
import { chunksOf } from '../../lib/chunk';
import { deadLetter } from '../../lib/dead-letter';
import { kafka } from '../../lib/kafka';
import { openTelemetry } from '../../lib/opentelemetry';
import { json, reader } from '../../lib/payload';
import { exponentialBackoff } from '../../lib/retry-delay';
import { dynamodbEvent, kafkaEvent, kinesisEvent, sqsEvent as kitEvent } from '../../lib/testing';
import { durableContext as durable } from '../support/durable';
import { fifoEvent, lambdaContext, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';
import { type WayOptions, ways } from '../support/ways';

// What is refused here, and what is not, is told of in docs/durable-functions.md. That what is not refused works over replays
// is seen on AWS's own runner, by spec/durable.

const durableContext = (lambda?: Context) => durable(lambda) as unknown as Context;

/** What each front refuses, and what is named. */
const refused: Readonly<Record<string, readonly [options: Partial<WayOptions>, named: string]>> = {
  nonRetryable: [{ nonRetryable: deadLetter({ deliverTo: 'discard' }) }, 'nonRetryable'],
  retryDelay: [{ retryDelay: exponentialBackoff({ base: 1 }) }, 'retryDelay'],
  observers: [{ observers: [observe({})] }, 'observers'],
  'openTelemetry()': [{ observers: [openTelemetry()] }, 'observers'],
  recordTimeout: [{ recordTimeout: 1_000 }, 'recordTimeout'],
  'skipGroupOnError with several groups at once': [
    { fifo: true, skipGroupOnError: true, concurrency: 2 },
    'order by key, or skipGroupOnError, without concurrency: 1',
  ],
};

/** What each front takes. */
const taken: Readonly<Record<string, Partial<WayOptions>>> = {
  'no order': {},
  'concurrency: 2': { concurrency: 2 },
  fifo: { fifo: true },
  'skipGroupOnError with one group at a time': { fifo: true, skipGroupOnError: true },
  stopBeforeTimeout: { stopBeforeTimeout: 500 },
  'no observers': { observers: [] },
};

describe('In a durable function', () => {
  for (const { title, respond } of ways) {
    describe(title, () => {
      for (const [what, [options, named]] of Object.entries(refused)) {
        it(`refuses ${what} by name, before any record runs`, async () => {
          const method = sinon.spy();
          const event = fifoEvent('a1', 'b1');
          const error = await rejection(respond(event, method, { logger: fakeLogger(), ...options }, durableContext()));

          expect(error).to.be.an.instanceOf(TypeError);
          expect(error).to.have.property('message', `${named}: not for durable functions, which are replayed.`);
          sinon.assert.notCalled(method);
        });

        it(`is no reason to refuse ${what} elsewhere`, async () => {
          const answer = await respond(fifoEvent('a1'), () => undefined, { logger: fakeLogger(), ...options });
          expect(answer).to.deep.equal(reporting());
        });
      }

      for (const [what, options] of Object.entries(taken)) {
        it(`takes ${what}, and hands its context to the method`, async () => {
          const method = sinon.fake(({ body }: SQSRecord) => {
            if (body === 'b1') throw new Error('no b1');
          });
          const context = durableContext();
          const answer = await respond(fifoEvent('a1', 'b1'), method, { logger: fakeLogger(), ...options }, context);

          expect(answer).to.deep.equal(reporting('b1'));
          for (const { args } of method.getCalls()) expect((args as unknown[])[1]).to.equal(context);
        });
      }

      it('answers before the timeout that the context of Lambda tells', async () => {
        const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
        try {
          const end = Date.now() + 2_000;
          const context = durableContext(lambdaContext(() => end - Date.now()));
          const options = { logger: fakeLogger(), stopBeforeTimeout: 500 };
          const hangs = ({ body }: SQSRecord) => (body === 'hangs' ? new Promise(() => undefined) : undefined);
          const answer = respond(sqsEvent('a', 'hangs'), hangs, options, context);
          await clock.tickAsync(1_500);

          expect(await answer).to.deep.equal(reporting('hangs'));
          expect(options.logger.error.args.map(([line]) => line)).to.deep.equal([
            'Record id-hangs failed (receive 1).',
          ]);
        } finally {
          clock.restore();
        }
      });

      it('logs what has failed when all is over, each record once and in their order', async () => {
        const gate = new Deferred();
        const logger = fakeLogger();
        const answer = respond(
          sqsEvent('late', 'bad', 'good'),
          async ({ body }: SQSRecord) => {
            if (body === 'late') await gate.promise;
            if (body !== 'good') throw new Error(`no ${body}`);
          },
          { logger },
          durableContext(),
        );
        await settled();
        sinon.assert.notCalled(logger.error); // a wait of the other one would bring it here again
        gate.resolve();

        expect(await answer).to.deep.equal(reporting('late', 'bad'));
        const lines = logger.error.args.map(([line, error]) => [line, (error as Error).message] as unknown[]);
        expect(lines).to.deep.equal([
          ['Record id-late failed (receive 1).', 'no late'],
          ['Record id-bad failed (receive 1).', 'no bad'],
        ]);
      });

      it('logs a failure of all, and what was not run, before it throws', async () => {
        const logger = fakeLogger();
        const fails = () => {
          throw new Error('no');
        };
        const options = { fifo: true, logger } as const;
        const error = await rejection(respond(fifoEvent('a1', 'a2'), fails, options, durableContext()));

        expect(error).to.be.an.instanceOf(FullBatchFailureError);
        sinon.assert.calledOnce(logger.error);
        sinon.assert.calledOnceWithMatch(logger.warn, '1 of 2 records were not run');
      });

      it('fails records whose payload is read later, and calls no method with them', async () => {
        const method = sinon.spy();
        const payload = reader(async (text: string) => text) as never;
        const error = await rejection(
          respond(sqsEvent('a', 'b'), method, { logger: fakeLogger(), payload }, durableContext()),
        );

        expect(error).to.be.an.instanceOf(FullBatchFailureError);
        const { recordErrors } = error as FullBatchFailureError;
        expect(recordErrors.map(({ message }) => message)).to.deep.equal(
          Array(2).fill('a payload reader that returns a promise: not for durable functions, which are replayed.'),
        );
        sinon.assert.notCalled(method);
      });

      it('lets nothing float where a payload that is read later cannot be read', async () => {
        const floating = sinon.spy();
        process.on('unhandledRejection', floating);
        try {
          const payload = reader(() => Promise.reject<string>(new Error('no'))) as never;
          await rejection(respond(sqsEvent('a'), () => undefined, { logger: fakeLogger(), payload }, durableContext()));
          await settled();
          sinon.assert.notCalled(floating);
        } finally {
          process.off('unhandledRejection', floating);
        }
      });

      it('reads payloads at once', async () => {
        const method = sinon.spy();
        const options = { logger: fakeLogger(), payload: json() as never };
        await respond(kitEvent([{ id: 1 }]), method, options, durableContext());
        sinon.assert.calledOnce(method);
      });
    });
  }

  const entries = {
    "order: 'key' of Kinesis": () => ({
      entry: createBatchHandler({ source: 'KinesisDataStreams', order: 'key' }, () => undefined),
      event: kinesisEvent(['a']),
    }),
    "order: 'key' of DynamoDB Streams": () => ({
      entry: createBatchHandler({ source: 'DynamoDBStreams', order: 'key', concurrency: 3 }, () => undefined),
      event: dynamodbEvent([{ eventName: 'INSERT', keys: { id: 'a' } }]),
    }),
    "order: 'partition' of Kafka": () => ({
      entry: createBatchHandler({ source: kafka, order: 'partition' }, () => undefined),
      event: kafkaEvent(['a']),
    }),
    "order: 'key' of Kafka": () => ({
      entry: createBatchHandler({ source: kafka, order: 'key' }, () => undefined),
      event: kafkaEvent(['a']),
    }),
  };
  for (const [what, make] of Object.entries(entries)) {
    it(`refuses ${what} with several keys at once`, async () => {
      const { entry, event } = make();
      const error = await rejection(entry(event as never, durableContext()));
      expect(error)
        .to.be.an.instanceOf(TypeError)
        .with.property('message')
        .that.matches(/^order by key, or skipGroupOnError, without concurrency: 1: not for durable functions/);
    });
  }

  it("takes order: 'key' with one key at a time, and order: 'shard'", async () => {
    for (const options of [{ order: 'key', concurrency: 1 }, { order: 'shard' }] as const) {
      const entry = createBatchHandler({ source: 'KinesisDataStreams', ...options }, () => undefined);
      expect(await entry(kinesisEvent(['a', 'b']), durableContext())).to.deep.equal({ batchItemFailures: [] });
    }
  });

  describe('chunksOf', () => {
    const chunked = (options: object) => {
      const method = sinon.fake.resolves(undefined);
      return {
        method,
        entry: createBatchHandler({ source: 'SQS', logger: fakeLogger(), ...options } as never, method as never),
      };
    };
    const distinct = chunksOf(2, { distinct: ({ body }: SQSRecord) => body });

    it('with a function as distinct is refused where several chunks run at once', async () => {
      const { entry, method } = chunked({ chunk: distinct });
      const error = await rejection(entry(sqsEvent('a', 'a'), durableContext()));

      expect(error).to.be.an.instanceOf(TypeError);
      expect(error)
        .to.have.property('message')
        .that.matches(/^chunksOf with a function as distinct, without concurrency: 1: not for durable functions/);
      sinon.assert.notCalled(method);
    });

    it('with a function as distinct is refused nowhere else', async () => {
      const { entry, method } = chunked({ chunk: distinct });
      expect(await entry(sqsEvent('a', 'a'), lambdaContext())).to.deep.equal(reporting());
      sinon.assert.calledTwice(method);
    });

    for (const [what, options] of Object.entries({
      'with a function as distinct and one chunk at a time': { chunk: distinct, concurrency: 1 },
      'without distinct': { chunk: chunksOf(2) },
      'with one message group at a time': {
        chunk: chunksOf(2, { distinct: true }),
        fifo: true,
        skipGroupOnError: true,
      },
      'whose payloads are all read before': { chunk: chunksOf(2), payload: reader(async (text: string) => text) },
    })) {
      it(`${what} is taken`, async () => {
        const { entry, method } = chunked(options);
        expect(await entry(fifoEvent('a1', 'a2', 'b1'), durableContext())).to.deep.equal(reporting());
        sinon.assert.called(method);
      });
    }
  });

  describe('a processor', () => {
    const hooks = {
      successHandler: class Own extends BatchProcessor {
        override successHandler(...args: Parameters<BatchProcessor['successHandler']>) {
          return super.successHandler(...args);
        }
      },
      failureHandler: class Own extends BatchProcessor {
        override failureHandler(...args: Parameters<BatchProcessor['failureHandler']>) {
          return super.failureHandler(...args);
        }
      },
    };
    for (const [hook, Own] of Object.entries(hooks)) {
      it(`whose ${hook} is overridden is refused before its prepare, because every replay would call it`, async () => {
        const processor = new Own('SQS');
        const prepare = sinon.spy(processor, 'prepare');
        const method = sinon.spy();
        const respond = (context: Context) => processPartialResponse(sqsEvent('a'), method, processor, { context });

        expect(await rejection(respond(durableContext()))).to.have.property(
          'message',
          `Own.${hook}: not for durable functions, which are replayed.`,
        );
        sinon.assert.notCalled(prepare);
        sinon.assert.notCalled(method);
        expect(await respond(lambdaContext())).to.deep.equal(reporting());
      });
    }

    it('whose prepare and clean are overridden is taken', async () => {
      const calls: string[] = [];
      class Own extends BatchProcessor {
        override prepare(): void {
          calls.push('prepare');
        }
        override clean(): void {
          calls.push('clean');
        }
      }
      const method = () => calls.push('record');
      await processPartialResponse(sqsEvent('a'), method, new Own('SQS'), { context: durableContext() });
      expect(calls).to.deep.equal(['prepare', 'record', 'clean']);
    });

    it('whose prepare writes an option that is refused is refused it then', async () => {
      class Own extends BatchProcessor {
        override prepare(): void {
          this.options = { ...this.options, observers: [observe({})] };
        }
      }
      const method = sinon.spy();
      const context = durableContext();
      const error = await rejection(processPartialResponse(sqsEvent('a'), method, new Own('SQS'), { context }));
      expect(error)
        .to.have.property('message')
        .that.matches(/^observers: not for durable functions/);
      sinon.assert.notCalled(method);
    });

    it('that is synchronous is refused the same, and else answers', () => {
      const processor = new BatchProcessorSync('SQS');
      const method = sinon.spy();
      const respond = (options: object) =>
        processPartialResponseSync(sqsEvent('a'), method, processor, { ...options, context: durableContext() });

      expect(() => respond({ observers: [observe({})] })).to.throw(TypeError, /^observers: not for durable functions/);
      sinon.assert.notCalled(method);
      expect(respond({})).to.deep.equal(reporting());
    });
  });
});
