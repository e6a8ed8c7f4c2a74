/** The batch is answered one second before the timeout: what has finished is kept, and all else comes again. */
import type { Context, SQSRecord } from 'aws-lambda';
import { setTimeout as wait } from 'node:timers/promises';

import { BatchHandler, type Delivery } from '../lib';

interface Invoice {
  readonly id: string;
  readonly pages: number;
}

class InvoicePrinter {
  /** Takes one millisecond a page, and stops in the middle when the signal aborts. */
  async print({ pages }: Invoice, signal: AbortSignal): Promise<void> {
    await wait(pages, undefined, { signal });
  }
}

class InvoiceHandler {
  constructor(private readonly printer = new InvoicePrinter()) {}

  @BatchHandler({ source: 'SQS', concurrency: 2, stopBeforeTimeout: 1_000 })
  async handle(record: SQSRecord, _context: Context, delivery: Delivery): Promise<void> {
    await this.printer.print(JSON.parse(record.body) as Invoice, delivery.signal);
  }
}

export const handler = new InvoiceHandler().handle;
