import type { SQSRecord } from 'aws-lambda';
import { BatchHandler } from 'lambda-batch-handler';
import { partialResponses } from 'lambda-batch-handler/guard';

class OrderHandler {
  @BatchHandler({ source: 'SQS', guard: partialResponses() })
  async handle(record: SQSRecord): Promise<void> {
    console.log(record.body);
  }
}

export const { handle } = new OrderHandler();
