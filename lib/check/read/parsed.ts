import type { Json } from './json';

/** A text that was parsed. */
export interface Parsed {
  readonly value: Json;
  /** The line of a key, from 1, by the keys that lead to it; undefined where it is not in the text, as behind an anchor. */
  readonly lineOf: (path: readonly string[]) => number | undefined;
}
