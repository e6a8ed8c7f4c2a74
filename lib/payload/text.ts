import { ParsingError } from '../errors';
import { reader } from './marked';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads text: the body of a message as it is, bytes as UTF-8. Bytes that are no UTF-8 fail the record. */
export const text = (): ((raw: string | Uint8Array) => string) => reader(['text', 'bytes'], textOf);

/** @throws ParsingError where bytes are no UTF-8 */
export function textOf(raw: string | Uint8Array): string {
  if (typeof raw === 'string') return raw;
  try {
    return utf8.decode(raw);
  } catch {
    throw new ParsingError('The payload is no UTF-8.');
  }
}
