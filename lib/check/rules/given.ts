import { open, type Open } from '../model';

type Known<T> = Exclude<T, typeof open | undefined>;

/**
 * What `breach` says of values, where all of them are known: not open, and not undefined, as what was not among what was read.
 * Where undefined says something itself, such as no limit, `or` and `limitOf` put that in its place.
 */
export function given<const T extends readonly unknown[], B>(
  values: T,
  breach: (...values: { -readonly [I in keyof T]: Known<T[I]> }) => B | undefined,
): B | undefined {
  if (values.some((value) => value === open || value === undefined)) return undefined;
  return breach(...(values as never));
}

/** A value, or another where nothing is said. */
export function or<T, D>(value: Open<T | undefined>, otherwise: D): Open<T | D> {
  return value === undefined ? otherwise : value;
}

/** A limit of a mapping, Infinity where there is none: nothing is said, or -1. */
export function limitOf(value: Open<number | undefined>): Open<number> {
  return value === undefined || value === -1 ? Infinity : value;
}
