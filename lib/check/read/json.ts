/** What JSON can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [name: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a property of its own; undefined where there is none, or where the value is no object. */
export function property(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let at = value;
  for (const name of path) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

/** The entries of an object; none where the value is something else. */
export function entriesOf(value: Json | undefined): [name: string, value: Json][] {
  return isObject(value) ? Object.entries(value) : [];
}

/** A member of an object; of what is not known, that. */
export function member(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return typeof value === 'string' ? value : property(value, ...path);
}

/** A list of what is there. */
export const orNone = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);

export function textIn(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = property(value, ...path);
  return typeof found === 'string' ? found : undefined;
}
