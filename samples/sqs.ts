/** Every message of a queue by itself: those that fail return to the queue, all others are deleted. */
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';

export interface Order {
  readonly id: string;
  readonly total: number;
}

export class OrderRepository {
  readonly #orders = new Map<string, Order>();

  /** Saving an order again changes nothing, because a message can come more than once. */
  async save(order: Order): Promise<void> {
    if (order.total <= 0) throw new RangeError(`Order ${order.id} has nothing to pay.`);
    this.#orders.set(order.id, order);
  }
}

export class OrderHandler {
  constructor(private readonly orders = new OrderRepository()) {}

  @BatchHandler({ source: 'SQS' })
  async handle(record: SQSRecord): Promise<void> {
    await this.orders.save(JSON.parse(record.body) as Order);
  }
}

export const handler = new OrderHandler().handle;
