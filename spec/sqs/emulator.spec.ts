import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect } from 'chai';
import { createSqsServer } from 'local-aws-sqs';

import { queueUrlOf } from '../../lib/sqs/queue-url';
import { SqsBatches } from '../../lib/sqs/sqs-batches';
import { rejection } from '../support/promises';
import { change, credentials } from './calls';

describe('SqsBatches on an emulator of SQS', () => {
  let server: Server;
  let client: SQSClient;
  let batches: SqsBatches;

  beforeEach(async () => {
    server = await createSqsServer({ port: 0, hostname: '127.0.0.1' });
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = new SQSClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
    batches = new SqsBatches('x', client);
  });

  afterEach(async () => {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  async function receive(QueueUrl: string): Promise<Message[]> {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], MaxNumberOfMessages: 10 }),
    );
    return Messages;
  }

  it('sends messages, and has them come back when it says', async () => {
    const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: 'orders' }));
    const MessageAttributes = { image: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) } };
    const sent = await batches.send('SendMessageBatch', {
      QueueUrl,
      Entries: [{ Id: 'a', MessageBody: 'é😀', MessageAttributes }],
    });
    expect(sent.Successful?.map(({ Id }) => Id)).to.deep.equal(['a']);

    const [message] = await receive(QueueUrl);
    expect(message!.Body).to.equal('é😀');
    expect(Buffer.from(message!.MessageAttributes!.image!.BinaryValue!)).to.deep.equal(Buffer.from([0, 255]));
    expect(await receive(QueueUrl)).to.deep.equal([]);

    const [, account, name] = new URL(QueueUrl).pathname.split('/');
    const changed = await batches.send(
      'ChangeMessageVisibilityBatch',
      {
        QueueUrl: queueUrlOf(`arn:aws:sqs:us-east-1:${account}:${name}`),
        Entries: [{ Id: 'b', ReceiptHandle: message!.ReceiptHandle, VisibilityTimeout: 0 }],
      },
      { ownEndpoint: true },
    );
    expect(changed.Successful?.map(({ Id }) => Id)).to.deep.equal(['b']);
    expect(await receive(QueueUrl)).to.have.length(1);
  });

  it('names what is wrong with a call', async () => {
    const QueueUrl = queueUrlOf('arn:aws:sqs:us-east-1:123456789012:gone');
    const error = await rejection(
      batches.send('ChangeMessageVisibilityBatch', change(QueueUrl), { ownEndpoint: true }),
    );
    expect(error).to.have.property('name', 'QueueDoesNotExist');
  });
});
