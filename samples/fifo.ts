/** A FIFO queue in order: the first failure leaves the rest of the batch unprocessed, and all of it comes back. */
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';

const statuses = ['placed', 'paid', 'shipped'] as const;

interface Step {
  readonly order: string;
  readonly status: (typeof statuses)[number];
}

class OrderBook {
  readonly #reached = new Map<string, number>();

  /** A step that an order has behind it changes nothing, because a message can come more than once. */
  async advance({ order, status }: Step): Promise<void> {
    const step = statuses.indexOf(status);
    const reached = this.#reached.get(order) ?? -1;
    if (step > reached + 1) throw new Error(`Order ${order} cannot be ${status} yet.`);
    this.#reached.set(order, Math.max(step, reached));
  }
}

class OrderStepHandler {
  constructor(private readonly book = new OrderBook()) {}

  @BatchHandler({ source: 'SQS', fifo: true })
  async handle(record: SQSRecord): Promise<void> {
    await this.book.advance(JSON.parse(record.body) as Step);
  }
}

export const handler = new OrderStepHandler().handle;
