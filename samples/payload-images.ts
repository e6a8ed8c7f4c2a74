/** The changes of a table in plain values, with a schema for the new image and another for the old one. */
import { z } from 'zod';

import { BatchHandler } from '../lib';
import { images, type ItemChange } from '../lib/payload';

const Product = z.object({ sku: z.string(), price: z.number().int().positive(), tags: z.set(z.string()).optional() });
/** Products of before tags and whole prices. */
const AnyProduct = z.object({ sku: z.string(), price: z.number() });

class PriceBook {
  readonly #prices = new Map<string, number>();

  async apply({ keys, newImage, oldImage }: ItemChange<z.infer<typeof Product>, z.infer<typeof AnyProduct>>) {
    if (newImage === undefined) this.#prices.delete(String(keys.sku));
    else if (newImage.price !== oldImage?.price) this.#prices.set(newImage.sku, newImage.price);
  }
}

class ProductHandler {
  constructor(private readonly prices = new PriceBook()) {}

  @BatchHandler({
    source: 'DynamoDBStreams',
    order: 'key',
    payload: images({ newImage: Product, oldImage: AnyProduct }),
  })
  async handle(change: ItemChange<z.infer<typeof Product>, z.infer<typeof AnyProduct>>): Promise<void> {
    await this.prices.apply(change);
  }
}

export const handler = new ProductHandler().handle;
