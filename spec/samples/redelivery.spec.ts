import { expect } from 'chai';
import sinon from 'sinon';

import { lambdaHandler } from '../../lib';
import { simulateQueue } from '../../lib/testing';
import { Bank, PaymentHandler } from '../../samples/redelivery';

describe('Testing redelivery and the dead-letter queue', () => {
  beforeEach(() => {
    sinon.stub(console, 'error');
  });

  afterEach(() => {
    sinon.restore();
  });

  it('charges again after an outage, and gives up on a card that is blocked', async () => {
    const bank = sinon.createStubInstance(Bank);
    bank.charge.onFirstCall().rejects(new Error('outage'));
    bank.charge.withArgs({ card: 'blocked', amount: 5 }).rejects(new Error('declined'));
    const handler = lambdaHandler(new PaymentHandler(bank), 'handle');

    const messages = ['mine', 'blocked', 'yours'].map((card) => ({ card, amount: 5 }));
    const { deleted, deadLettered } = await simulateQueue({ handler, messages, maxReceiveCount: 3 });

    expect(deleted.map(({ payload, receiveCount }) => [payload.card, receiveCount])).to.have.deep.members([
      ['mine', 2],
      ['yours', 1],
    ]);
    expect(deadLettered.map(({ payload, receiveCount }) => [payload.card, receiveCount])).to.deep.equal([
      ['blocked', 3],
    ]);
  });
});
