import { expect } from 'chai';
import sinon from 'sinon';

import { lambdaHandler } from '../../lib';
import { simulateQueue } from '../../lib/testing';
import { InvoiceHandler, Mailer, sqs } from '../../samples/retry-delay';

describe('Testing when messages come back', () => {
  beforeEach(() => {
    sinon.stub(console, 'error');
  });

  afterEach(() => {
    sinon.restore();
  });

  it('tries an invoice again ever later, but every five minutes at the least', async () => {
    const mailer = sinon.createStubInstance(Mailer);
    mailer.send.withArgs(sinon.match({ number: 'away' })).rejects(new Error('mailbox full'));
    const handler = lambdaHandler(new InvoiceHandler(mailer), 'handle');

    const messages = ['here', 'away'].map((number) => ({ number, recipient: `${number}@example.com` }));
    const { deliveries, deadLettered } = await simulateQueue({ handler, messages, sqs, maxReceiveCount: 8 });

    const away = deliveries.filter(({ payload }) => payload.number === 'away');
    expect(away.map(({ at }) => at / 1000)).to.deep.equal([0, 10, 30, 70, 150, 310, 610, 910]);
    expect(deadLettered.map(({ payload, at }) => [payload.number, at / 1000])).to.deep.equal([['away', 1210]]);
  });
});
