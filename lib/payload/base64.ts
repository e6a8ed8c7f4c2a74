import { decodeBase64 } from '../base64';
import { ParsingError } from '../errors';
import { checkReader, type Reader } from '../reader';
import { reader } from './marked';
import { textOf } from './text';

/**
 * Reads text in base64, and hands its bytes to the inner reader. Text that is no base64 fails the record.
 *
 * The data of a Kinesis record is decoded already: this is for messages, and for data that was encoded twice.
 *
 * @throws TypeError where the inner reader does not read bytes
 */
export function base64<T>(inner: Reader<Buffer, T>): Reader<string | Uint8Array, T> {
  checkReader('base64()', inner, 'bytes');
  return reader(['text', 'bytes'], (raw: string | Uint8Array) => {
    const bytes = decodeBase64(textOf(raw));
    if (bytes === undefined) throw new ParsingError('The payload is no base64.');
    return inner(bytes);
  });
}
