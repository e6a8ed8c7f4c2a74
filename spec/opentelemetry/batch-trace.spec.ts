import type { SQSRecord } from 'aws-lambda';
import {
  context,
  type Context,
  createContextKey,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CBaggagePropagator } from '@opentelemetry/core';
import { NodeTracerProvider, NoopSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  BatchProcessorSync,
  EventType,
  NonRetryableError,
  observe,
  type Observer,
  processPartialResponseSync,
  StopBatchError,
} from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { openTelemetry, type OpenTelemetryOptions } from '../../lib/opentelemetry';
import { traceTree } from '../../samples/support/trace-tree';
import { unhandledRejections } from '../support/engine';
import {
  dynamodbEvent,
  fifoEvent,
  kinesisEvent,
  lambdaContext,
  reporting,
  sqsEvent,
  sqsRecord,
} from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { parseError, secret } from '../support/payload';
import { Deferred, rejection, settled } from '../support/promises';
import { Telemetry } from '../support/telemetry';
import { traceparent, tracedRecord, xRayHeader } from '../support/traced';
import { contextEndingIn, ways } from '../support/ways';

const sent = { traceparent: '00f067aa0ba902b7', xRay: '53995c3f42cd8ad8' };

/** A message of which both headers are known, one of either, and one of none. */
const tracedEvent = () => ({
  Records: [tracedRecord('a', { traceparent }), tracedRecord('bad', { xRayHeader }), sqsRecord('c')],
});

/** A message whose sender has baggage. */
const tenantRecord = (body: string): SQSRecord =>
  sqsRecord(body, { messageAttributes: { baggage: { stringValue: 'tenant=blue', dataType: 'String' } } });

const picky = async ({ body }: SQSRecord): Promise<void> => {
  await settled();
  if (body === 'poison') throw new NonRetryableError('never');
  if (body === 'bad') throw new RangeError(`no ${body}`);
};

