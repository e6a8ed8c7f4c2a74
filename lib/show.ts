import { inspect } from 'node:util';

/** A received value with its type, as `'many' (string)`. */
export function show(value: unknown): string {
  return `${inspect(value, { depth: 0 })} (${typeof value})`;
}
