/** A queue that is subscribed to an SNS topic: the method is called with the message in the notification. */
import type { Context, SQSRecord } from 'aws-lambda';
import { z } from 'zod';

import { BatchHandler, type Delivery } from '../lib';
import { json, sns } from '../lib/payload';

const Shipment = z.object({ parcel: z.string(), status: z.enum(['sent', 'delivered']) });
type Shipment = z.infer<typeof Shipment>;

class Tracker {
  readonly #latest = new Map<string, { readonly status: string; readonly messageId: string }>();

  async update({ parcel, status }: Shipment, messageId: string): Promise<void> {
    this.#latest.set(parcel, { status, messageId });
  }
}

class ShipmentHandler {
  constructor(private readonly tracker = new Tracker()) {}

  @BatchHandler({ source: 'SQS', payload: sns(json(Shipment)) })
  async handle(shipment: Shipment, _context: Context, { record }: Delivery<SQSRecord>): Promise<void> {
    await this.tracker.update(shipment, record.messageId);
  }
}

export const handler = new ShipmentHandler().handle;
