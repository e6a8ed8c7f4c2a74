/** A processor that counts failures as a metric: the decorator's `processor` does the work, hooks included. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler, BatchProcessor, type EventSourceDataClassTypes, EventType, type FailureResponse } from '../lib';

const metrics = new Metrics({ namespace: 'shop', serviceName: 'stock' });

class CountingProcessor extends BatchProcessor {
  override failureHandler(record: EventSourceDataClassTypes, error: Error): FailureResponse {
    metrics.addMetric('FailedRecords', MetricUnit.Count, 1);
    return super.failureHandler(record, error);
  }

  override clean(): void {
    metrics.publishStoredMetrics();
  }
}

class StockHandler {
  readonly #stock = new Map<string, number>();

  @BatchHandler({ source: 'SQS', processor: new CountingProcessor(EventType.SQS) })
  async handle(record: SQSRecord): Promise<void> {
    const { sku, count } = JSON.parse(record.body) as { sku: string; count: number };
    if (count < 0) throw new RangeError(`There cannot be ${count} pieces of ${sku}.`);
    this.#stock.set(sku, count);
  }
}

export const handler = new StockHandler().handle;
