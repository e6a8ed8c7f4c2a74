import { expect } from 'chai';
import sinon from 'sinon';

import { lambdaHandler } from '../../lib';
import { type FaultName, simulateQueue } from '../../lib/testing';
import { Bank, type Payment, PaymentHandler } from '../../samples/idempotency';
import { InMemoryPersistence } from '../../samples/support/in-memory-persistence';

describe('Testing that nothing is charged twice', () => {
  let bank: sinon.SinonStubbedInstance<Bank>;

  beforeEach(() => {
    bank = sinon.createStubInstance(Bank, { charge: Promise.resolve('receipt') });
    sinon.stub(console, 'error');
  });

  afterEach(() => {
    sinon.restore();
  });

  /** Sends payments, of which the first invocation meets a fault. */
  const send = (messages: Payment[], fault?: FaultName) =>
    simulateQueue({
      handler: lambdaHandler(new PaymentHandler(new InMemoryPersistence(), bank), 'handle'),
      messages,
      maxReceiveCount: 3,
      faults: ({ index }) => (index === 0 ? fault : undefined),
    });
  const charged = () => bank.charge.args.map(([{ id }]) => id);

  for (const fault of ['duplicate', 'crash', 'timeout'] as const) {
    it(`charges once what is delivered twice, because of a ${fault}`, async () => {
      const { deliveries, remaining, deadLettered } = await send(['p-1', 'p-2', 'p-3'].map(paymentOf), fault);

      expect(deliveries.map(({ payload }) => payload.id)).to.have.length(6);
      expect(charged()).to.have.members(['p-1', 'p-2', 'p-3']);
      expect([...remaining, ...deadLettered]).to.deep.equal([]);
    });
  }

  it('charges again what the bank has refused, and that alone', async () => {
    bank.charge
      .withArgs(sinon.match({ id: 'p-2' }))
      .onFirstCall()
      .rejects(new Error('outage'));

    const { deleted } = await send(['p-1', 'p-2', 'p-3'].map(paymentOf));

    expect(deleted.map(({ payload, receiveCount }) => [payload.id, receiveCount])).to.deep.equal([
      ['p-1', 1],
      ['p-3', 1],
      ['p-2', 2],
    ]);
    expect(charged()).to.deep.equal(['p-1', 'p-2', 'p-3', 'p-2']);
  });

  it('returns the copy of a payment that is in progress, and deletes it when it comes again', async () => {
    const { deleted } = await send(['p-1', 'p-1'].map(paymentOf));

    expect(deleted.map(({ receiveCount }) => receiveCount)).to.deep.equal([1, 2]);
    expect(charged()).to.deep.equal(['p-1']);
  });

  it('fails a payment without an id, which it could not know again', async () => {
    const { deadLettered } = await send([{ amount: 5 } as Payment, paymentOf('p-1')]);

    expect(deadLettered).to.have.length(1);
    expect(charged()).to.deep.equal(['p-1']);
  });

  it('charges again what hung until the function timed out', async () => {
    bank.charge.onFirstCall().returns(new Promise(() => undefined));

    const { deleted } = await send([paymentOf('p-1')]);

    expect(deleted.map(({ receiveCount }) => receiveCount)).to.deep.equal([2]);
    expect(charged()).to.deep.equal(['p-1', 'p-1']);
  });
});

const paymentOf = (id: string): Payment => ({ id, amount: 5 });
