import { inspect } from 'node:util';

/** A received value with its type, as `'many' (string)`. Never throws. */
export function show(value: unknown): string {
  try {
    return `${inspect(value, { depth: 0 })} (${typeof value})`;
  } catch {
    return `a value of type ${typeof value}`;
  }
}
