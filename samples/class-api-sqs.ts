/** The class API for a queue: a processor, a function for one record, and `processPartialResponse`. */
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import { BatchProcessor, EventType, processPartialResponse } from '../lib';

interface Order {
  readonly id: string;
  readonly total: number;
}

const processor = new BatchProcessor(EventType.SQS);
const orders = new Map<string, Order>();

async function saveOrder(record: SQSRecord): Promise<void> {
  const order = JSON.parse(record.body) as Order;
  if (order.total <= 0) throw new RangeError(`Order ${order.id} has nothing to pay.`);
  orders.set(order.id, order);
}

export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  processPartialResponse(event, saveOrder, processor, { context });
