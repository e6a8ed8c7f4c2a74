/** A handler whose messages come back until they succeed or reach the dead-letter queue; its test plays that in ten lines. */
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';

export interface Payment {
  readonly card: string;
  readonly amount: number;
}

export class Bank {
  readonly #blocked = new Set(['4000-0002']);

  async charge({ card, amount }: Payment): Promise<void> {
    if (this.#blocked.has(card)) throw new Error(`The card was declined for ${amount}.`);
  }
}

export class PaymentHandler {
  constructor(private readonly bank = new Bank()) {}

  @BatchHandler({ source: 'SQS' })
  async handle(record: SQSRecord): Promise<void> {
    await this.bank.charge(JSON.parse(record.body) as Payment);
  }
}

export const handler = new PaymentHandler().handle;
