import type { Json } from './json';

/** A text that was parsed. */
export interface Parsed {
  readonly value: Json;
  /** The line of a key, from 1, by the keys that lead to it; undefined where it is not in the text, as behind an anchor. */
  readonly lineOf: (path: readonly string[]) => number | undefined;
}

/** How deep objects and lists may be in each other; templates are a tenth of that, and all that follows is recursive. */
const DEEPEST = 200;

/** @throws Error where it is too deep */
export function checkDepth(depth: number): void {
  if (depth > DEEPEST) throw new Error(`it is nested more than ${DEEPEST} levels deep`);
}
