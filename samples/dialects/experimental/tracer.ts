/** An X-Ray subsegment for each record, with its message id and its error, by Powertools Tracer: captureMethod stands below. */
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context, SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../../../lib';

interface Shipment {
  readonly order: string;
  readonly grams: number;
}

class Carrier {
  readonly #collected = new Set<string>();

  async collect({ order, grams }: Shipment): Promise<void> {
    if (grams > 30_000) throw new RangeError(`Order ${order} is too heavy for the carrier.`);
    this.#collected.add(order);
  }
}

const tracer = new Tracer({ serviceName: 'shipping' });

class ShipmentHandler {
  constructor(private readonly carrier = new Carrier()) {}

  @tracer.captureLambdaHandler()
  @BatchHandler({ source: 'SQS' })
  @tracer.captureMethod({ subSegmentName: 'shipment' })
  async handler(record: SQSRecord, _context: Context): Promise<void> {
    tracer.putAnnotation('messageId', record.messageId);
    await this.carrier.collect(JSON.parse(record.body) as Shipment);
  }
}

export const handler = new ShipmentHandler().handler;
