/** Items written 25 at a time with one BatchWriteItem, never two of the same key: what stays unprocessed comes again. */
import { BatchHandler } from '../lib';
import { chunksOf, failedIn } from '../lib/chunk';
import { json } from '../lib/payload';

export interface Product {
  readonly id: string;
  readonly cents: number;
}

export type RequestItems = Record<string, { PutRequest: { Item: Product } }[]>;

/** What is needed of DynamoDB: a DynamoDBDocument of `@aws-sdk/lib-dynamodb` has it. */
export interface Tables {
  batchWrite(input: { RequestItems: RequestItems }): Promise<Parameters<typeof failedIn.batchWrite>[0]>;
}

/** Stands in for DynamoDB where there is none. */
export class TablesInMemory implements Tables {
  readonly #throttled = new Set(['p-3']);
  readonly requests: string[] = [];

  async batchWrite({ RequestItems }: { RequestItems: RequestItems }) {
    const UnprocessedItems: RequestItems = {};
    for (const [table, requests] of Object.entries(RequestItems)) {
      const ids = requests.map(({ PutRequest }) => PutRequest.Item.id);
      if (new Set(ids).size < ids.length) throw new Error('ValidationException: the list of item keys has duplicates.');
      this.requests.push(`${table}: ${ids.join(', ')}`);
      const left = requests.filter(({ PutRequest }) => this.#throttled.has(PutRequest.Item.id));
      if (left.length > 0) UnprocessedItems[table] = left;
    }
    return { UnprocessedItems };
  }
}

export class ProductHandler {
  constructor(private readonly tables: Tables) {}

  // Of the same id there is one in a chunk, and the next one waits: DynamoDB refuses a request with two of a key.
  @BatchHandler({
    source: 'SQS',
    payload: json<Product>(),
    chunk: chunksOf(25, { distinct: (product: Product) => product.id }),
  })
  async handle(products: readonly Product[]): Promise<void> {
    const RequestItems = { products: products.map((Item) => ({ PutRequest: { Item } })) };
    const failed = failedIn.batchWrite(await this.tables.batchWrite({ RequestItems }), RequestItems);
    if (failed !== undefined) throw failed;
  }
}

const tables = new TablesInMemory();

export const handler = new ProductHandler(tables).handle;
export const report = (): string[] => tables.requests.map((request) => `BatchWriteItem ${request}`);
