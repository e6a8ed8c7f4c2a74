/**
 * The bytes that base64 text stands for, standard or URL-safe, with line breaks and padding or without; undefined where
 * it is no base64: Buffer.from alone drops what it does not know.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replace(/\s+/g, '');
  const digits = compact.replace(/={1,2}$/, '').length;
  const isPadded = compact.length > digits;
  const bytes = Buffer.from(compact, 'base64');
  const isWhole = digits % 4 !== 1 && !(isPadded && digits % 4 === 0);
  return isWhole && bytes.length === Math.floor((digits * 3) / 4) ? bytes : undefined;
}
