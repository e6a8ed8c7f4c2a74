/** A stream in order within each partition key: a failure stops the rest of its key, and the other keys go on. */
import type { KinesisStreamRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';

export interface MeterReading {
  readonly meter: string;
  readonly kilowattHours: number;
}

export class MeterBoard {
  readonly #latest = new Map<string, number>();

  async advance({ meter, kilowattHours }: MeterReading): Promise<void> {
    if (kilowattHours < 0) throw new RangeError(`Meter ${meter} cannot run backwards.`);
    this.#latest.set(meter, kilowattHours);
  }
}

export class MeterHandler {
  constructor(private readonly meters = new MeterBoard()) {}

  @BatchHandler({ source: 'KinesisDataStreams', order: 'key' })
  async handle(record: KinesisStreamRecord): Promise<void> {
    const data = Buffer.from(record.kinesis.data, 'base64').toString();
    await this.meters.advance(JSON.parse(data) as MeterReading);
  }
}

export const handler = new MeterHandler().handle;
