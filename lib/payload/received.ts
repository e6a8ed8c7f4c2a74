import { kindOf } from '../sources/records';

/** What was received in place of what AWS sends, in words: never the value, which is a payload. */
export function received(value: unknown): string {
  if (value === undefined || value === null) return `received ${kindOf(value)}.`;
  return `received ${typeof value === 'string' ? 'other text' : kindOf(value)}: was it parsed before?`;
}
