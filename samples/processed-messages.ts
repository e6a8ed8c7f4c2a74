/** The class API step by step, to read the result of each record before the batch is answered. */
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import { BatchProcessor, EventType } from '../lib';

interface Payment {
  readonly id: string;
  readonly cents: number;
}

const processor = new BatchProcessor(EventType.SQS);

/** Resolves to the amount that was collected. */
async function collect(record: SQSRecord): Promise<number> {
  const { id, cents } = JSON.parse(record.body) as Payment;
  if (cents <= 0) throw new RangeError(`Payment ${id} collects nothing.`);
  return cents;
}

export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  processor.register(event.Records, collect, { context });
  let collected = 0;
  for (const [status, result] of await processor.process()) {
    if (status === 'success') collected += result as number;
    else console.warn(`Not collected: ${result}`);
  }
  console.info(`Collected ${collected} cents.`);
  return processor.response();
};
