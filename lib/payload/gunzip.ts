import { ParsingError } from '../errors';
import type { Reader } from '../batch/reader';
import { checkKind } from './check-kind';
import { show } from '../errors/show';
import { marked, type ReadPayload } from './reader';
import { unreadablePayload } from './unreadable';

/** Options of `gunzip`. */
export interface GunzipOptions {
  /** The most bytes to inflate to; a payload that holds more fails its record. A positive integer. Default: 32 MiB. */
  readonly maxBytes?: number;
}

/**
 * Inflates bytes in gzip, and hands them to the inner reader. What is no gzip, or is cut off, fails the record.
 *
 * @throws TypeError where the inner reader does not read bytes, or an option is not what it should be
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'KinesisDataStreams', payload: gunzip(json<Order>(), { maxBytes: 1024 * 1024 }) }, (order) =>
 *   orders.place(order),
 * );
 * ```
 */
export function gunzip<T>(inner: ReadPayload<Buffer, T>, options: GunzipOptions = {}): Reader<Uint8Array, T> {
  checkKind('gunzip()', inner, 'bytes');
  const { maxBytes = 32 * 1024 * 1024 } = options;
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > longestBuffer()) {
    throw new TypeError(`gunzip(): expected maxBytes to be a positive number of bytes, received ${show(maxBytes)}.`);
  }
  return marked(['bytes'], (raw: Uint8Array) => inner(inflate(raw, maxBytes)));
}

const longestBuffer = (): number => process.getBuiltinModule('node:buffer').constants.MAX_LENGTH;

function inflate(raw: Uint8Array, maxOutputLength: number): Buffer {
  try {
    // On use: readers of text are in one file with this one, and a cold start waits for every module.
    return process.getBuiltinModule('node:zlib').gunzipSync(raw, { maxOutputLength });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    if (isTooLarge) throw new ParsingError(`The payload inflates to more than ${maxOutputLength} bytes.`);
    throw unreadablePayload(raw, 'The payload is no gzip, or is cut off.');
  }
}
