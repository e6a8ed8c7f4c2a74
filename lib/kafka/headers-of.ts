import type { KafkaRecord } from './event';

/** The headers of a record, each with all of its values, in order: names may repeat. Text is `String(value)`. */
export function headersOf({ headers = [] }: Partial<Pick<KafkaRecord, 'headers'>>): ReadonlyMap<string, Buffer[]> {
  const values = new Map<string, Buffer[]>();
  for (const [name, bytes] of headers.flatMap((header) => Object.entries(header))) {
    // Lambda writes signed bytes, which Buffer takes modulo 256.
    values.set(name, [...(values.get(name) ?? []), Buffer.from(bytes)]);
  }
  return values;
}
