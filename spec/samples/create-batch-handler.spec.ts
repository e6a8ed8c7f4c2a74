import { expect } from 'chai';
import sinon from 'sinon';

import { FullBatchFailureError, getBatchHandlerOptions } from '../../lib';
import { lambdaContext, simulateQueue, sqsEvent } from '../../lib/testing';
import { handler } from '../../samples/create-batch-handler';

const [known, unknown] = ['news', 'nwes'].map((list) => ({ address: 'ada@example.com', list })) as [object, object];

describe('Testing a handler that was made without a decorator', () => {
  beforeEach(() => {
    sinon.stub(console, 'error');
  });

  afterEach(() => {
    sinon.restore();
  });

  it('calls it with an event, and is told what failed', async () => {
    const event = sqsEvent([known, unknown]);

    const { batchItemFailures } = await handler(event, lambdaContext());

    expect(batchItemFailures).to.deep.equal([{ itemIdentifier: event.Records[1]!.messageId }]);
    sinon.assert.calledOnce(console.error as sinon.SinonStub);
  });

  it('is told by an error that nothing succeeded', async () => {
    const thrown: unknown = await handler(sqsEvent([unknown]), lambdaContext()).catch((error: unknown) => error);

    expect(thrown).to.be.instanceOf(FullBatchFailureError);
  });

  it('sees what becomes of its messages', async () => {
    const { deleted, deadLettered } = await simulateQueue({ handler, messages: [known, unknown], maxReceiveCount: 2 });

    expect(deleted.map(({ index, receiveCount }) => [index, receiveCount])).to.deep.equal([[0, 1]]);
    expect(deadLettered.map(({ index, receiveCount }) => [index, receiveCount])).to.deep.equal([[1, 2]]);
  });

  it('looks at how it is configured, as Lambda sees it', () => {
    expect(getBatchHandlerOptions(handler)).to.deep.equal({ source: 'SQS' });
    expect([handler.name, handler.length]).to.deep.equal(['subscribe', 2]);
  });
});
