/** An X-Ray subsegment for each record, with its message id and its error, by the X-Ray SDK alone. */
import type { SQSRecord } from 'aws-lambda';
import { captureAsyncFunc, setContextMissingStrategy } from 'aws-xray-sdk-core';

import { BatchHandler } from '../lib';

interface Refund {
  readonly order: string;
  readonly amount: number;
}

class Till {
  readonly #paid = new Map<string, number>();

  async pay({ order, amount }: Refund): Promise<void> {
    if (amount > 10_000) throw new RangeError(`The refund of order ${order} needs an approval.`);
    this.#paid.set(order, amount);
  }
}

// Where there is no segment, as in a unit test, records are handled untraced.
setContextMissingStrategy('IGNORE_ERROR');

class RefundHandler {
  constructor(private readonly till = new Till()) {}

  @BatchHandler({ source: 'SQS' })
  handle(record: SQSRecord): Promise<void> {
    return captureAsyncFunc('refund', async (subsegment) => {
      subsegment?.addAnnotation('messageId', record.messageId);
      try {
        await this.till.pay(JSON.parse(record.body) as Refund);
        subsegment?.close();
      } catch (error) {
        subsegment?.close(error as Error);
        throw error;
      }
    });
  }
}

export const handler = new RefundHandler().handle;
