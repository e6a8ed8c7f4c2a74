/** What was received in place of what AWS sends, in words: never the value, which is a payload. */
export function received(value: unknown): string {
  if (value === undefined || value === null) return `received ${String(value)}.`;
  if (typeof value === 'string') return 'received other text: was it parsed before?';
  const what = Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
  return `received ${what}: was it parsed before?`;
}
