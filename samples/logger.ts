/** Log lines with the keys of their record, by an observer and Powertools Logger: no line has those of another record. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { SQSRecord } from 'aws-lambda';
import { AsyncLocalStorage } from 'node:async_hooks';

import { BatchHandler, observe } from '../lib';

interface Order {
  readonly id: string;
  readonly total: number;
}

const logger = new Logger({ serviceName: 'orders' });
const loggers = new AsyncLocalStorage<Logger>();

/** `logger.appendKeys` would be seen by all records of the batch: each has a logger of its own. */
const keysOfRecord = observe({
  aroundRecord({ itemIdentifier, receiveCount }, next) {
    const persistentKeys = { messageId: itemIdentifier, receiveCount };
    return loggers.run(logger.createChild({ persistentKeys }), next);
  },
});

/** The logger of the record that is being handled, wherever in its code this is asked. */
const log = (): Logger => loggers.getStore() ?? logger;

export class OrderRepository {
  readonly #orders = new Map<string, Order>();

  async save(order: Order): Promise<void> {
    if (order.total <= 0) throw new RangeError(`Order ${order.id} has nothing to pay.`);
    this.#orders.set(order.id, order);
    log().info('Saved.');
  }
}

export class OrderHandler {
  constructor(private readonly orders = new OrderRepository()) {}

  @BatchHandler({ source: 'SQS', observers: [keysOfRecord], logger })
  async handle(record: SQSRecord): Promise<void> {
    log().info('Saving.');
    await this.orders.save(JSON.parse(record.body) as Order);
    log().info('Done.');
  }
}

export const handler = new OrderHandler().handle;
