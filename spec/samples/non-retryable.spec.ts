import { expect } from 'chai';
import sinon from 'sinon';

import { lambdaHandler } from '../../lib';
import { simulateQueue } from '../../lib/testing';
import { BookingHandler, quarantine } from '../../samples/non-retryable';

describe('Testing what can never succeed', () => {
  beforeEach(() => {
    sinon.stub(console, 'error');
  });

  afterEach(() => {
    sinon.restore();
    quarantine.records.clear();
  });

  const send = (...messages: string[]) =>
    simulateQueue({ handler: lambdaHandler<'SQS'>(new BookingHandler(), 'handle'), messages, maxReceiveCount: 3 });
  const booking = (room: string) => JSON.stringify({ room, nights: 2 });

  it('quarantines it after one receive, and tries everything else again', async () => {
    const { deleted, deliveredElsewhere, deadLettered } = await send(booking('101'), booking('999'), booking('102'));

    expect(deleted.map(({ index, receiveCount }) => [index, receiveCount])).to.deep.equal([[0, 1]]);
    expect(deliveredElsewhere.map(({ index, receiveCount }) => [index, receiveCount])).to.deep.equal([[1, 1]]);
    expect(deadLettered.map(({ index, receiveCount }) => [index, receiveCount])).to.deep.equal([[2, 3]]);
    expect([...quarantine.records.values()]).to.deep.equal([booking('999')]);
  });

  it('has what cannot be quarantined come back until it can', async () => {
    sinon.stub(quarantine, 'take').callThrough().onFirstCall().rejects(new Error('table is gone'));

    const { deliveredElsewhere } = await send('no JSON');

    expect(deliveredElsewhere.map(({ receiveCount, error }) => [receiveCount, error.name])).to.deep.equal([
      [2, 'ParsingError'],
    ]);
  });
});
