/** The class of a Lambda sample in a container: a FIFO queue, an endpoint that tells how it is, and an orderly end at SIGTERM. */
import { createServer } from 'node:http';

import { SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';

import { lambdaHandler } from '../../lib';
import { sqsConsumer } from '../../lib/sqs-consumer';
import { Carrier, ParcelHandler } from '../fifo-groups-side-by-side';

/** Works until SIGTERM; then Node.js ends by itself, because nothing is left to wait for. */
export function startConsumer(env: NodeJS.ProcessEnv, carrier = new Carrier()): void {
  const { QUEUE_URL = '', QUEUE_ARN = '', HOST = '0.0.0.0', PORT = '8080' } = env;
  const sqs = new SQSClient();
  const parcels = sqsConsumer(lambdaHandler(new ParcelHandler(carrier), 'handle'), {
    sqs,
    queueUrl: QUEUE_URL,
    queueArn: QUEUE_ARN,
    visibilityTimeout: Number(env.VISIBILITY_TIMEOUT ?? 30),
    heartbeat: true, // a parcel may take longer than that
    gracePeriod: Number(env.GRACE_PERIOD ?? 20), // shorter than the stopTimeout of the container: see the Dockerfile
  });
  const consumer = Consumer.create({ ...parcels.options, waitTimeSeconds: Number(env.WAIT_TIME ?? 5) });
  consumer.on('error', (error) => {
    console.error(error.message);
  });
  const server = createServer((_request, response) => {
    const { lastReceive, ...health } = parcels.health();
    const isWell = lastReceive !== undefined && Date.now() - lastReceive.getTime() < 60_000;
    response.writeHead(isWell || health.atWork > 0 ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ lastReceive, ...health }));
  }).listen(Number(PORT), HOST);

  consumer.start();
  process.once('SIGTERM', () => {
    void parcels.stop(consumer).finally(() => {
      server.close();
      server.closeAllConnections();
      sqs.destroy();
    });
  });
}

if (require.main === module) startConsumer(process.env);
