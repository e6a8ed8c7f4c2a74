/** A handler that is easy to test: its collaborator comes in through the constructor, and a spec puts a stub there. */
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';

export interface Reminder {
  readonly invoice: string;
  readonly address: string;
}

export class Mailer {
  readonly #sent = new Set<string>();

  async send({ invoice, address }: Reminder): Promise<void> {
    if (!address.includes('@')) throw new Error(`The reminder of invoice ${invoice} has no address.`);
    this.#sent.add(invoice);
  }
}

export class ReminderHandler {
  constructor(private readonly mailer = new Mailer()) {}

  @BatchHandler({ source: 'SQS' })
  async handle(record: SQSRecord): Promise<void> {
    await this.mailer.send(JSON.parse(record.body) as Reminder);
  }
}

export const handler = new ReminderHandler().handle;
