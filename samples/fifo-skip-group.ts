/** A FIFO queue with many message groups: a failure stops the rest of its own group, and the other groups go on. */
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';

interface Booking {
  readonly id: string;
  readonly account: string;
  readonly amount: number;
}

class Ledger {
  readonly #bookings = new Map<string, Booking>();

  async book(booking: Booking): Promise<void> {
    if (!Number.isInteger(booking.amount)) throw new TypeError(`Booking ${booking.id} is not in cents.`);
    this.#bookings.set(booking.id, booking);
  }
}

class BookingHandler {
  constructor(private readonly ledger = new Ledger()) {}

  @BatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true })
  async handle(record: SQSRecord): Promise<void> {
    await this.ledger.book(JSON.parse(record.body) as Booking);
  }
}

export const handler = new BookingHandler().handle;
