/** A source that is nobody else's: a relay of webhooks, which sends again what is reported, in order for each shop. */
import { BatchHandler, lambdaHandler, type Source, UnexpectedBatchTypeError } from '../lib';
import { json } from '../lib/payload';

export interface Webhook {
  readonly id: string;
  readonly shop: string;
  readonly attempt: number;
  readonly content: string;
}

export interface WebhookEvent {
  readonly webhooks: readonly Webhook[];
}

/** All that the library has to know of the relay. */
export const webhooks: Source<Webhook, WebhookEvent, string, string> = {
  name: 'Webhooks',
  kind: 'stream',
  eventSource: 'example:webhooks',
  records: (event) => {
    const { webhooks } = event as Partial<WebhookEvent>;
    if (webhooks === undefined) throw new UnexpectedBatchTypeError('Expected an event { webhooks: [...] }.');
    return webhooks;
  },
  hasShape: (record) => 'shop' in record,
  itemIdentifier: ({ id }) => id,
  orderingKey: ({ shop }) => shop,
  receiveCount: ({ attempt }) => attempt,
  payload: {
    kind: 'text',
    of: ({ content }) => content,
    with: (record, content) => ({ ...record, content }),
  },
};

export interface StockChange {
  readonly product: string;
  readonly pieces: number;
}

export class Warehouse {
  readonly #stock = new Map<string, number>();

  async set({ product, pieces }: StockChange): Promise<void> {
    if (pieces < 0) throw new RangeError(`There cannot be ${pieces} pieces of ${product}.`);
    this.#stock.set(product, pieces);
  }
}

export class StockHandler {
  constructor(private readonly warehouse = new Warehouse()) {}

  @BatchHandler({ source: webhooks, order: 'key', payload: json<StockChange>() })
  async handle(change: StockChange): Promise<void> {
    await this.warehouse.set(change);
  }
}

export const handler = lambdaHandler<typeof webhooks>(new StockHandler(), 'handle');
