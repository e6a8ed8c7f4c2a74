import { ParsingError } from '../errors';
import type { KafkaRecord } from './event';

/**
 * The headers of a record, each with all of its values, in order: names may repeat. Text is `String(value)`.
 *
 * @throws ParsingError where they are not as Lambda sends them
 *
 * @example
 * ```ts
 * createBatchHandler({ source: kafka }, (record) => {
 *   console.log(String(headersOf(record).get('tenant')?.[0]));
 * });
 * ```
 */
export function headersOf({ headers }: Partial<Pick<KafkaRecord, 'headers'>>): ReadonlyMap<string, Buffer[]> {
  const values = new Map<string, Buffer[]>();
  for (const header of (headers as KafkaRecord['headers'] | null | undefined) ?? []) {
    for (const [name, bytes] of Object.entries(header)) {
      if (!Array.isArray(bytes)) throw new ParsingError('Expected each header of the record to be an array of bytes.');
      const value = Buffer.from(bytes); // Lambda writes signed bytes, which Buffer takes modulo 256
      const known = values.get(name);
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    }
  }
  return values;
}
