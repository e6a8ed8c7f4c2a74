import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'chai';

import { type Emulators, startEmulators } from '../../samples/local/emulators';
import { drainQueue, type Queue } from '../../samples/local/queue';

describe('A local FIFO queue', function () {
  this.timeout(30_000);

  let emulators: Emulators;
  let queue: Queue;
  let deadLetterQueue: Queue;

  beforeEach(async () => {
    emulators = await startEmulators();
    deadLetterQueue = await emulators.createQueue('failed-orders.fifo', { FifoQueue: 'true' });
    queue = await createQueue('orders.fifo', 30);
  });

  afterEach(() => emulators.close());

  function createQueue(name: string, seconds: number): Promise<Queue> {
    const redrivePolicy = { deadLetterTargetArn: deadLetterQueue.arn, maxReceiveCount: 2 };
    return emulators.createQueue(name, {
      FifoQueue: 'true',
      VisibilityTimeout: String(seconds),
      RedrivePolicy: JSON.stringify(redrivePolicy),
    });
  }

  /** The first letter of a body is its group. */
  const send = (...bodies: string[]) =>
    emulators.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queue.url,
        Entries: bodies.map((body) => ({
          Id: body,
          MessageBody: body,
          MessageGroupId: body[0],
          MessageDeduplicationId: body,
        })),
      }),
    );

  async function receive(atMost = 10): Promise<Message[]> {
    const command = new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: atMost });
    return (await emulators.sqs.send(command)).Messages ?? [];
  }

  /** What is received next, which may take a visibility timeout. */
  async function next(): Promise<Message[]> {
    for (;;) {
      const messages = await receive();
      if (messages.length > 0) return messages;
    }
  }

  const remove = ({ ReceiptHandle }: Message) =>
    emulators.sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));

  it('hands out several messages of a group at once', async () => {
    await send('a1', 'b1', 'a2', 'b2');

    expect(bodies(await receive())).to.deep.equal(['a1', 'b1', 'a2', 'b2']);
  });

  it('hands out nothing of a group of which something is in flight, and goes on with the others', async () => {
    await send('a1', 'a2', 'a3', 'b1');

    expect(bodies(await receive(2))).to.deep.equal(['a1', 'a2']);
    expect(bodies(await receive())).to.deep.equal(['b1']);
    expect(bodies(await receive())).to.deep.equal([]);
  });

  it('goes on with a group when all that was in flight of it is deleted', async () => {
    await send('a1', 'a2', 'a3');
    const [a1, a2] = await receive(2);

    await remove(a1!);
    expect(bodies(await receive())).to.deep.equal([]);

    await remove(a2!);
    expect(bodies(await receive())).to.deep.equal(['a3']);
  });

  it('hands out again, in order, what was not deleted, and then moves it away', async () => {
    queue = await createQueue('impatient.fifo', 1);
    await send('a1', 'a2', 'a3');

    expect(bodies(await receive(2))).to.deep.equal(['a1', 'a2']);
    expect(bodies(await next())).to.deep.equal(['a1', 'a2', 'a3']);
    expect(bodies(await next())).to.deep.equal(['a3']);
    expect(bodies(await drainQueue(emulators.sqs, deadLetterQueue))).to.have.members(['a1', 'a2']);
  });
});

const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);
