import { SQSClient } from '@aws-sdk/client-sqs';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessingError } from '../../lib/errors';
import { clientSqs } from '../../lib/sqs/client-sqs';
import { SqsBatches } from '../../lib/sqs/sqs-batches';
import { missingPackage } from '../support/missing-package';
import { rejection } from '../support/promises';
import { change, credentials, withoutNetwork } from './calls';

const url = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders';

describe('SqsBatches', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('calls what does as a client, without the SDK', async () => {
    missingPackage('@aws-sdk/client-sqs');
    const client = { send: sinon.stub().resolves({ Successful: [{ Id: '0' }] }) };
    const { signal: abortSignal } = new AbortController();
    const batches = new SqsBatches('x', client);

    expect(await batches.send('SendMessageBatch', change(url), { abortSignal })).to.deep.equal({
      Successful: [{ Id: '0' }],
    });
    await batches.send('ChangeMessageVisibilityBatch', change(url), { ownEndpoint: true });

    const [first, second] = client.send.args as [object, object][];
    expect(first![0]).to.have.deep.property('input', change(url));
    expect(first![0].constructor.name).to.equal('SendMessageBatchCommand');
    expect(first![1]).to.have.property('abortSignal', abortSignal);
    expect(second![0].constructor.name).to.equal('ChangeMessageVisibilityBatchCommand');
  });

  it("calls the user's client without the package", async () => {
    const { requestHandler, called } = withoutNetwork();
    const client = new SQSClient({ region: 'eu-west-1', credentials, requestHandler });
    missingPackage('@aws-sdk/client-sqs');
    await new SqsBatches('x', client, clientSqs).send('SendMessageBatch', change(url));
    expect(called).to.have.length(1);
  });

  it('takes an answer of nothing for one that names no entry', async () => {
    const batches = new SqsBatches('x', { send: sinon.stub().resolves(undefined) });
    expect(await batches.send('SendMessageBatch', {})).to.deep.equal({});
  });

  it('rejects where a client throws', async () => {
    const thrown = new Error('no credentials');
    const batches = new SqsBatches('x', { send: sinon.fake.throws(thrown) });
    expect(await rejection(batches.send('SendMessageBatch', {}))).to.equal(thrown);
  });

  for (const [how, seen] of [
    ['that bundlers see', clientSqs],
    ['that is found at run time', undefined],
  ] as const) {
    it(`makes one client of the package ${how}, when it is first needed`, async () => {
      const send = sinon.stub(SQSClient.prototype, 'send').resolves({});
      const batches = new SqsBatches('x', undefined, seen);
      await batches.send('SendMessageBatch', {});
      await batches.send('SendMessageBatch', {});
      sinon.assert.calledTwice(send);
      expect(send.firstCall.thisValue).to.equal(send.secondCall.thisValue).and.to.be.instanceOf(SQSClient);
    });
  }

  it('says what to do where the package is missing, and loads nothing before', async () => {
    const cause = missingPackage('@aws-sdk/client-sqs');
    const seen = sinon.spy(clientSqs);
    const batches = new SqsBatches('sqsQueue', undefined, seen);
    sinon.assert.notCalled(seen);
    const error = await rejection(batches.send('SendMessageBatch', {}));
    expect(error).to.be.instanceOf(BatchProcessingError).and.to.include({
      message: 'sqsQueue needs @aws-sdk/client-sqs: npm install @aws-sdk/client-sqs, or set client',
      cause,
    });
  });
});
