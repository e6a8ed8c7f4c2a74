import { SQSClient, ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { expect } from 'chai';
import sinon from 'sinon';

import { clientSqs } from '../lib/client-sqs';
import { clientSqsAtRunTime } from '../lib/client-sqs-at-run-time';
import { SqsBatches } from '../lib/sqs-batches';
import { missingPackage } from './support/missing-package';
import { rejection } from './support/promises';

describe('SqsBatches', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('makes the call that it is asked for, with the signal', async () => {
    const client = { send: sinon.stub().resolves({ Successful: [{ Id: '0' }] }) };
    const { signal } = new AbortController();
    const batches = new SqsBatches('x', clientSqs, client);

    const answer = await batches.send('SendMessageBatchCommand', { QueueUrl: 'u', Entries: [] }, signal);
    await batches.send('ChangeMessageVisibilityBatchCommand', { QueueUrl: 'u', Entries: [] });

    expect(answer).to.deep.equal({ Successful: [{ Id: '0' }] });
    const [first, second] = client.send.args as [[SendMessageBatchCommand, { abortSignal: AbortSignal }], [object]];
    expect(first[0])
      .to.be.instanceOf(SendMessageBatchCommand)
      .and.to.have.deep.property('input', { QueueUrl: 'u', Entries: [] });
    expect(first[1].abortSignal).to.equal(signal);
    expect(second[0]).to.be.instanceOf(ChangeMessageVisibilityBatchCommand);
  });

  it('takes an answer of nothing for one that names no entry', async () => {
    const batches = new SqsBatches('x', clientSqs, { send: sinon.stub().resolves(undefined) });
    expect(await batches.send('SendMessageBatchCommand', {})).to.deep.equal({});
  });

  it('makes one client of its own, when it is first needed', async () => {
    const send = sinon.stub(SQSClient.prototype, 'send').resolves({});
    const batches = new SqsBatches('x', clientSqs, undefined);
    await batches.send('SendMessageBatchCommand', {});
    await batches.send('SendMessageBatchCommand', {});
    sinon.assert.calledTwice(send);
    expect(send.firstCall.thisValue).to.equal(send.secondCall.thisValue).and.to.be.instanceOf(SQSClient);
  });

  it('says what to install where the package is missing, and loads nothing before', async () => {
    const cause = new Error('Cannot find module');
    const load = sinon.fake.returns({ cause });
    const batches = new SqsBatches('sqsQueue', load, undefined);
    sinon.assert.notCalled(load);
    const error = await rejection(batches.send('SendMessageBatchCommand', {}));
    expect(error).to.include({ name: 'BatchProcessingError', cause });
    expect(error).to.have.property('message', 'sqsQueue needs @aws-sdk/client-sqs: npm install @aws-sdk/client-sqs');
  });

  it('has two ways to the package: seen by bundlers, and not', () => {
    const loaded = clientSqs();
    expect(loaded).to.have.nested.property('peer.SQSClient', SQSClient);
    expect(clientSqsAtRunTime()).to.deep.equal(loaded);
  });

  it('knows by either why the package cannot be loaded', () => {
    const cause = missingPackage('@aws-sdk/client-sqs');
    expect(clientSqs()).to.deep.equal({ cause });
    expect(clientSqsAtRunTime()).to.deep.equal({ cause });
  });
});
