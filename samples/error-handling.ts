/** A custom error says what went wrong and keeps its cause. What can never succeed is set aside, not thrown. */
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';

interface Payment {
  readonly id: string;
  readonly card: 'valid' | 'expired' | 'unreachable';
}

class PaymentError extends Error {
  override readonly name = 'PaymentError';

  constructor(
    readonly paymentId: string,
    options: ErrorOptions,
  ) {
    super(`Payment ${paymentId} did not reach the bank.`, options);
  }
}

class PaymentHandler {
  readonly #charged = new Set<string>();
  readonly #setAside = new Set<string>();

  @BatchHandler({ source: 'SQS' })
  async handle(record: SQSRecord): Promise<void> {
    const { id, card } = JSON.parse(record.body) as Payment;
    if (card === 'unreachable') throw new PaymentError(id, { cause: new Error('connection refused') });
    (card === 'expired' ? this.#setAside : this.#charged).add(id);
  }
}

export const handler = new PaymentHandler().handle;
