import { types } from 'node:util';

/** The bytes of whatever holds bytes; undefined for anything else. */
export function bytesIn(value: unknown): Buffer | undefined {
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return types.isAnyArrayBuffer(value) ? Buffer.from(value) : undefined;
}
