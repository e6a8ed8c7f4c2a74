import { types } from 'node:util';

import { refuseUnknown } from '../errors/known-options';
import { show } from '../errors/show';

/** A number that has to be an integer between two bounds, both included. */
export interface IntegerRule {
  readonly min: number;
  readonly max: number;
  /** Whether Infinity will do as well. Default: false. */
  readonly orInfinity?: boolean;
}

/** For numbers of which any will do, such as seeds. */
export const anyInteger: IntegerRule = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };

/**
 * @throws TypeError where the value is no number
 * @throws RangeError where it is no integer, or out of bounds
 */
export function checkInteger(name: string, value: unknown, { min, max, orInfinity = false }: IntegerRule): void {
  if (orInfinity && value === Infinity) return;
  const upTo = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const expected = `Expected ${name} to be an integer ${upTo}${orInfinity ? ', or Infinity' : ''}`;
  if (typeof value !== 'number') throw new TypeError(`${expected}, received ${show(value)}.`);
  if (!Number.isInteger(value) || value < min || value > max) throw new RangeError(`${expected}, received ${value}.`);
}

/** @throws TypeError where the value is no function; undefined will do where it is optional */
export function checkFunction(name: string, value: unknown, optional = false): void {
  if (typeof value === 'function' || (optional && value === undefined)) return;
  throw new TypeError(`Expected ${name} to be a function, received ${show(value)}.`);
}

/** @throws TypeError where the value is no Date, or an invalid one */
export function checkDate(name: string, value: unknown): void {
  if (types.isDate(value) && !Number.isNaN(value.getTime())) return;
  throw new TypeError(`Expected ${name} to be a valid Date, received ${show(value)}.`);
}

/** @throws TypeError where the value is no array */
export function checkArray(name: string, value: unknown): void {
  if (!Array.isArray(value)) throw new TypeError(`Expected ${name} to be an array, received ${show(value)}.`);
}

/** @throws TypeError where the value is none of those named */
export function checkOneOf(name: string, value: unknown, values: readonly unknown[]): void {
  if (values.includes(value)) return;
  throw new TypeError(`Expected ${name} to be one of ${values.map(String).join(', ')}, received ${show(value)}.`);
}

/** Whether the value is an object, and no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws TypeError where the value is no object, or an array */
export function checkObject(name: string, value: unknown): void {
  if (isObject(value)) return;
  throw new TypeError(`Expected ${name} to be an object, received ${show(value)}.`);
}

/**
 * The options of a call, which may be left out.
 *
 * @param known the names that are options; left out, all may be
 * @throws TypeError where they are no object, or hold a name that is none of those known: a misspelt option is no option
 */
export function checkOptions(who: string, options: object, known?: readonly string[]): void {
  if (!isObject(options)) throw new TypeError(`${who}: expected options, received ${show(options)}.`);
  if (known !== undefined) refuseUnknown(who, options, known);
}

/** @throws TypeError where the value is no string */
export function checkString(name: string, value: unknown): void {
  if (typeof value === 'string') return;
  throw new TypeError(`Expected ${name} to be a string, received ${show(value)}.`);
}
