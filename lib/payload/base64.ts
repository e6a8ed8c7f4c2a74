import { decodeBase64 } from '../sources/base64';
import { ParsingError } from '../errors';
import type { Reader } from '../batch/reader';
import { checkKind } from './check-kind';
import { marked, type ReadPayload } from './reader';
import { textOf } from './text';

/**
 * Reads text in base64, and hands its bytes to the inner reader. Text that is no base64 fails the record.
 *
 * The data of a Kinesis record is decoded already: this is for messages, and for data that was encoded twice.
 *
 * @throws TypeError where the inner reader does not read bytes
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'SQS', payload: base64(gunzip(json<Order>())) }, (order) => orders.place(order));
 * ```
 */
export function base64<T>(inner: ReadPayload<Buffer, T>): Reader<string | Uint8Array, T> {
  checkKind('base64()', inner, 'bytes');
  return marked(['text', 'bytes'], (raw: string | Uint8Array) => {
    const bytes = decodeBase64(textOf(raw));
    if (bytes === undefined) throw new ParsingError('The payload is no base64.');
    return inner(bytes);
  });
}
