import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchHandler, lambdaHandler } from '../../lib';
import { lambdaContext, reporting, sqsEvent } from '../support/events';

/** What the decorators of Powertools write: EMF and log lines through console, traces through the tracer's provider. */
describe('@BatchHandler among the decorators of Powertools', () => {
  const context = lambdaContext();
  let lines: Record<string, unknown>[];

  beforeEach(() => {
    lines = [];
    const collect = (line: unknown): void => {
      if (typeof line === 'string' && line.startsWith('{')) lines.push(JSON.parse(line) as Record<string, unknown>);
    };
    // Lines go to the console that is stubbed here, metrics included.
    Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' });
    for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const)
      sinon.stub(console, level).callsFake(collect);
  });

  afterEach(() => {
    sinon.restore();
    delete process.env.POWERTOOLS_DEV;
    delete process.env.POWERTOOLS_METRICS_DISABLED;
  });

  it('stacks with injectLambdaContext, logMetrics and captureLambdaHandler above and captureMethod below', async () => {
    const logger = new Logger({ serviceName: 'orders' });
    const metrics = new Metrics({ namespace: 'orders', serviceName: 'orders' });
    const tracer = new Tracer({ serviceName: 'orders', enabled: false });

    class Orders {
      readonly #handled: string[] = [];

      @tracer.captureLambdaHandler()
      @metrics.logMetrics()
      @logger.injectLambdaContext()
      @BatchHandler({ source: 'SQS' })
      @tracer.captureMethod()
      async handler(record: SQSRecord, _context: Context): Promise<void> {
        this.#handled.push(record.body);
        logger.info('handled');
        metrics.addMetric('orders', MetricUnit.Count, 1);
        if (record.body === 'bad') throw new Error('no');
      }

      get handled(): string[] {
        return this.#handled;
      }
    }
    const orders = new Orders();
    const { handler } = orders as unknown as { handler: (event: unknown, context: Context) => Promise<unknown> };

    expect(await handler(sqsEvent('a', 'bad', 'c'), context)).to.deep.equal(reporting('bad'));
    expect(orders.handled).to.deep.equal(['a', 'bad', 'c']);
    const handled = lines.filter((line) => line.message === 'handled');
    expect(handled.map((line) => line.function_request_id)).to.deep.equal(Array(3).fill(context.awsRequestId));
    expect(lines.find((line) => '_aws' in line)).to.deep.include({ orders: [1, 1, 1] });
    expect(handler).to.have.property('length', 2);
    expect(await lambdaHandler(new Orders(), 'handler')(sqsEvent('a'), context)).to.deep.equal(reporting());
  });
});
