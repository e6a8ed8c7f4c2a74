import { expect } from 'chai';
import sinon from 'sinon';

import { lambdaHandler, UnexpectedBatchTypeError } from '../../lib';
import { lambdaContext } from '../../lib/testing';
import { StockHandler, Warehouse, type WebhookEvent, type webhooks } from '../../samples/source-of-your-own';

describe('Testing a handler for a source of your own', () => {
  let warehouse: sinon.SinonStubbedInstance<Warehouse>;

  beforeEach(() => {
    warehouse = sinon.createStubInstance(Warehouse);
    sinon.stub(console, 'error');
    sinon.stub(console, 'warn');
  });

  afterEach(() => {
    sinon.restore();
  });

  const send = (event: WebhookEvent) =>
    lambdaHandler<typeof webhooks>(new StockHandler(warehouse), 'handle')(event, lambdaContext());

  it('calls it with an event of that source, and is told what the source knows the records by', async () => {
    warehouse.set.withArgs({ product: 'b-2', pieces: 2 }).rejects(new Error('full'));

    const answer = await send(eventOf('a-1', 'b-2', 'a-3', 'b-4'));

    expect(answer).to.deep.equal({ batchItemFailures: [{ itemIdentifier: 'b-2' }, { itemIdentifier: 'b-4' }] });
    expect(warehouse.set.args.map(([{ product }]) => product)).to.deep.equal(['a-1', 'b-2', 'a-3']);
  });

  it('runs the changes of a shop one after another, and those of other shops beside them', async () => {
    let running: string[] = [];
    const most: string[][] = [];
    warehouse.set.callsFake(async ({ product }) => {
      running.push(product);
      most.push([...running]);
      await Promise.resolve();
      running = running.filter((other) => other !== product);
    });

    await send(eventOf('a-1', 'b-2', 'a-3', 'b-4'));

    expect(most.every((products) => new Set(products.map(([shop]) => shop)).size === products.length)).to.equal(true);
    expect(most.some((products) => products.length === 2)).to.equal(true);
  });

  it('reports what cannot be read, and never runs it', async () => {
    const [readable, unreadable] = eventOf('a-1', 'b-2').webhooks;

    const answer = await send({ webhooks: [readable!, { ...unreadable!, content: 'no JSON' }] });

    expect(answer).to.deep.equal({ batchItemFailures: [{ itemIdentifier: 'b-2' }] });
    sinon.assert.calledOnce(warehouse.set);
  });

  it('refuses what is no event of that source', async () => {
    const thrown: unknown = await send({ Records: [] } as never).catch((error: unknown) => error);

    expect(thrown).to.be.instanceOf(UnexpectedBatchTypeError);
    sinon.assert.notCalled(warehouse.set);
  });
});

/** Webhooks whose ids begin with their shop and end with the pieces of a product, which is called as they are. */
function eventOf(...ids: readonly string[]): WebhookEvent {
  return {
    webhooks: ids.map((id) => {
      const [shop, pieces] = id.split('-') as [string, string];
      const content = JSON.stringify({ product: id, pieces: Number(pieces) });
      return { id, shop, attempt: 1, content };
    }),
  };
}
