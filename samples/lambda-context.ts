/** The Lambda context is the method's second argument: here, what would take too long is left for the next delivery. */
import type { Context, SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';

interface Report {
  readonly id: string;
  readonly milliseconds: number;
}

class ReportHandler {
  readonly #done = new Set<string>();

  @BatchHandler({ source: 'SQS', processInParallel: false })
  async handle(record: SQSRecord, context: Context): Promise<void> {
    const { id, milliseconds } = JSON.parse(record.body) as Report;
    if (milliseconds > context.getRemainingTimeInMillis()) {
      throw new Error(`No time left for report ${id} in request ${context.awsRequestId}.`);
    }
    this.#done.add(id);
  }
}

export const handler = new ReportHandler().handle;
