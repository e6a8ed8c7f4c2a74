import { ParsingError } from '../errors';
import { decodeBase64 } from '../sources/base64';
import type { KafkaRecord } from './event';

/**
 * The key of a record; null where it has none.
 *
 * @throws ParsingError where it is no base64
 *
 * @example
 * ```ts
 * createBatchHandler({ source: kafka }, (record) => {
 *   console.log(keyOf(record)?.toString());
 * });
 * ```
 */
export function keyOf({ key }: KafkaRecord): Buffer | null {
  if (key === undefined || key === null) return null;
  const bytes = typeof key === 'string' ? decodeBase64(key) : undefined;
  if (bytes === undefined) throw new ParsingError('Expected the key of the record to be text in base64.');
  return bytes;
}
