/** A class compiled with standard decorators, which need no compiler option. */
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../../../lib';

interface Order {
  readonly id: string;
  readonly total: number;
}

export class OrderHandler {
  readonly #orders = new Map<string, Order>();

  @BatchHandler({ source: 'SQS' })
  async handle(record: SQSRecord): Promise<void> {
    const order = JSON.parse(record.body) as Order;
    if (order.total <= 0) throw new RangeError(`Order ${order.id} has nothing to pay.`);
    this.#orders.set(order.id, order);
  }
}

export const handler = new OrderHandler().handle;
