/** Messages that can never succeed go into quarantine after one try; the others that fail come back as ever. */
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler, NonRetryableError, ParsingError } from '../lib';
import { deadLetter } from '../lib/dead-letter';
import { json } from '../lib/payload';

export interface Booking {
  readonly room: string;
  readonly nights: number;
}

export class Hotel {
  readonly #rooms = new Map([
    ['101', true],
    ['102', false],
  ]);

  async book({ room, nights }: Booking): Promise<void> {
    const isFree = this.#rooms.get(room);
    if (isFree === undefined) throw new NonRetryableError(`There is no room ${room}.`);
    if (!isFree) throw new Error(`Room ${room} is taken for ${nights} nights.`);
  }
}

/** A table in a database, perhaps; `sqsQueue` of lambda-batch-handler/dead-letter is one for a queue. */
export class Quarantine {
  readonly records = new Map<string, string>();

  async take({ messageId, body }: SQSRecord): Promise<void> {
    this.records.set(messageId, body);
  }
}

export const quarantine = new Quarantine();

export class BookingHandler {
  constructor(private readonly hotel = new Hotel()) {}

  @BatchHandler({
    source: 'SQS',
    payload: json<Booking>(),
    nonRetryable: deadLetter({ errors: [ParsingError], deliverTo: (record) => quarantine.take(record) }),
  })
  async handle(booking: Booking): Promise<void> {
    await this.hotel.book(booking);
  }
}

export const handler = new BookingHandler().handle;
