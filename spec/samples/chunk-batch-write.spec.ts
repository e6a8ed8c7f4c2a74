import { expect } from 'chai';
import sinon from 'sinon';

import { lambdaHandler } from '../../lib';
import { lambdaContext, simulateQueue, sqsEvent } from '../../lib/testing';
import { type Product, ProductHandler, type RequestItems, type Tables } from '../../samples/chunk-batch-write';

describe('Testing a handler of chunks: BatchWriteItem', () => {
  let table: Table;

  beforeEach(() => {
    table = new Table();
    sinon.stub(console, 'error');
  });

  afterEach(() => {
    sinon.restore();
  });

  const handler = () => lambdaHandler<'SQS'>(new ProductHandler(table), 'handle');

  it('reports exactly what the table has left unprocessed', async () => {
    table.unprocessed = ({ id }) => ['p-7', 'p-30'].includes(id);
    const products = Array.from({ length: 40 }, (_, index) => productOf(index));
    const event = sqsEvent(products);

    const answer = await handler()(event, lambdaContext());

    expect(answer).to.deep.equal({
      batchItemFailures: [7, 30].map((index) => ({ itemIdentifier: event.Records[index]!.messageId })),
    });
    expect(table.requests.map((ids) => ids.length)).to.deep.equal([25, 15]);
    expect([...table.items.values()]).to.have.deep.members(products.filter((_, index) => ![7, 30].includes(index)));
  });

  it('has no request with two of the same key, and writes the later of them last', async () => {
    const products = Array.from({ length: 120 }, (_, index) => ({ id: `p-${index % 7}`, cents: index }));

    const answer = await handler()(sqsEvent(products), lambdaContext());

    expect(answer).to.deep.equal({ batchItemFailures: [] });
    for (const ids of table.requests) expect(new Set(ids).size).to.equal(ids.length);
    expect([...table.items.values()]).to.have.deep.members(products.slice(-7));
  });

  it('fails all of a request that DynamoDB refuses, and no other', async () => {
    table.unprocessed = ({ id }) => {
      if (id === 'p-0') throw new Error('ProvisionedThroughputExceededException');
      return false;
    };
    const event = sqsEvent(Array.from({ length: 30 }, (_, index) => productOf(index)));

    const answer = await handler()(event, lambdaContext());

    expect(answer).to.deep.equal({
      batchItemFailures: event.Records.slice(0, 25).map(({ messageId }) => ({ itemIdentifier: messageId })),
    });
  });

  it('writes what was left when it comes again, and nothing else again', async () => {
    let isBusy = true;
    table.unprocessed = ({ id }) => {
      const isLeft = isBusy && id === 'p-1';
      if (isLeft) isBusy = false;
      return isLeft;
    };

    const { deleted } = await simulateQueue({ handler: handler(), messages: [0, 1, 2].map(productOf) });

    expect(deleted.map(({ payload, receiveCount }) => [payload.id, receiveCount])).to.deep.equal([
      ['p-0', 1],
      ['p-2', 1],
      ['p-1', 2],
    ]);
    expect(table.requests).to.deep.equal([['p-0', 'p-1', 'p-2'], ['p-1']]);
  });

  it('is not harmed by messages that are delivered twice', async () => {
    const messages = Array.from({ length: 30 }, (_, index) => productOf(index));

    const { remaining, deadLettered } = await simulateQueue({
      handler: handler(),
      messages,
      maxReceiveCount: 3,
      faults: ({ index }) => (index === 0 ? 'duplicate' : undefined),
    });

    expect([...remaining, ...deadLettered]).to.deep.equal([]);
    expect([...table.items.values()]).to.have.deep.members(messages);
  });
});

const productOf = (index: number): Product => ({ id: `p-${index}`, cents: index });

/** One table, with a limit of 25 a request, as BatchWriteItem has. */
class Table implements Tables {
  readonly items = new Map<string, Product>();
  readonly requests: string[][] = [];
  unprocessed: (product: Product) => boolean = () => false;

  async batchWrite({ RequestItems }: { RequestItems: RequestItems }) {
    const requests = RequestItems.products!;
    const ids = requests.map(({ PutRequest }) => PutRequest.Item.id);
    if (ids.length > 25 || new Set(ids).size < ids.length) throw new Error('ValidationException');
    this.requests.push(ids);
    const left = requests.filter(({ PutRequest }) => this.unprocessed(PutRequest.Item));
    for (const { PutRequest } of requests.filter((request) => !left.includes(request))) {
      this.items.set(PutRequest.Item.id, PutRequest.Item);
    }
    // As it comes back from the network: other objects, in any order.
    return left.length === 0 ? {} : { UnprocessedItems: structuredClone({ products: left.reverse() }) };
  }
}
