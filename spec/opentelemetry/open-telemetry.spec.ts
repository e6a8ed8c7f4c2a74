import Module from 'node:module';

import { context, metrics, trace } from '@opentelemetry/api';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessingError } from '../../lib';
import { openTelemetry, type OpenTelemetryOptions } from '../../lib/opentelemetry';
import { lambdaContext, reporting, sqsEvent } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Telemetry } from '../support/telemetry';

const failBad = ({ body }: { readonly body: string }): void => {
  if (body === 'bad') throw new Error('no');
};

describe('openTelemetry()', () => {
  afterEach(() => {
    sinon.restore();
  });

  for (const [options, message] of [
    [{ producer: 'child' }, "expected producer to be 'link' or 'parent', received 'child' (string)"],
    [{ producer: null }, 'expected producer'],
    [{ nope: 1 }, 'unknown option nope; expected one of tracerProvider, meterProvider, producer, batchSpan.'],
    [5, "expected options such as { producer: 'parent' }, received 5 (number)"],
    [null, 'expected options'],
    [{ batchSpan: 'auto' }, "expected batchSpan to be true or false, received 'auto' (string)"],
    [{ batchSpan: null }, 'expected batchSpan'],
    [{ tracerProvider: {} }, 'expected tracerProvider to be a TracerProvider, received {} (object)'],
    [{ meterProvider: null }, 'expected meterProvider to be a MeterProvider, received null (object)'],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      expect(() => openTelemetry(options as unknown as OpenTelemetryOptions)).to.throw(TypeError, message);
    });
  }

  it('names the package where it is missing', () => {
    const load = (Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown })._load;
    const missing = new Error('Cannot find module');
    sinon.replace(Module as unknown as { _load: typeof load }, '_load', (name, ...rest) => {
      if (name === '@opentelemetry/api') throw missing;
      return load(name, ...rest);
    });
    expect(() => openTelemetry())
      .to.throw(BatchProcessingError, 'openTelemetry() needs @opentelemetry/api: npm install @opentelemetry/api')
      .with.property('cause', missing);
  });

  describe('in a handler', () => {
    let logger: ReturnType<typeof fakeLogger>;

    beforeEach(() => {
      logger = fakeLogger();
    });

    it('changes nothing where no SDK is registered', async () => {
      trace.disable();
      context.disable();
      metrics.disable();
      const handler = handlerFor({ source: 'SQS', logger, observers: [openTelemetry()] }, failBad);

      expect(await handler(sqsEvent('a', 'bad'), lambdaContext())).to.deep.equal(reporting('bad'));
      sinon.assert.notCalled(logger.warn);
    });

    it('takes the providers that are registered when a batch begins, whenever that is', async () => {
      const handler = handlerFor({ source: 'SQS', logger, observers: [openTelemetry()] }, failBad);
      await handler(sqsEvent('before'), lambdaContext());
      const telemetry = new Telemetry();
      telemetry.register();
      try {
        await handler(sqsEvent('after'), lambdaContext());

        expect(telemetry.spans.map(({ name }) => name)).to.deep.equal(['process orders', 'process orders']);
        expect((await telemetry.metric('messaging.client.consumed.messages'))?.dataPoints).to.have.length(1);
      } finally {
        await telemetry.end();
      }
    });

    it('is logged where a provider throws, and changes nothing else', async () => {
      const tracerProvider = { getTracer: sinon.fake.throws(new Error('no tracer')) };
      const observers = [openTelemetry({ tracerProvider })];
      const handler = handlerFor({ source: 'SQS', logger, fifo: true, observers }, failBad);

      expect(await handler(sqsEvent('a', 'bad', 'c'), lambdaContext())).to.deep.equal(reporting('bad', 'c'));
      const complaints = logger.warn.args.filter(([line]) => line.startsWith('An observer'));
      expect(complaints).to.deep.equal([['An observer failed, which changes nothing: Error: no tracer.']]);
    });

    it('runs the method where a span cannot be started', async () => {
      const startSpan = sinon.stub();
      startSpan.onFirstCall().returns(trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 }));
      startSpan.throws(new Error('no span'));
      const tracerProvider = { getTracer: () => ({ startSpan, startActiveSpan: sinon.fake() }) };
      const method = sinon.fake();
      const handler = handlerFor({ source: 'SQS', logger, observers: [openTelemetry({ tracerProvider })] }, method);

      expect(await handler(sqsEvent('a'), lambdaContext())).to.deep.equal(reporting());
      sinon.assert.calledOnce(method);
      sinon.assert.calledOnceWithExactly(logger.warn, 'An observer failed, which changes nothing: Error: no span.');
    });
  });
});