describe('The spans of openTelemetry()', () => {
  let telemetry: Telemetry;
  let logger: ReturnType<typeof fakeLogger>;

  beforeEach(() => {
    telemetry = new Telemetry();
    logger = fakeLogger();
  });

  afterEach(async () => {
    sinon.restore();
    await telemetry.end();
  });

  const telling = (options: OpenTelemetryOptions = {}): Observer =>
    openTelemetry({ tracerProvider: telemetry.tracerProvider, ...options });
  const tracer = () => telemetry.tracerProvider.getTracer('spec');

  for (const { title, respond } of ways) {
    describe(`in ${title}`, () => {
      it('are one for the batch and one below for each record, linked to those who sent them', async () => {
        const method = async (record: SQSRecord): Promise<void> => {
          tracer().startSpan('place').end();
          await picky(record);
          tracer().startSpan('tell').end();
        };
        await respond(tracedEvent(), method, { logger, observers: [telling()] });

        expect(traceTree(telemetry.spans)).to.deep.equal([
          `process orders (3 messages, linked to ${sent.traceparent}, linked to ${sent.xRay})`,
          `├─ process orders (id-a, succeeded, linked to ${sent.traceparent})`,
          '│  ├─ place',
          '│  └─ tell',
          `├─ process orders (id-bad, failed, RangeError, linked to ${sent.xRay})`,
          '│  └─ place',
          '└─ process orders (id-c, succeeded)',
          '   ├─ place',
          '   └─ tell',
        ]);
      });

      it('tell by attributes what is processed', async () => {
        await respond(sqsEvent('a', 'bad'), picky, { logger, observers: [telling()] });

        const common = {
          'messaging.system': 'aws_sqs',
          'messaging.operation.name': 'process',
          'messaging.operation.type': 'process',
          'messaging.destination.name': 'orders',
        };
        expect(telemetry.batch.attributes).to.deep.equal({
          ...common,
          'messaging.batch.message_count': 2,
          'lambda_batch_handler.succeeded': 1,
          'lambda_batch_handler.failed': 1,
          'lambda_batch_handler.delivered': 0,
          'lambda_batch_handler.unprocessed': 0,
        });
        const record = { ...common, 'lambda_batch_handler.receive_count': 1 };
        expect(telemetry.record('id-a').attributes).to.deep.equal({
          ...record,
          'messaging.message.id': 'id-a',
          'lambda_batch_handler.outcome': 'succeeded',
        });
        expect(telemetry.record('id-bad').attributes).to.deep.equal({
          ...record,
          'messaging.message.id': 'id-bad',
          'lambda_batch_handler.outcome': 'failed',
          'error.type': 'RangeError',
        });
        for (const { kind, instrumentationScope } of telemetry.spans) {
          expect([kind, instrumentationScope.name]).to.deep.equal([SpanKind.CONSUMER, 'lambda-batch-handler']);
        }
      });

      it('record the error of a record, and leave the batch as it is', async () => {
        await respond(sqsEvent('a', 'bad'), picky, { logger, observers: [telling()] });

        const { status, events } = telemetry.record('id-bad');
        expect(status).to.deep.equal({ code: SpanStatusCode.ERROR, message: 'no bad' });
        expect(events.map(({ name }) => name)).to.deep.equal(['exception']);
        expect(events[0]?.attributes).to.include({ 'exception.type': 'RangeError', 'exception.message': 'no bad' });
        expect(events[0]?.attributes?.['exception.stacktrace']).to.match(
          /^RangeError: no bad\n +at .*batch-trace\.spec/,
        );
        expect(telemetry.record('id-a').status).to.deep.equal({ code: SpanStatusCode.UNSET });
        expect(telemetry.batch.status).to.deep.equal({ code: SpanStatusCode.UNSET });
      });

      it('have an error for the batch where no record succeeds', async () => {
        await rejection(respond(sqsEvent('bad'), picky, { logger, observers: [telling()] }));

        expect(telemetry.batch.status).to.deep.equal({ code: SpanStatusCode.ERROR, message: 'No record succeeded.' });
        expect(telemetry.batch.attributes).to.include({ 'error.type': 'FullBatchFailureError' });
      });

      it('have none for an empty batch', async () => {
        await respond({ Records: [] }, picky, { logger, observers: [telling()] });
        expect(traceTree(telemetry.spans)).to.deep.equal(['process (0 messages)']);
        expect(telemetry.batch.status).to.deep.equal({ code: SpanStatusCode.UNSET });
      });

      it('have the error of a record that is delivered elsewhere, which does not fail the batch', async () => {
        const nonRetryable = deadLetter({ deliverTo: () => settled() });
        await respond(sqsEvent('poison'), picky, { logger, nonRetryable, observers: [telling()] });

        expect(telemetry.record('id-poison').status).to.deep.equal({ code: SpanStatusCode.ERROR, message: 'never' });
        expect(telemetry.record('id-poison').attributes).to.include({ 'lambda_batch_handler.outcome': 'delivered' });
        expect(telemetry.batch.status).to.deep.equal({ code: SpanStatusCode.UNSET });
      });

      it('count what was not run, and are none for it', async () => {
        await respond(fifoEvent('a', 'bad', 'c', 'd'), picky, { logger, fifo: true, observers: [telling()] });

        expect(traceTree(telemetry.spans)).to.deep.equal([
          'process orders.fifo (4 messages)',
          '├─ process orders.fifo (id-a, succeeded)',
          '└─ process orders.fifo (id-bad, failed, RangeError)',
        ]);
        expect(telemetry.batch.attributes).to.include({
          'lambda_batch_handler.succeeded': 1,
          'lambda_batch_handler.failed': 1,
          'lambda_batch_handler.unprocessed': 2,
          'lambda_batch_handler.stopped_by': 'failure',
        });
      });

      it('tell of a batch that a record has stopped', async () => {
        const method = async ({ body }: SQSRecord): Promise<void> => {
          await settled();
          if (body === 'bad') throw new StopBatchError('the warehouse is away');
        };
        await respond(fifoEvent('a', 'bad', 'c'), method, { logger, fifo: true, observers: [telling()] });

        expect(telemetry.batch.attributes).to.include({ 'lambda_batch_handler.stopped_by': 'stop-batch' });
        expect(telemetry.record('id-bad').attributes).to.include({ 'error.type': 'StopBatchError' });
      });

      it('are below the span that is active when the batch begins', async () => {
        await tracer().startActiveSpan('invocation', async (invocation) => {
          await respond(sqsEvent('a'), picky, { logger, observers: [telling()] });
          invocation.end();
        });

        expect(traceTree(telemetry.spans)).to.deep.equal([
          'invocation',
          '└─ process orders (1 messages)',
          '   └─ process orders (id-a, succeeded)',
        ]);
      });

      it('are without one for the batch where that is left to others, and those of records below the active one', async () => {
        await tracer().startActiveSpan('invocation', async (invocation) => {
          const options = { logger, fifo: true, observers: [telling({ batchSpan: false })] } as const;
          await respond(
            { Records: [tracedRecord('a', { traceparent }), sqsRecord('bad'), sqsRecord('c')] },
            picky,
            options,
          );
          expect(invocation.isRecording()).to.equal(true);
          invocation.end();
        });

        expect(traceTree(telemetry.spans)).to.deep.equal([
          'invocation',
          `├─ process orders (id-a, succeeded, linked to ${sent.traceparent})`,
          '└─ process orders (id-bad, failed, RangeError)',
        ]);
        expect(telemetry.spans.at(-1)?.attributes).to.deep.equal({
          'lambda_batch_handler.succeeded': 1,
          'lambda_batch_handler.failed': 1,
          'lambda_batch_handler.delivered': 0,
          'lambda_batch_handler.unprocessed': 1,
          'lambda_batch_handler.stopped_by': 'failure',
        });
      });

      it('leave an active span without an error where no record succeeds: whose it is decides', async () => {
        await tracer().startActiveSpan('invocation', async (invocation) => {
          await rejection(respond(sqsEvent('bad'), picky, { logger, observers: [telling({ batchSpan: false })] }));
          invocation.end();
        });

        expect(telemetry.spans.at(-1)?.name).to.equal('invocation');
        expect(telemetry.spans.at(-1)?.status).to.deep.equal({ code: SpanStatusCode.UNSET });
      });

      it('are linked to the active one where that of the batch is left to others, if there is one', async () => {
        const options = { logger, observers: [telling({ batchSpan: false, producer: 'parent' })] };
        const event = { Records: [tracedRecord('a', { traceparent })] };
        const invocation = await tracer().startActiveSpan('invocation', async (span) => {
          await respond(event, picky, options);
          return span.spanContext().spanId;
        });
        await respond(event, picky, options);

        const linked = telemetry.spans.map(({ links }) => links.map(({ context }) => context.spanId));
        expect(linked).to.deep.equal([[invocation], []]);
        for (const { parentSpanContext } of telemetry.spans)
          expect(parentSpanContext?.spanId).to.equal(sent.traceparent);
      });

      it('are active in their method with the baggage of who sent the record, and with what else is active', async () => {
        propagation.setGlobalPropagator(new W3CBaggagePropagator());
        const key = createContextKey('of another observer');
        const other = observe({
          aroundRecord: (_, next) => context.with(context.active().setValue(key, 'kept'), next),
        });
        const seen: unknown[] = [];
        const method = ({ body }: SQSRecord): void => {
          const active = context.active();
          const tenant = propagation.getBaggage(active)?.getEntry('tenant')?.value;
          const span = trace.getSpanContext(active)?.spanId;
          seen.push([body, tenant, span, active.getValue(key)]);
        };
        const Records = [tenantRecord('a'), sqsRecord('b')];
        await respond({ Records }, method, { logger, observers: [other, telling()] });
        propagation.disable();

        const spanOf = (id: string) => telemetry.record(id).spanContext().spanId;
        expect(seen).to.have.deep.members([
          ['a', 'blue', spanOf('id-a'), 'kept'],
          ['b', undefined, spanOf('id-b'), 'kept'],
        ]);
      });

      it('are started with that baggage, for processors that copy it to their attributes', async () => {
        propagation.setGlobalPropagator(new W3CBaggagePropagator());
        const tenants: unknown[] = [];
        const started = sinon.stub(NoopSpanProcessor.prototype, 'onStart').callsFake((_, parent: Context) => {
          tenants.push(propagation.getBaggage(parent)?.getEntry('tenant')?.value);
        });
        const tracerProvider = new NodeTracerProvider({ spanProcessors: [new NoopSpanProcessor()] });
        const Records = [tenantRecord('a')];
        await respond({ Records }, picky, { logger, observers: [telling({ tracerProvider })] });
        propagation.disable();

        sinon.assert.calledTwice(started);
        expect(tenants).to.deep.equal([undefined, 'blue']); // that of the batch, which has many senders, and of the record
      });

      it('are in the trace of who sent the record, and linked to the batch, where that is asked for', async () => {
        await respond(tracedEvent(), picky, { logger, observers: [telling({ producer: 'parent' })] });

        const batch = telemetry.batch.spanContext();
        const parentOf = (id: string) => {
          const { parentSpanContext: parent, links } = telemetry.record(id);
          return [parent?.traceId, parent?.spanId, ...links.map(({ context }) => context.spanId)];
        };
        expect(parentOf('id-a')).to.deep.equal([traceparent.split('-')[1], sent.traceparent, batch.spanId]);
        expect(parentOf('id-bad')).to.deep.equal(['5759e988bd862e3fe1be46a994272793', sent.xRay, batch.spanId]);
        expect(parentOf('id-c')).to.deep.equal([batch.traceId, batch.spanId]);
        expect(telemetry.batch.links).to.have.length(2);
      });

      it('are active in the method of their record, through awaits, while others run', async () => {
        const seen: [string, string | undefined][] = [];
        const see = (body: string) => seen.push([body, trace.getActiveSpan()?.spanContext().spanId]);
        const gates = { a: new Deferred(), b: new Deferred(), c: new Deferred() };
        const method = async ({ body }: SQSRecord): Promise<void> => {
          see(body);
          await gates[body as keyof typeof gates].promise;
          see(body);
          await settled();
          see(body);
        };
        const answer = respond(sqsEvent('a', 'b', 'c'), method, { logger, observers: [telling()] });
        await settled();
        for (const body of ['c', 'a', 'b'] as const) gates[body].resolve();
        await answer;

        expect(seen).to.have.length(9);
        for (const [body, span] of seen) expect(span).to.equal(telemetry.record(`id-${body}`).spanContext().spanId);
        expect(trace.getActiveSpan()).to.equal(undefined);
      });

      it('stay with their batch where batches overlap, even of the same records', async () => {
        const gates = [new Deferred(), new Deferred()];
        const observers = [telling()];
        const event = sqsEvent('a', 'bad');
        const answers = gates.map((gate) =>
          respond(event, async (record) => (await gate.promise, picky(record)), { logger, observers }),
        );
        await settled();
        gates[1]!.resolve();
        await answers[1];
        expect(traceTree(telemetry.spans)).to.have.length(3);
        gates[0]!.resolve();
        await answers[0];

        const tree = [
          'process orders (2 messages)',
          '├─ process orders (id-a, succeeded)',
          '└─ process orders (id-bad, failed, RangeError)',
        ];
        expect(traceTree(telemetry.spans)).to.deep.equal([...tree, ...tree]);
      });

      it('let nothing of a payload out by errors that quote one', async () => {
        const error = new Error('cannot place', { cause: parseError() });
        const thrown: Record<string, unknown> = {
          a: parseError(),
          b: error,
          c: { secret },
          d: new Error('x', { cause: secret }),
        };
        const method = ({ body }: SQSRecord): never => {
          throw thrown[body.split(' ')[0]!];
        };
        const event = { Records: ['a', 'b', 'c', 'd'].map((id) => sqsRecord(`${id} ${secret}`, { messageId: id })) };
        await rejection(respond(event, method, { logger, observers: [telling()] }));

        expect(telemetry.spans).to.have.length(5);
        const told = telemetry.spans.map(({ name, attributes, status, events }) => ({
          name,
          attributes,
          status,
          events,
        }));
        expect(JSON.stringify(told)).to.include('(message withheld').and.not.include(secret);
      });

      describe('at the deadline', () => {
        let clock: sinon.SinonFakeTimers;

        beforeEach(() => {
          clock = sinon.useFakeTimers({ now: 1_767_225_600_000, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
        });

        afterEach(() => {
          clock.restore();
        });

        it('end with that of the batch, and see nothing of what comes later', async () => {
          const hung = new Deferred();
          const method = ({ body }: SQSRecord) => (body === 'a' ? undefined : hung.promise);
          const options = { logger, fifo: true, observers: [telling()], stopBeforeTimeout: 500 } as const;
          const answer = respond(fifoEvent('a', 'hung', 'c'), method, options, contextEndingIn(1_000));
          await clock.tickAsync(500);

          expect(await answer).to.deep.equal(reporting('hung', 'c'));
          const tree = [
            'process orders.fifo (3 messages)',
            '├─ process orders.fifo (id-a, succeeded)',
            '└─ process orders.fifo (id-hung, failed, StoppedBeforeTimeoutError)',
          ];
          expect(traceTree(telemetry.spans)).to.deep.equal(tree);
          expect(telemetry.batch.attributes).to.include({ 'lambda_batch_handler.stopped_by': 'timeout' });
          hung.resolve();
          await settled();
          expect(traceTree(telemetry.spans)).to.deep.equal(tree);
        });

        it('are not started for a record that another observer has kept from running until then', async () => {
          const gate = new Deferred();
          const slow = observe({ aroundRecord: async (_, next) => (await gate.promise, next()) });
          const options = {
            logger,
            observers: [slow, telling()],
            stopBeforeTimeout: 500,
            throwOnFullBatchFailure: false,
          } as const;
          const method = sinon.fake();
          const answer = respond(sqsEvent('a'), method, options, contextEndingIn(1_000));
          await clock.tickAsync(500);
          await answer;
          const unhandled = await unhandledRejections(async () => {
            gate.resolve();
            await settled();
          });

          expect(unhandled).to.deep.equal([]);
          sinon.assert.notCalled(method);
          expect(traceTree(telemetry.spans)).to.deep.equal([
            'process orders (1 messages, FullBatchFailureError)',
            '└─ process orders (id-a, failed, StoppedBeforeTimeoutError)',
          ]);
        });
      });
    });
  }

  it('are the same in the sync API, and active in its record handler', () => {
    const handler = ({ body }: SQSRecord): void => {
      tracer().startSpan(`place ${body}`).end();
      if (body === 'bad') throw new RangeError('no');
    };
    const processor = new BatchProcessorSync(EventType.SQS);
    processPartialResponseSync(sqsEvent('a', 'bad'), handler, processor, { observers: [telling()] });

    expect(traceTree(telemetry.spans)).to.deep.equal([
      'process orders (2 messages)',
      '├─ process orders (id-a, succeeded)',
      '│  └─ place a',
      '└─ process orders (id-bad, failed, RangeError)',
      '   └─ place bad',
    ]);
  });

  it('have no links for the records of streams, whose ids are sequence numbers', async () => {
    const observers = [telling()];
    const kinesis = kinesisEvent('a');
    await handlerFor({ source: 'KinesisDataStreams', logger, observers }, () => undefined)(kinesis, lambdaContext());
    const dynamodb = dynamodbEvent('a');
    await handlerFor({ source: 'DynamoDBStreams', logger, observers }, () => undefined)(dynamodb, lambdaContext());

    for (const [id, system] of [
      [kinesis.Records[0]!.kinesis.sequenceNumber, 'aws.kinesis'],
      [dynamodb.Records[0]!.dynamodb!.SequenceNumber!, 'aws.dynamodb'],
    ] as const) {
      const { attributes, links, name } = telemetry.record(id);
      expect([name, attributes['messaging.system'], links]).to.deep.equal(['process orders', system, []]);
      expect(attributes).not.to.have.property('lambda_batch_handler.receive_count');
    }
  });

  it('name the message in a link of the batch, and have no more links than SDKs keep', async () => {
    const Records = Array.from({ length: 130 }, (_, index) => tracedRecord(String(index), { traceparent }));
    const handler = handlerFor({ source: 'SQS', logger, observers: [telling()] }, () => undefined);
    await handler({ Records }, lambdaContext());

    const { links, droppedLinksCount } = telemetry.batch;
    expect([links.length, droppedLinksCount]).to.deep.equal([128, 0]);
    expect(links[127]!.attributes).to.deep.equal({ 'messaging.message.id': 'id-127' });
    expect(telemetry.record('id-129').links).to.have.length(1);
  });

  describe('on Managed Instances, where the context tells the X-Ray trace of its invocation', () => {
    const handler = () => handlerFor({ source: 'SQS', logger, observers: [telling()] }, () => undefined);
    const invocation = (xRayTraceId: unknown) => ({ ...lambdaContext(), xRayTraceId }) as never;
    const linked = () => telemetry.batch.links.map(({ context: { traceId, spanId } }) => [traceId, spanId]);
    const traceId = '5759e988bd862e3fe1be46a994272793';

    it('link the batch to it, and to the senders', async () => {
      await handler()(tracedEvent(), invocation(xRayHeader.replace('Sampled=1', 'Sampled=0;Lineage=1:abcd')));

      expect(linked()[0]).to.deep.equal([traceId, sent.xRay]);
      expect(linked()).to.have.length(3);
      expect(telemetry.batch.parentSpanContext).to.equal(undefined);
    });

    it('keep invocations apart that overlap', async () => {
      const observers = [telling()];
      const gate = new Deferred();
      const entry = handlerFor({ source: 'SQS', logger, observers }, () => gate.promise);
      const roots = ['1-5759e988-bd862e3fe1be46a994272793', '1-5759e988-000000000000000000000001'];
      const answers = roots.map((root) => entry(sqsEvent('a'), invocation(`Root=${root};Parent=${sent.xRay}`)));
      await settled();
      gate.resolve();
      await Promise.all(answers);

      const batches = telemetry.spans.filter(({ attributes }) => 'messaging.batch.message_count' in attributes);
      expect(batches.map(({ links }) => links.map(({ context: span }) => span.traceId))).to.deep.equal([
        [traceId],
        ['5759e988000000000000000000000001'],
      ]);
    });

    it('do not link the batch to the trace that it is in', async () => {
      const active = { traceId, spanId: sent.traceparent, traceFlags: 1 };
      await context.with(trace.setSpanContext(context.active(), active), () =>
        handler()(sqsEvent('a'), invocation(xRayHeader)),
      );

      expect(telemetry.batch.parentSpanContext).to.have.property('traceId', traceId);
      expect(linked()).to.deep.equal([]);
    });

    it('are as ever where it tells none', async () => {
      for (const xRayTraceId of [undefined, '', 'Root=1', 5]) {
        await handler()(sqsEvent('a'), invocation(xRayTraceId));
        expect(linked()).to.deep.equal([]);
        telemetry.reset();
      }
    });

    it('are not kept from being linked to it by 128 senders', async () => {
      const Records = Array.from({ length: 130 }, (_, index) => tracedRecord(String(index), { traceparent }));
      await handler()({ Records }, invocation(xRayHeader));

      const { links, droppedLinksCount } = telemetry.batch;
      expect([links.length, droppedLinksCount, linked()[0]![0]]).to.deep.equal([128, 0, traceId]);
    });
  });

  it('end for errors that cannot be read', async () => {
    const hostile: Record<string, unknown> = {
      name: Object.assign(new Error('no name'), { name: Symbol('hostile') }),
      stack: Object.defineProperty(new Error('no stack'), 'stack', {
        get: () => {
          throw new Error('hostile');
        },
      }),
    };
    const method = ({ body }: SQSRecord): never => {
      throw hostile[body];
    };
    const options = { source: 'SQS', logger, throwOnFullBatchFailure: false, observers: [telling()] } as const;
    await handlerFor(options, method)(sqsEvent('name', 'stack'), lambdaContext());

    expect(telemetry.record('id-name').attributes).to.include({ 'error.type': 'Error' });
    expect(telemetry.record('id-stack').status).to.deep.equal({ code: SpanStatusCode.ERROR, message: 'no stack' });
    sinon.assert.notCalled(logger.warn);
  });
});
