import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { expect } from 'chai';

import { SimulatedSqs } from '../../lib/testing';
import { rejection } from '../support/promises';

const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead';
const sending = (...bodies: string[]) =>
  new SendMessageBatchCommand({
    QueueUrl,
    Entries: bodies.map((MessageBody, Id) => ({ Id: String(Id), MessageBody })),
  });

describe('SimulatedSqs', () => {
  it('keeps what is sent, in that order, with all that is known of it', async () => {
    const sqs = new SimulatedSqs();
    await sqs.send(sending('a'));
    const { Successful } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: `${QueueUrl}.fifo`,
        Entries: [
          {
            Id: 'x',
            MessageBody: 'b',
            MessageAttributes: {
              kind: { DataType: 'String', StringValue: 'order' },
              image: { DataType: 'Binary', BinaryValue: Buffer.of(0, 255) },
            },
            MessageGroupId: 'group',
            MessageDeduplicationId: 'once',
          },
        ],
      }),
    );

    const [first, second] = sqs.sent;
    expect(first).to.deep.equal({ queueUrl: QueueUrl, messageId: first!.messageId, body: 'a', attributes: {} });
    expect(second).to.deep.equal({
      queueUrl: `${QueueUrl}.fifo`,
      messageId: second!.messageId,
      body: 'b',
      attributes: { kind: 'order', image: Buffer.of(0, 255) },
      messageGroupId: 'group',
      messageDeduplicationId: 'once',
    });
    expect(Successful).to.deep.equal([{ Id: 'x', MessageId: second!.messageId }]);
    expect(first!.messageId)
      .to.match(/^[0-9a-f-]{36}$/)
      .and.not.to.equal(second!.messageId);
  });

  it('has a queue refuse messages, which are answered as failed, and not kept', async () => {
    const sqs = new SimulatedSqs({ refuses: ({ queueUrl, body }) => queueUrl === QueueUrl && body === 'b' });
    const { Successful, Failed } = await sqs.send(sending('a', 'b', 'c'));

    expect(Successful.map(({ Id }) => Id)).to.deep.equal(['0', '2']);
    expect(Failed).to.deep.equal([{ Id: '1', Code: 'InternalError', SenderFault: false }]);
    expect(sqs.sent.map(({ body }) => body)).to.deep.equal(['a', 'c']);
  });

  it('fails a call with what `refuses` throws, as where the queue is gone', async () => {
    const gone = new Error('The specified queue does not exist.');
    const sqs = new SimulatedSqs({
      refuses: () => {
        throw gone;
      },
    });

    expect(await rejection(sqs.send(sending('a')))).to.equal(gone);
    expect(sqs.sent).to.deep.equal([]);
  });

  it('refuses to change when messages are visible where no simulation runs', async () => {
    const Entries = ['a', 'b'].map((Id) => ({ Id, ReceiptHandle: Id, VisibilityTimeout: 5 }));
    const answer = await new SimulatedSqs().send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));

    expect(answer.Successful).to.deep.equal([]);
    expect(answer.Failed.map(({ Id, Code }) => [Id, Code])).to.deep.equal([
      ['a', 'ReceiptHandleIsInvalid'],
      ['b', 'ReceiptHandleIsInvalid'],
    ]);
  });

  it('knows a command by what it asks for, because a bundler may rename its class', async () => {
    const sqs = new SimulatedSqs();
    const { input } = sending('a');
    await sqs.send({ input });

    expect(sqs.sent).to.have.length(1);
  });

  it('says which calls it answers where it is asked for another, or for nothing', async () => {
    const entry = { Id: '0', ReceiptHandle: 'a' };
    for (const input of [
      { QueueUrl, Entries: [entry] },
      { QueueUrl, Entries: [] },
      { QueueUrl, MessageBody: 'a' },
    ]) {
      expect(await rejection(new SimulatedSqs().send({ input })))
        .to.be.an.instanceOf(TypeError)
        .with.property('message')
        .that.matches(/^SimulatedSqs: expected a SendMessageBatch or ChangeMessageVisibilityBatch, received \{.*\.$/s);
    }
  });

  for (const [what, options, message] of [
    ['an option that it does not know', { refuse: () => true }, 'SimulatedSqs: unknown option refuse;'],
    ['refuses that is no function', { refuses: true }, 'refuses to be a function, received true (boolean).'],
  ] as const) {
    it(`takes no ${what}`, () => {
      expect(() => new SimulatedSqs(options as never)).to.throw(TypeError, message);
    });
  }
});
