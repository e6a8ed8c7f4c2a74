import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';

import {
  BatchHandler,
  BatchProcessor,
  type Delivery,
  EventType,
  FullBatchFailureError,
  processPartialResponse,
} from '../../lib';
import { simulateQueue } from '../../lib/testing';
import { InMemoryPersistence } from '../../samples/support/in-memory-persistence';
import { lambdaContext, reporting, sqsEvent } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { collectLines, inSegment, metricsOf, quietTracer, tracedIn } from '../support/powertools';
import { rejection, settled } from '../support/promises';

const context = lambdaContext();

/** Fails the records whose body begins with `bad`. */
const picky = async ({ body }: SQSRecord): Promise<void> => {
  await settled();
  if (body.startsWith('bad')) throw new Error(`no ${body}`);
};

type Handle = (record: SQSRecord) => Promise<unknown>;

/** What middy may stand around. */
const ways = {
  '@BatchHandler, by lambdaHandler': (handle: Handle) => handlerFor({ source: 'SQS', logger: fakeLogger() }, handle),
  '@BatchHandler, detached': (handle: Handle) => {
    class Orders {
      @BatchHandler({ source: 'SQS', logger: fakeLogger() })
      async handle(record: SQSRecord): Promise<void> {
        await handle(record);
      }
    }
    return new Orders().handle as unknown as (event: SQSEvent, context: Context) => Promise<unknown>;
  },
  processPartialResponse: (handle: Handle) => {
    const processor = new BatchProcessor(EventType.SQS);
    return async (event: SQSEvent, context: Context) => processPartialResponse(event, handle, processor, { context });
  },
};

describe('middy and the middlewares of Powertools', () => {
  const lines = collectLines();

  for (const [way, entryOf] of Object.entries(ways)) {
    describe(`around ${way}`, () => {
      for (const reversed of [false, true]) {
        it(`run once a batch, whatever fails${reversed ? ', in the reverse order too' : ''}`, async () => {
          const logger = new Logger({ serviceName: 'orders' });
          const metrics = new Metrics({ namespace: 'shop', serviceName: 'orders' });
          const tracer = quietTracer();
          const entry = entryOf(async (record) =>
            tracer.provider.captureAsyncFunc(record.body, async (subsegment) => {
              logger.info('handled');
              metrics.addMetric('orders', MetricUnit.Count, 1);
              await picky(record).finally(() => subsegment?.close());
            }),
          );
          const middlewares = [
            captureLambdaHandler(tracer),
            injectLambdaContext(logger),
            logMetrics(metrics, { captureColdStartMetric: true }),
          ];
          const handler = middy(entry).use(reversed ? middlewares.reverse() : middlewares);
          const segment = await inSegment(async () => {
            expect(await handler(sqsEvent('a', 'bad', 'c'), context)).to.deep.equal(reporting('bad'));
            expect(await rejection(handler(sqsEvent('bad'), context))).to.be.an.instanceOf(FullBatchFailureError);
          });

          const logged = lines().filter(({ message }) => message === 'handled');
          expect(logged.map((line) => line.function_request_id)).to.deep.equal(Array(4).fill(context.awsRequestId));
          expect(metricsOf(lines()).map(({ ColdStart, orders }) => ColdStart ?? orders)).to.deep.equal([
            1,
            [1, 1, 1],
            1,
          ]);
          const [partial, whole, ...others] = tracedIn(segment);
          expect(partial).to.deep.include({ children: [{ name: 'a' }, { name: 'bad' }, { name: 'c' }] });
          expect(partial).not.to.have.property('errors');
          expect(whole?.errors?.[0]).to.match(/^No record of the batch succeeded/);
          expect(others).to.deep.equal([]);
        });
      }

      it('lets a middleware answer for a batch that failed as a whole', async () => {
        const handler = middy(entryOf(picky)).onError((request) => {
          if (request.error instanceof FullBatchFailureError) request.response = reporting('bad');
        });

        expect(await handler(sqsEvent('bad'), context)).to.deep.equal(reporting('bad'));
      });

      it('may be called as the record handler too, once a record: makeHandlerIdempotent', async () => {
        const charged: string[] = [];
        const config = new IdempotencyConfig({ eventKeyJmesPath: 'messageId' });
        const charge = middy(async (record: SQSRecord) => {
          charged.push(record.body);
          await picky(record);
          return 'charged'; // what is undefined is no answer to middy, which then goes on
        }).use(makeHandlerIdempotent({ persistenceStore: new InMemoryPersistence(), config }));
        const handler = middy(entryOf(async (record) => charge(record, context)));

        for (let delivery = 1; delivery <= 2; delivery++) {
          expect(await handler(sqsEvent('a', 'bad', 'c'), context)).to.deep.equal(reporting('bad'));
        }
        expect(charged).to.deep.equal(['a', 'bad', 'c', 'bad']);
      });
    });
  }

  describe('whose handler takes too long', () => {
    const hangsOnce = async ({ body, attributes }: SQSRecord): Promise<void> => {
      if (body === 'hangs' && attributes.ApproximateReceiveCount === '1') await new Promise(() => undefined);
    };
    const deliveriesOf = async (stopBeforeTimeout?: number) => {
      const entry = handlerFor({ source: 'SQS', logger: fakeLogger(), stopBeforeTimeout }, hangsOnce);
      const { deleted } = await simulateQueue({ handler: middy(entry), messages: ['a', 'hangs', 'c'] });
      return deleted.map(({ payload, receiveCount }) => [payload, receiveCount]);
    };

    it('fail the whole batch just before the timeout, as middy does by default', async () => {
      expect(await deliveriesOf()).to.deep.equal([
        ['a', 2],
        ['hangs', 2],
        ['c', 2],
      ]);
    });

    it('let what finished be kept, with stopBeforeTimeout', async () => {
      expect(await deliveriesOf(500)).to.have.deep.members([
        ['a', 1],
        ['hangs', 2],
        ['c', 1],
      ]);
    });
  });

  it('hand the entry a third argument, which does not become the delivery of a record', async () => {
    const signals: AbortSignal[] = [];
    class Orders {
      @BatchHandler({ source: 'SQS', logger: fakeLogger() })
      async handle(_record: SQSRecord, _context: Context, { signal }: Delivery<SQSRecord>): Promise<void> {
        signals.push(signal);
      }
    }
    let theirs: AbortSignal | undefined;
    const entry = new Orders().handle as unknown as (...args: unknown[]) => Promise<unknown>;
    const handler = middy((event: SQSEvent, context: Context, options: { signal: AbortSignal }) => {
      theirs = options.signal;
      return entry(event, context, options);
    });

    expect(await handler(sqsEvent('a', 'b'), context)).to.deep.equal(reporting());
    expect(theirs).to.be.an.instanceOf(AbortSignal);
    expect(signals).to.have.length(2).and.not.to.include(theirs);
  });
});
