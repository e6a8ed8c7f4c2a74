/** Up to four message groups of a FIFO queue at once, each of them in its own order. */
import type { SQSRecord } from 'aws-lambda';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { BatchHandler } from '../lib';

export interface Parcel {
  readonly id: string;
  readonly weight: number;
}

export class Carrier {
  readonly #labels = new Map<string, string>();

  /** Slow, as calls over a network are: worth waiting for several at once. */
  async label({ id, weight }: Parcel): Promise<void> {
    await nextTurn();
    if (weight > 30) throw new RangeError(`Parcel ${id} is too heavy.`);
    this.#labels.set(id, `label of ${id}`);
  }
}

export class ParcelHandler {
  constructor(private readonly carrier = new Carrier()) {}

  @BatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true, concurrency: 4 })
  async handle(record: SQSRecord): Promise<void> {
    await this.carrier.label(JSON.parse(record.body) as Parcel);
  }
}

export const handler = new ParcelHandler().handle;
