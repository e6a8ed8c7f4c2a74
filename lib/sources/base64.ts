/**
 * The bytes that base64 text stands for, standard or URL-safe, with line breaks and padding or without; undefined where
 * it is no base64: Buffer.from alone drops what it does not know, and takes some letters for others.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replace(/\s+/g, '');
  const digits = compact.replace(/={1,2}$/, '');
  const isPadded = digits.length < compact.length;
  const isWhole = isPadded ? compact.length % 4 === 0 : digits.length % 4 !== 1;
  return isWhole && !/[^\w+/-]/.test(digits) ? Buffer.from(digits, 'base64') : undefined;
}

/**
 * The bytes that a value is, or that it stands for as base64 text; undefined where it is neither. Events have the text, and
 * what the SDK answers has bytes.
 */
export function bytesOf(value: unknown): Buffer | undefined {
  if (typeof value === 'string') return decodeBase64(value);
  // Not by instanceof: jest runs its tests in a realm with classes of its own.
  return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : undefined;
}
