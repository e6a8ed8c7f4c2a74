/** Changes of a table in the order of the stream: the first failure is the checkpoint, and nothing after it has run. */
import type { DynamoDBRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';

class ProductIndex {
  readonly #prices = new Map<string, number>();

  async put(sku: string, price: number): Promise<void> {
    if (!(price > 0)) throw new RangeError(`Product ${sku} has no price.`);
    this.#prices.set(sku, price);
  }

  async remove(sku: string): Promise<void> {
    this.#prices.delete(sku);
  }
}

class ProductHandler {
  constructor(private readonly index = new ProductIndex()) {}

  @BatchHandler({ source: 'DynamoDBStreams', order: 'shard' })
  async handle({ eventName, dynamodb }: DynamoDBRecord): Promise<void> {
    const sku = dynamodb?.Keys?.sku?.S ?? '';
    if (eventName === 'REMOVE') await this.index.remove(sku);
    else await this.index.put(sku, Number(dynamodb?.NewImage?.price?.N));
  }
}

export const handler = new ProductHandler().handle;
