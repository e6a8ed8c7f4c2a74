/** Where no record succeeds the entry throws, unless it is told to report each record as in any other batch. */
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';

interface Refund {
  readonly id: string;
  readonly order: string;
}

class RefundHandler {
  constructor(private readonly paidOrders: ReadonlySet<string> = new Set(['o-1'])) {}

  @BatchHandler({ source: 'SQS', throwOnFullBatchFailure: false })
  async handle(record: SQSRecord): Promise<void> {
    const { id, order } = JSON.parse(record.body) as Refund;
    if (!this.paidOrders.has(order)) throw new Error(`Refund ${id} has to wait until order ${order} is paid.`);
  }
}

export const handler = new RefundHandler().handle;
