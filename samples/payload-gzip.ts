/** Kinesis records in gzip, inflated to a megabyte at most; a record that is cut off fails with the rest of its key. */
import { z } from 'zod';

import { BatchHandler } from '../lib';
import { gunzip, json } from '../lib/payload';

const Readings = z.object({ meter: z.string(), kilowattHours: z.array(z.number().nonnegative()) });
type Readings = z.infer<typeof Readings>;

class MeterBoard {
  readonly #totals = new Map<string, number>();

  async add({ meter, kilowattHours }: Readings): Promise<void> {
    const sum = kilowattHours.reduce((total, reading) => total + reading, 0);
    this.#totals.set(meter, (this.#totals.get(meter) ?? 0) + sum);
  }
}

class MeterHandler {
  constructor(private readonly meters = new MeterBoard()) {}

  @BatchHandler({
    source: 'KinesisDataStreams',
    order: 'key',
    payload: gunzip(json(Readings), { maxBytes: 1024 * 1024 }),
  })
  async handle(readings: Readings): Promise<void> {
    await this.meters.add(readings);
  }
}

export const handler = new MeterHandler().handle;
