import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateQueueCommand, GetQueueAttributesCommand, type QueueAttributeName, SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import kinesalite from 'kinesalite';
import { createRequestHandler } from 'local-aws-sqs';

import { lockGroups } from './group-lock';
import type { Queue } from './queue';

// The SDK's note that it will need a later Node.js one day is not for whoever runs this.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const hostname = '127.0.0.1';
const region = 'us-east-1';

/** An SQS and a Kinesis API on free ports of the loopback interface, with clients for them. */
export interface Emulators {
  readonly sqs: SQSClient;
  readonly kinesis: KinesisClient;
  createQueue(name: string, attributes: Partial<Record<QueueAttributeName, string>>): Promise<Queue>;
  /** Closes the servers and all connections. */
  close(): Promise<void>;
}

export async function startEmulators(): Promise<Emulators> {
  const { service, requestHandler } = createRequestHandler({ port: 0, hostname, region });
  const sqsServer = createServer((request, response) => void requestHandler(request, response));
  const kinesisServer = kinesalite({ createStreamMs: 0 });
  service.PORT = await listen(sqsServer);
  const kinesisPort = await listen(kinesisServer);
  const options = { region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const sqs = new SQSClient({ ...options, endpoint: `http://${hostname}:${service.PORT}` });
  const kinesis = new KinesisClient({
    ...options,
    endpoint: `http://${hostname}:${kinesisPort}`,
    requestHandler: new NodeHttpHandler(), // kinesalite speaks HTTP/1.1, the client's default is HTTP/2
  });

  return {
    sqs,
    kinesis,
    async createQueue(name, attributes) {
      const { QueueUrl: url } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
      if (name.endsWith('.fifo')) lockGroups(service.Queues.find(({ QueueName }) => QueueName === name)!);
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
      );
      return { url: url!, arn: Attributes!.QueueArn! };
    },
    async close() {
      sqs.destroy();
      kinesis.destroy();
      await Promise.all([sqsServer, kinesisServer].map(close));
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, hostname);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error) reject(error);
      else resolve();
    });
    server.closeAllConnections();
  });
}
