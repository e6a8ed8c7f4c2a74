import { idempotent, IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';

import { BatchHandler, FullBatchFailureError, lambdaHandler, type LambdaHandler } from '../../lib';
import { InMemoryPersistence } from '../../samples/support/in-memory-persistence';
import { fifoEvent, lambdaContext, reporting, sqsEvent, sqsRecord } from '../support/events';
import { fakeLogger } from '../support/logger';
import { collectLines, inSegment, type Line, metricsOf, quietTracer, tracedIn } from '../support/powertools';
import { Deferred, rejection, settled } from '../support/promises';

/** Handles a record, as the method of the classes below does. */
type Handle = (record: SQSRecord, context: Context) => unknown;

/** A decorator of Powertools, whatever class and method it asks for. */
type Decorator = (target: never, key: never, descriptor: never) => unknown;

interface Stack {
  readonly above?: readonly Decorator[];
  readonly below?: readonly Decorator[];
  readonly options?: object;
}

/** Decorates as if these stood below each other. */
const stacked =
  (decorators: readonly Decorator[]) =>
  (target: object, key: string, descriptor: PropertyDescriptor): PropertyDescriptor =>
    decorators.reduceRight<PropertyDescriptor>((inner, decorate) => {
      const outer = decorate(target as never, key as never, inner as never);
      return (outer as PropertyDescriptor | undefined) ?? inner;
    }, descriptor);

/** An instance whose `handler` calls `handle`, and its entry. */
function entryOf(handle: Handle, { above = [], below = [], options = {} }: Stack): LambdaHandler<'SQS'> {
  class Orders {
    readonly #handle = handle;

    @stacked(above)
    @BatchHandler({ source: 'SQS', logger: fakeLogger(), ...options })
    @stacked(below)
    async handler(record: SQSRecord, context: Context): Promise<unknown> {
      return this.#handle(record, context);
    }
  }
  return lambdaHandler(new Orders(), 'handler');
}

/** Fails the records whose body begins with `bad`. */
const picky = async ({ body }: SQSRecord): Promise<void> => {
  await settled();
  if (body.startsWith('bad')) throw new Error(`no ${body}`);
};

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item) => permutations(items.filter((it) => it !== item)).map((rest) => [item, ...rest]));

const modes: readonly [string, object][] = [
  ['side by side', {}],
  ['one at a time', { concurrency: 1 }],
  ['in FIFO order', { fifo: true }],
  ['by message group', { fifo: true, skipGroupOnError: true, concurrency: 2 }],
];

