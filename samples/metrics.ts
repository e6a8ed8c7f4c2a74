/** CloudWatch metrics of every batch, by an observer and Powertools Metrics. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler, NonRetryableError, observe } from '../lib';
import { deadLetter } from '../lib/dead-letter';

interface Order {
  readonly id: string;
  readonly total: number;
}

class OrderRepository {
  readonly #orders = new Map<string, Order>();

  async save(order: Order): Promise<void> {
    if (order.total < 0) throw new NonRetryableError(`Order ${order.id} has a negative total.`);
    if (order.total === 0) throw new RangeError(`Order ${order.id} has nothing to pay yet.`);
    this.#orders.set(order.id, order);
  }
}

const metrics = new Metrics({ namespace: 'shop', serviceName: 'orders' });

const batchMetrics = observe({
  // Added and published in one go, so that batches that run at the same time do not mix.
  onBatchEnd({ succeeded, failed, unprocessed, delivered, durationMs }) {
    metrics.addMetric('RecordsSucceeded', MetricUnit.Count, succeeded);
    metrics.addMetric('RecordsFailed', MetricUnit.Count, failed);
    metrics.addMetric('RecordsNotRun', MetricUnit.Count, unprocessed);
    metrics.addMetric('RecordsGivenUp', MetricUnit.Count, delivered);
    metrics.addMetric('BatchDuration', MetricUnit.Milliseconds, durationMs);
    metrics.publishStoredMetrics();
  },
});

class OrderHandler {
  constructor(private readonly orders = new OrderRepository()) {}

  @BatchHandler({ source: 'SQS', observers: [batchMetrics], nonRetryable: deadLetter({ deliverTo: 'discard' }) })
  async handle(record: SQSRecord): Promise<void> {
    await this.orders.save(JSON.parse(record.body) as Order);
  }
}

export const handler = new OrderHandler().handle;
