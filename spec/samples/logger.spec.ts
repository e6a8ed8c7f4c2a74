import { expect } from 'chai';
import sinon from 'sinon';

import { lambdaHandler } from '../../lib';
import { lambdaContext, sqsEvent } from '../../lib/testing';
import { OrderHandler, OrderRepository } from '../../samples/logger';
import { collectOutput } from '../../samples/support/output';
import { Deferred, settled } from '../support/promises';

describe('Log lines of records that run side by side', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('have the keys of their own record only, whatever order their work ends in', async () => {
    const event = sqsEvent([1, 2, 3].map((total) => ({ id: `o-${total}`, total })));
    const ids = event.Records.map(({ messageId }) => messageId);
    const gates = ids.map(() => new Deferred());
    const orders = new OrderRepository();
    const save = sinon.stub(orders, 'save').callsFake(async (order) => {
      await gates[order.total - 1]!.promise;
      await save.wrappedMethod.call(orders, order);
    });
    const handler = lambdaHandler(new OrderHandler(orders), 'handle');

    const { output } = await collectOutput(async () => {
      const answer = handler(event, lambdaContext());
      for (const gate of [...gates].reverse()) {
        gate.resolve();
        await settled();
      }
      await answer;
    });

    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { message: string; messageId: string });
    const idsOf = (text: string) => lines.filter(({ message }) => message === text).map(({ messageId }) => messageId);
    expect(idsOf('Saving.')).to.deep.equal(ids);
    expect(idsOf('Saved.')).to.deep.equal([...ids].reverse());
    expect(idsOf('Done.')).to.deep.equal([...ids].reverse());
  });
});
