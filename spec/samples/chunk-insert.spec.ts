import { expect } from 'chai';
import sinon from 'sinon';

import { FullBatchFailureError, lambdaHandler } from '../../lib';
import { lambdaContext, sqsEvent } from '../../lib/testing';
import { database, type Order, OrderHandler } from '../../samples/chunk-insert';

// The one of the sample, which takes seconds to start: the specs of all samples use it as well, so it ends with the run.
after(() => database.close());

describe('Testing a handler of chunks: a multi-row INSERT', () => {
  let query: sinon.SinonSpy<Parameters<typeof database.query>, Promise<unknown[]>>;

  before('starts the database', async function () {
    this.timeout(120_000); // Compiles Postgres
    await database.query('SELECT 1');
  });

  beforeEach(async () => {
    await database.query('TRUNCATE orders');
    query = sinon.spy(database, 'query');
    sinon.stub(console, 'error');
  });

  afterEach(() => {
    sinon.restore();
  });

  /** Gives the indexes that are reported. */
  const deliver = async (orders: readonly unknown[]): Promise<number[]> => {
    const event = sqsEvent(orders);
    const { batchItemFailures } = await lambdaHandler<'SQS'>(new OrderHandler(database), 'handle')(
      event,
      lambdaContext(),
    );
    const ids = event.Records.map(({ messageId }) => messageId);
    return batchItemFailures.map(({ itemIdentifier }) => ids.indexOf(itemIdentifier));
  };
  const stored = () => database.query<Order>('SELECT id, total FROM orders ORDER BY total');

  it('needs one INSERT for a thousand rows', async () => {
    const orders = ordersOf(1_001);

    expect(await deliver(orders)).to.deep.equal([]);

    expect(query.callCount).to.equal(2);
    expect(await stored()).to.deep.equal(orders);
  });

  it('reports exactly the rows that the table refuses, and stores all others', async () => {
    const orders = ordersOf(10);
    const bad = [
      orderOf(0),
      { id: 'negative', total: -5 },
      { total: 7 },
      { id: 'no total' },
      { id: 'text', total: 'a' },
    ];

    const failed = await deliver([...orders.slice(0, 4), ...bad, ...orders.slice(4)]);

    expect(failed).to.deep.equal([4, 5, 6, 7, 8]);
    expect(await stored()).to.deep.equal(orders);
  });

  it('stores once what is delivered twice, also in one chunk', async () => {
    const orders = ordersOf(5);
    const all = [...orders, { id: 'free', total: 0 }, ...orders];

    expect(await deliver(all)).to.deep.equal([5]);
    expect(await deliver(all)).to.deep.equal([5]);

    expect(await stored()).to.deep.equal(orders);
  });

  it('fails all of them where it is not about a row, and does not try them one by one', async () => {
    query.restore();
    const gone = sinon.stub(database, 'query').rejects(Object.assign(new Error('terminating'), { code: '57P01' }));

    const error: unknown = await deliver(ordersOf(3)).catch((thrown: unknown) => thrown);

    expect(error).to.be.an.instanceOf(FullBatchFailureError);
    sinon.assert.calledOnce(gone);
  });

  it('keeps all of them where the row that failed is taken at the second try', async () => {
    query.restore();
    const once = sinon.stub(database, 'query').callThrough();
    once.onFirstCall().rejects(Object.assign(new Error('refused'), { code: '23505' }));

    expect(await deliver(ordersOf(3))).to.deep.equal([]);

    once.restore();
    expect(await stored()).to.deep.equal(ordersOf(3));
  });
});

const orderOf = (total: number): Order => ({ id: `o-${total}`, total });
const ordersOf = (count: number): Order[] => Array.from({ length: count }, (_, index) => orderOf(index + 1));
