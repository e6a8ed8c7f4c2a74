import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
  CreateQueueCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import { createSqsServer } from 'local-aws-sqs';

import { NonRetryableError } from '../../lib';
import { deadLetter, sqsQueue } from '../../lib/dead-letter';
import { fifoArn, fifoRecord, lambdaContext, queueArn, reporting, sqsRecord } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';

const context = lambdaContext();
const bodies = Array.from({ length: 25 }, (_, index) => `${'abc'[index % 3]}${index}`);
const isBad = (body: string): boolean => Number(body.slice(1)) % 2 === 1;
const bad = bodies.filter(isBad);

const messageAttributes = {
  kind: { dataType: 'String', stringValue: 'order' },
  image: { dataType: 'Binary', binaryValue: 'AP8Q' },
} as const;

/** The emulator knows the deprecated name only. */
const systemAttributes = { AttributeNames: ['All' as const] };

function handle({ body }: SQSRecord): void {
  if (isBad(body)) throw new NonRetryableError(`no order: ${body}`);
}

describe('sqsQueue on an emulator of SQS', () => {
  let server: Server;
  let client: SQSClient;

  beforeEach(async () => {
    server = await createSqsServer({ port: 0, hostname: '127.0.0.1' });
    client = new SQSClient({
      region: 'eu-west-1',
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
      maxAttempts: 1,
    });
  });

  afterEach(async () => {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  async function createQueue(name: string): Promise<string> {
    const Attributes = name.endsWith('.fifo') ? { FifoQueue: 'true' } : undefined;
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    return QueueUrl!;
  }

  /** Everything in a queue, each message once. */
  async function receiveAll(QueueUrl: string): Promise<Message[]> {
    const all: Message[] = [];
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 600,
          MessageAttributeNames: ['All'],
          ...systemAttributes,
        }),
      );
      if (Messages.length === 0) return all;
      all.push(...Messages);
    }
  }

  for (const [kind, name, arn, recordOf] of [
    ['standard', 'dead', queueArn, (body: string) => sqsRecord(body, { messageAttributes })],
    ['FIFO', 'dead.fifo', fifoArn, (body: string) => ({ ...fifoRecord(body), messageAttributes })],
  ] as const) {
    it(`has every record that failed for good in the ${kind} queue, and reports none of them`, async () => {
      const queueUrl = await createQueue(name);
      const handler = handlerFor<'SQS'>(
        {
          source: 'SQS',
          logger: fakeLogger(),
          nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl, client }) }),
        },
        handle,
      );

      const event = { Records: bodies.map(recordOf) };
      expect(await handler(event, context)).to.deep.equal(reporting());
      // As after an answer that never arrived: a FIFO queue knows what it has already.
      if (kind === 'FIFO') expect(await handler(event, context)).to.deep.equal(reporting());

      const messages = await receiveAll(queueUrl);
      expect(messages.map(({ Body }) => Body)).to.have.members(bad);
      for (const { Body, Attributes, MessageAttributes } of messages) {
        const texts = Object.entries(MessageAttributes!).map(([key, { StringValue }]) => [key, StringValue]);
        expect(Object.fromEntries(texts)).to.deep.equal({
          kind: 'order',
          image: undefined,
          errorName: 'NonRetryableError',
          errorMessage: `no order: ${Body}`,
          sourceArn: arn,
        });
        expect([...MessageAttributes!.image!.BinaryValue!]).to.deep.equal([0, 255, 16]);
        expect(Attributes?.MessageGroupId).to.equal(kind === 'FIFO' ? Body![0] : undefined);
      }
    });
  }

  it('loses nothing where the queue is deleted half way: what did not arrive is reported', async () => {
    const queueUrl = await createQueue('dead');
    let arrived: Message[] = [];
    const handler = handlerFor<'SQS'>(
      {
        source: 'SQS',
        logger: fakeLogger(),
        concurrency: 1,
        nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl, client }) }),
      },
      async (record) => {
        if (record.body === bodies[12]) {
          arrived = await receiveAll(queueUrl);
          await client.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
        }
        handle(record);
      },
    );

    const answer = await handler({ Records: bodies.map((body) => sqsRecord(body)) }, context);

    expect(arrived.map(({ Body }) => Body)).to.have.members(bad.slice(0, 6));
    expect(answer).to.deep.equal(reporting(...bad.slice(6)));
  });
});
