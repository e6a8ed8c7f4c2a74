/** Kinesis records in which the Kinesis Producer Library has put several: a reader takes them apart, in order. */
import { BatchHandler } from '../lib';
import { reader } from '../lib/payload';

interface Reading {
  readonly meter: string;
  readonly kilowattHours: number;
}

/** Four bytes that say what it is, a message of Protocol Buffers, and sixteen bytes of MD5. */
const readingsIn = reader((data: Buffer): Reading[] =>
  fieldsOf(data.subarray(4, -16))
    .flatMap(fieldsOf)
    .map((bytes) => JSON.parse(bytes.toString()) as Reading),
);

/** The bytes of the fields 3 of a message: the records of the container, and the data of each. */
export function fieldsOf(message: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message.readUInt8(at++);
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = next();
    const length = next(); // or, of a number, its value
    if (tag % 8 === 0) continue;
    if (tag === 26) found.push(message.subarray(at, at + length));
    at += length;
  }
  return found;
}

class MeterBoard {
  readonly #latest = new Map<string, number>();

  async advance({ meter, kilowattHours }: Reading): Promise<void> {
    if (kilowattHours < 0) throw new RangeError(`Meter ${meter} cannot run backwards.`);
    this.#latest.set(meter, kilowattHours);
  }
}

class MeterHandler {
  constructor(private readonly meters = new MeterBoard()) {}

  // By shard: the partition key of a container is not that of what it holds.
  @BatchHandler({ source: 'KinesisDataStreams', order: 'shard', payload: readingsIn })
  async handle(readings: Reading[]): Promise<void> {
    for (const reading of readings) await this.meters.advance(reading);
  }
}

export const handler = new MeterHandler().handle;