describe('@BatchHandler among the decorators of Powertools', () => {
  const lines = collectLines();
  const context = lambdaContext();
  let logger: Logger;
  let metrics: Metrics;
  let tracer: Tracer;

  beforeEach(() => {
    logger = new Logger({ serviceName: 'orders' });
    metrics = new Metrics({ namespace: 'shop', serviceName: 'orders' });
    tracer = quietTracer();
  });

  describe('above it, once a batch', () => {
    it('gives each log line the context of its invocation: injectLambdaContext', async () => {
      const handler = entryOf((record) => logger.info(record.body), { above: [logger.injectLambdaContext()] });
      for (const awsRequestId of ['first', 'second']) await handler(sqsEvent('a', 'b'), { ...context, awsRequestId });

      expect(lines().map((line) => [line.message, line.function_request_id, line.cold_start])).to.deep.equal([
        ['a', 'first', true],
        ['b', 'first', true],
        ['a', 'second', false],
        ['b', 'second', false],
      ]);
    });

    it('is the logger of the batch too, which logs a failure with its context, and no body', async () => {
      const above = [logger.injectLambdaContext()];
      const handler = entryOf(picky, { above, options: { logger, fifo: true } });

      expect(await handler(fifoEvent('a', 'bad', 'c'), context)).to.deep.equal(reporting('bad', 'c'));
      const [failed, unprocessed] = lines() as [Line, Line];
      expect(failed).to.include({
        message: 'Record id-bad failed (receive 1).',
        function_request_id: context.awsRequestId,
      });
      expect(failed.error).to.include({ name: 'Error', message: 'no bad' });
      expect(unprocessed.message).to.match(/^1 of 3 records were not run/);
      expect(lines()).to.have.length(2);
    });

    it('forgets the keys of a batch that failed as a whole: injectLambdaContext with resetKeys', async () => {
      const handle: Handle = ({ body }) => {
        if (body === 'bad') logger.appendKeys({ order: body });
        logger.info(body);
        if (body === 'bad') throw new Error('no');
      };
      const handler = entryOf(handle, { above: [logger.injectLambdaContext({ resetKeys: true })] });

      expect(await rejection(handler(sqsEvent('bad'), context))).to.be.an.instanceOf(FullBatchFailureError);
      await handler(sqsEvent('a'), context);
      expect(lines().map(({ order }) => order)).to.deep.equal(['bad', undefined]);
    });

    it('flushes the metrics of all records at once, whatever fails: logMetrics', async () => {
      const handle: Handle = async (record) => {
        metrics.addMetric('orders', MetricUnit.Count, Number(record.body.at(-1)));
        await picky(record);
      };
      const handler = entryOf(handle, { above: [metrics.logMetrics({ captureColdStartMetric: true })] });

      expect(await handler(sqsEvent('a1', 'bad2', 'c3'), context)).to.deep.equal(reporting('bad2'));
      expect(await rejection(handler(sqsEvent('bad4'), context))).to.be.an.instanceOf(FullBatchFailureError);
      const [coldStart, partial, whole, ...others] = metricsOf(lines());
      expect(coldStart).to.include({ ColdStart: 1, function_name: context.functionName });
      expect(partial).to.deep.include({ orders: [1, 2, 3], service: 'orders' });
      expect(whole).to.deep.include({ orders: 4 });
      expect(others).to.deep.equal([]);
    });

    it('traces the batch, a fault only where all of it failed: captureLambdaHandler', async () => {
      const handler = entryOf(picky, { above: [tracer.captureLambdaHandler()] });
      const segment = await inSegment(async () => {
        await handler(sqsEvent('a', 'bad'), context);
        await rejection(handler(sqsEvent('bad'), context));
      });

      const [partial, whole, ...others] = tracedIn(segment);
      expect(partial).to.deep.equal({
        name: '## index.handler',
        annotations: { ColdStart: true, Service: 'orders' },
      });
      expect(segment.subsegments![0]!.toJSON())
        .to.have.nested.property('metadata.orders')
        .that.deep.equals({ 'index.handler response': reporting('bad') });
      expect(whole?.annotations).to.deep.equal({ ColdStart: false, Service: 'orders' });
      expect(whole?.errors?.[0]).to.match(/^No record of the batch succeeded/);
      expect(others).to.deep.equal([]);
    });
  });

  describe('below it, once a record', () => {
    for (const [how, options] of modes) {
      it(`traces each record by itself, its error and its calls, ${how}: captureMethod`, async () => {
        class Shop {
          @tracer.captureMethod({ subSegmentName: 'place' })
          async place(record: SQSRecord): Promise<void> {
            await picky(record);
          }
        }
        const shop = new Shop();
        const handle: Handle = async (record) => {
          tracer.putAnnotation('before', record.body);
          await settled();
          await shop.place(record);
          tracer.putAnnotation('after', record.body);
        };
        const above = [tracer.captureLambdaHandler()];
        const below = [tracer.captureMethod({ subSegmentName: 'record' })];
        const handler = entryOf(handle, { above, below, options });
        let answer: unknown;
        const segment = await inSegment(async () => {
          answer = await handler(fifoEvent('a1', 'bad', 'b1', 'a2'), context);
        });

        const good = (body: string) => ({
          name: 'record',
          annotations: { before: body, after: body },
          children: [{ name: 'place' }],
        });
        const bad = {
          name: 'record',
          annotations: { before: 'bad' },
          errors: [], // a fault because of its child's
          children: [{ name: 'place', errors: ['no bad'] }],
        };
        const failed = { 'in FIFO order': ['bad', 'b1', 'a2'], 'by message group': ['bad', 'b1'] }[how] ?? ['bad'];
        expect(answer).to.deep.equal(reporting(...failed));
        const [batch, ...others] = tracedIn(segment);
        const ran = ['b1', 'a2'].filter((body) => !failed.includes(body));
        expect(batch?.children).to.deep.equal([good('a1'), bad, ...ran.map(good)]);
        expect(others).to.deep.equal([]);
      });
    }

    it('runs what has succeeded no more, and what has failed again: idempotent', async () => {
      const charged: string[] = [];
      const config = new IdempotencyConfig({ eventKeyJmesPath: 'messageId' });
      const below = [idempotent({ persistenceStore: new InMemoryPersistence(), config })];
      const handle: Handle = async (record) => {
        charged.push(record.body);
        await picky(record);
      };
      const handler = entryOf(handle, { below });
      const again = (...bodies: string[]) => ({
        Records: bodies.map((body) => {
          const record = sqsRecord(body, { receiptHandle: 'another' });
          return { ...record, attributes: { ...record.attributes, ApproximateReceiveCount: '2' } };
        }),
      });

      expect(await handler(sqsEvent('a', 'bad', 'c'), context)).to.deep.equal(reporting('bad'));
      expect(await handler(again('a', 'bad'), context)).to.deep.equal(reporting('bad'));
      expect(charged).to.deep.equal(['a', 'bad', 'c', 'bad']);
      expect(lines()).to.deep.equal([]); // not even a warning that the context is not known: it is the second argument
    });

    it('fails the copy of a record that is still in progress, so that it comes again: idempotent', async () => {
      const gate = new Deferred();
      const charged: string[] = [];
      const config = new IdempotencyConfig({ eventKeyJmesPath: 'body' });
      const below = [idempotent({ persistenceStore: new InMemoryPersistence(), config })];
      const handler = entryOf(
        async (record) => {
          charged.push(record.messageId);
          await gate.promise;
        },
        { below },
      );
      const copies = ['1', '2'].map((messageId) => sqsRecord('same order', { messageId }));
      const first = handler({ Records: copies }, context);
      await settled();
      gate.resolve();

      expect(await first).to.deep.equal({ batchItemFailures: [{ itemIdentifier: '2' }] });
      expect(await handler({ Records: copies.slice(1) }, context)).to.deep.equal(reporting());
      expect(charged).to.deep.equal(['1']);
    });

    it('ends with the record, where one runs at a time: injectLambdaContext with resetKeys, logMetrics', async () => {
      const handle: Handle = async (record) => {
        if (record.body !== 'c') logger.appendKeys({ order: record.body });
        logger.info('handled');
        metrics.addMetric('orders', MetricUnit.Count, 1);
        await picky(record);
      };
      const below = [logger.injectLambdaContext({ resetKeys: true }), metrics.logMetrics()];
      const handler = entryOf(handle, { below, options: { concurrency: 1 } });

      expect(await handler(sqsEvent('a', 'bad', 'c'), context)).to.deep.equal(reporting('bad'));
      const logged = lines().filter(({ message }) => message === 'handled');
      expect(logged.map(({ order }) => order)).to.deep.equal(['a', 'bad', undefined]);
      expect(logged.map((line) => line.function_request_id)).to.deep.equal(Array(3).fill(context.awsRequestId));
      expect(metricsOf(lines()).map(({ orders }) => orders)).to.deep.equal([1, 1, 1]);
    });

    it('keeps the keys of records apart that run side by side: a child logger each', async () => {
      const handle: Handle = async ({ body }) => {
        const child = logger.createChild({ persistentKeys: { order: body } });
        await settled();
        child.info(body);
      };
      await entryOf(handle, { above: [logger.injectLambdaContext()] })(sqsEvent('a', 'b'), context);

      expect(lines().map(({ message, order }) => [message, order])).to.deep.equal([
        ['a', 'a'],
        ['b', 'b'],
      ]);
      expect(lines().map((line) => line.function_request_id)).to.deep.equal(Array(2).fill(context.awsRequestId));
    });
  });

  describe('all at once', () => {
    const decorators = {
      injectLambdaContext: () => logger.injectLambdaContext(),
      logMetrics: () => metrics.logMetrics(),
      captureLambdaHandler: () => tracer.captureLambdaHandler(),
    };
    const stored = () => {
      const config = new IdempotencyConfig({ eventKeyJmesPath: 'messageId' });
      return idempotent({ persistenceStore: new InMemoryPersistence(), config });
    };
    const work: Handle = async (record) => {
      logger.info('handled');
      metrics.addMetric('orders', MetricUnit.Count, 1);
      await picky(record);
    };

    for (const names of permutations(['injectLambdaContext', 'logMetrics', 'captureLambdaHandler'] as const)) {
      for (const [how, options] of modes) {
        it(`does what each of them does, ${how}: ${names.join(', ')}`, async () => {
          const handler = entryOf(work, {
            above: names.map((name) => decorators[name]()),
            below: [tracer.captureMethod(), stored()],
            options,
          });
          const segment = await inSegment(async () => {
            const answer = await handler(fifoEvent('a1', 'c1', 'bad'), context);
            expect(answer).to.deep.equal(reporting('bad'));
            // What has succeeded is not run again, and nothing fails.
            expect(await handler(fifoEvent('a1', 'c1'), context)).to.deep.equal(reporting());
          });

          expect(
            lines()
              .filter(({ message }) => message === 'handled')
              .map((line) => line.function_request_id),
          ).to.deep.equal(Array(3).fill(context.awsRequestId));
          expect(metricsOf(lines()).map(({ orders }) => orders)).to.deep.equal([[1, 1, 1]]);
          expect(
            tracedIn(segment).map(({ name, children }) => [name, children?.map(({ errors }) => errors)]),
          ).to.deep.equal([
            ['## index.handler', [undefined, undefined, ['no bad']]],
            ['## index.handler', [undefined, undefined]],
          ]);
        });
      }
    }

    it('is typed, detached, and keeps two instances apart', async () => {
      class Orders {
        readonly #handled: string[] = [];

        @tracer.captureLambdaHandler()
        @metrics.logMetrics()
        @logger.injectLambdaContext()
        @BatchHandler({ source: 'SQS', logger: fakeLogger() })
        @tracer.captureMethod()
        @idempotent({
          persistenceStore: new InMemoryPersistence(),
          config: new IdempotencyConfig({ eventKeyJmesPath: 'messageId' }),
        })
        async handler(record: SQSRecord, _context: Context): Promise<void> {
          this.#handled.push(record.body);
          await picky(record);
        }

        get handled(): string[] {
          return this.#handled;
        }
      }
      const [orders, others] = [new Orders(), new Orders()];
      const { handler } = orders as unknown as { handler: LambdaHandler<'SQS'> };
      const otherHandler = lambdaHandler(others, 'handler');
      await inSegment(async () => {
        const answers = await Promise.all([
          handler(sqsEvent('a', 'bad', 'c'), context),
          otherHandler(sqsEvent('bad too', 'e'), context),
        ]);
        expect(answers).to.deep.equal([reporting('bad'), reporting('bad too')]);
      });

      expect(orders.handled).to.deep.equal(['a', 'bad', 'c']);
      expect(others.handled).to.deep.equal(['bad too', 'e']);
      expect(handler).to.include({ name: 'handler', length: 2 });
    });
  });
});
