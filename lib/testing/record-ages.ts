import { checkInteger } from './check';

/** How old a record may be: a year, which is as long as a stream keeps it at the most. */
const OLDEST_MS = 31_536_000_000;

/** How old a record is when a simulation starts, or how to tell it. */
export type AgeOf<P> = number | ((record: P, index: number) => number);

/** @throws TypeError, RangeError where an age is none, or more than that of the record before */
export function agesOf<P>(records: readonly P[], ageMs: AgeOf<P> = 0): number[] {
  let max = OLDEST_MS;
  return Array.from(records, (record, index) => {
    const age = typeof ageMs === 'function' ? ageMs(record, index) : ageMs;
    checkInteger(`ageMs of record ${index}, at most that of the record before,`, age, { min: 0, max });
    return (max = age);
  });
}
