import { type Marked, marked } from './reader';
import { unreadablePayload } from './unreadable';

let utf8: InstanceType<typeof TextDecoder> | undefined;

/**
 * Reads text: the body of a message as it is, bytes as UTF-8. Bytes that are no UTF-8 fail the record.
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'SQS', payload: text() }, (body) => orders.place({ id: body.trim() }));
 * ```
 */
export const text = (): ((raw: string | Uint8Array) => string) & Marked => marked(['text', 'bytes'], textOf);

/** @throws ParsingError where bytes are no UTF-8 */
export function textOf(raw: string | Uint8Array): string {
  if (typeof raw === 'string') return raw;
  try {
    utf8 ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }); // on use: bodies are text already
    return utf8.decode(raw);
  } catch {
    throw unreadablePayload(raw, 'The payload is no UTF-8.');
  }
}
