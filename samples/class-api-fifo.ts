/** The class API for a FIFO queue; without `skipGroupOnError` the first failure would stop the whole batch. */
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import { processPartialResponse, SqsFifoPartialProcessorAsync } from '../lib';

interface Booking {
  readonly id: string;
  readonly cents: number;
}

const processor = new SqsFifoPartialProcessorAsync();
const bookings = new Map<string, number>();

async function book(record: SQSRecord): Promise<void> {
  const { id, cents } = JSON.parse(record.body) as Booking;
  if (!Number.isInteger(cents)) throw new TypeError(`Booking ${id} is not in cents.`);
  bookings.set(id, cents);
}

export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  processPartialResponse(event, book, processor, { context, skipGroupOnError: true });
