/** A stream side by side: the first failure is the checkpoint, so all that comes after it is delivered again. */
import type { KinesisStreamRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';

interface Reading {
  readonly sensor: string;
  readonly takenAt: string;
  readonly celsius: number | null;
}

class ReadingStore {
  readonly #readings = new Map<string, number>();

  async put({ sensor, takenAt, celsius }: Reading): Promise<void> {
    if (celsius === null) throw new TypeError(`Sensor ${sensor} sent no temperature.`);
    this.#readings.set(`${sensor} ${takenAt}`, celsius);
  }
}

class ReadingHandler {
  constructor(private readonly readings = new ReadingStore()) {}

  @BatchHandler({ source: 'KinesisDataStreams' })
  async handle(record: KinesisStreamRecord): Promise<void> {
    const data = Buffer.from(record.kinesis.data, 'base64').toString();
    await this.readings.put(JSON.parse(data) as Reading);
  }
}

export const handler = new ReadingHandler().handle;
