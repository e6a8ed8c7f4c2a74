import { constants } from 'node:buffer';
import { gunzipSync } from 'node:zlib';

import { ParsingError } from '../errors';
import { checkReader, type Reader } from '../reader';
import { show } from '../show';
import { reader } from './marked';

/** Options of `gunzip`. */
export interface GunzipOptions {
  /** The most bytes to inflate to; a payload that holds more fails its record. A positive integer. Default: 32 MiB. */
  readonly maxBytes?: number;
}

/**
 * Inflates bytes in gzip, and hands them to the inner reader. What is no gzip, or is cut off, fails the record.
 *
 * @throws TypeError where the inner reader does not read bytes, or an option is not what it should be
 */
export function gunzip<T>(inner: Reader<Buffer, T>, options: GunzipOptions = {}): Reader<Uint8Array, T> {
  checkReader('gunzip()', inner, 'bytes');
  const { maxBytes = 32 * 1024 * 1024 } = options;
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > constants.MAX_LENGTH) {
    throw new TypeError(`gunzip(): expected maxBytes to be a positive number of bytes, received ${show(maxBytes)}.`);
  }
  return reader(['bytes'], (raw: Uint8Array) => inner(inflate(raw, maxBytes)));
}

function inflate(raw: Uint8Array, maxOutputLength: number): Buffer {
  try {
    return gunzipSync(raw, { maxOutputLength });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new ParsingError(
      isTooLarge
        ? `The payload inflates to more than ${maxOutputLength} bytes.`
        : 'The payload is no gzip, or is cut off.',
    );
  }
}
