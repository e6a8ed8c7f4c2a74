/** Messages whose JSON is checked by a zod schema; one that does not fit fails alone, and says where. */
import { z } from 'zod';

import { BatchHandler } from '../lib';
import { json } from '../lib/payload';

const Order = z.object({
  id: z.string(),
  total: z.number().positive(),
  placedAt: z.iso.datetime().transform((text) => new Date(text)),
});
type Order = z.infer<typeof Order>;

class OrderRepository {
  readonly #orders = new Map<string, Order>();

  async save(order: Order): Promise<void> {
    this.#orders.set(order.id, order);
  }
}

class OrderHandler {
  constructor(private readonly orders = new OrderRepository()) {}

  @BatchHandler({ source: 'SQS', payload: json(Order) })
  async handle(order: Order): Promise<void> {
    await this.orders.save(order);
  }
}

export const handler = new OrderHandler().handle;
