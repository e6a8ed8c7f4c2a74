import type { SQSRecord } from 'aws-lambda';
import type { Histogram } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import sinon from 'sinon';

import { NonRetryableError } from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { openTelemetry } from '../../lib/opentelemetry';
import { fifoEvent, lambdaContext } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Telemetry } from '../support/telemetry';

const method = ({ body }: SQSRecord): void => {
  if (body === 'poison') throw new NonRetryableError('never');
  if (body === 'bad') throw new RangeError('not now');
};

describe('The metrics of openTelemetry()', () => {
  let telemetry: Telemetry;

  beforeEach(() => {
    telemetry = new Telemetry();
  });

  afterEach(async () => {
    sinon.restore();
    await telemetry.end();
  });

  const handler = () =>
    handlerFor(
      {
        source: 'SQS',
        fifo: true,
        logger: fakeLogger(),
        nonRetryable: deadLetter({ deliverTo: 'discard' }),
        observers: [openTelemetry({ meterProvider: telemetry.meterProvider })],
      },
      method,
    );

  const common = {
    'messaging.system': 'aws_sqs',
    'messaging.operation.name': 'process',
    'messaging.destination.name': 'orders.fifo',
  };
  const outcome = (name: string, type?: string) => ({
    ...common,
    'lambda_batch_handler.outcome': name,
    ...(type !== undefined && { 'error.type': type }),
  });

  it('count every record by what became of it', async () => {
    await handler()(fifoEvent('a', 'b', 'poison', 'bad', 'c', 'd'), lambdaContext());

    const metric = await telemetry.metric('messaging.client.consumed.messages');
    expect(metric?.descriptor).to.include({ unit: '{message}' });
    expect(metric?.dataPoints.map(({ attributes, value }) => [attributes, value])).to.deep.equal([
      [outcome('succeeded'), 2],
      [outcome('delivered', 'NonRetryableError'), 1],
      [outcome('failed', 'RangeError'), 1],
      [outcome('unprocessed', 'UnprocessedRecordError'), 2],
    ]);
  });

  it('have the seconds that records took, those alone that ran, in the buckets of the conventions', async () => {
    let now = 1_000;
    sinon.stub(performance, 'now').callsFake(() => (now += 250));
    await handler()(fifoEvent('a', 'bad', 'c'), lambdaContext());
    sinon.restore();

    const metric = await telemetry.metric('messaging.process.duration');
    expect(metric?.descriptor).to.include({ unit: 's' });
    const points = metric!.dataPoints as { attributes: object; value: Histogram }[];
    expect(points.map(({ attributes }) => attributes)).to.deep.equal([
      outcome('succeeded'),
      outcome('failed', 'RangeError'),
    ]);
    for (const { value } of points) {
      expect(value).to.include({ count: 1 });
      expect(value.sum! % 0.25).to.equal(0);
      expect(value.sum).to.be.above(0).and.at.most(10);
      expect(value.buckets.boundaries).to.deep.equal([
        0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
      ]);
    }
  });

  it('are made once, however many batches there are', async () => {
    const createCounter = sinon.spy(telemetry.meterProvider.getMeter('lambda-batch-handler'), 'createCounter');
    const entry = handler();
    await entry(fifoEvent('a'), lambdaContext());
    await entry(fifoEvent('b'), lambdaContext());

    sinon.assert.calledOnce(createCounter);
    const metric = await telemetry.metric('messaging.client.consumed.messages');
    expect(metric?.dataPoints.map(({ value }) => value)).to.deep.equal([2]);
  });
});
