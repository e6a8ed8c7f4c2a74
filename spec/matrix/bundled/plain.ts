import type { SQSRecord } from 'aws-lambda';
import { BatchHandler, lambdaHandler } from 'lambda-batch-handler';

class Orders {
  @BatchHandler({ source: 'SQS', logger: { debug() {}, warn: console.log, error() {} } })
  async handle({ body }: SQSRecord): Promise<void> {
    if (body.includes('bad')) throw new Error('not accepted');
  }
}

export const handler = lambdaHandler(new Orders(), 'handle');
