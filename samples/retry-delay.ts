/** Messages that fail come back ever later: after 10 seconds, 20, 40, ..., but five minutes at the most. */
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';
import { exponentialBackoff } from '../lib/retry-delay';
import { SimulatedSqs } from '../lib/testing';

export interface Invoice {
  readonly number: string;
  readonly recipient: string;
}

export class Mailer {
  readonly #unreachable = new Set(['away@example.com']);

  async send({ number, recipient }: Invoice): Promise<void> {
    if (this.#unreachable.has(recipient)) throw new Error(`Invoice ${number} could not be sent.`);
  }
}

/** Stands in for SQS where there is none: on Lambda leave `client` out, or give an SQSClient. */
export const sqs = new SimulatedSqs();

export class InvoiceHandler {
  constructor(private readonly mailer = new Mailer()) {}

  @BatchHandler({
    source: 'SQS',
    retryDelay: exponentialBackoff({ base: 10, max: 300, jitter: false, client: sqs }),
  })
  async handle(record: SQSRecord): Promise<void> {
    await this.mailer.send(JSON.parse(record.body) as Invoice);
  }
}

export const handler = new InvoiceHandler().handle;
