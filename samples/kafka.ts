/** A topic of Kafka in order within each partition: a failure stops the rest of its partition, and a tombstone deletes. */
import type { Context } from 'aws-lambda';

import { BatchHandler, type Delivery } from '../lib';
import { kafka, type KafkaRecord, keyOf, tombstone } from '../lib/kafka';
import { json } from '../lib/payload';

export interface Reading {
  readonly celsius: number;
}

export class Thermometers {
  readonly #latest = new Map<string, number>();

  async set(room: string, { celsius }: Reading): Promise<void> {
    if (celsius < -273.15) throw new RangeError(`It cannot be ${celsius} °C.`);
    this.#latest.set(room, celsius);
  }

  async forget(room: string): Promise<void> {
    this.#latest.delete(room);
  }
}

export class ReadingHandler {
  constructor(private readonly thermometers = new Thermometers()) {}

  @BatchHandler({ source: kafka, order: 'partition', payload: tombstone(json<Reading>()) })
  async handle(reading: Reading | null, _context: Context, { record }: Delivery<KafkaRecord>): Promise<void> {
    const room = String(keyOf(record));
    if (reading === null) await this.thermometers.forget(room);
    else await this.thermometers.set(room, reading);
  }
}

export const handler = new ReadingHandler().handle;
