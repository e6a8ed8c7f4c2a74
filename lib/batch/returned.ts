import { nodeUtil } from '../errors/show';
import { BatchProcessingError } from '../errors';
import { isError } from '../errors/without-payload';
import { hush, isThenable, quietly } from './thenable';

/**
 * The error of a record whose method has returned, or resolved to, what can't be meant as success: a computation of which
 * nothing has run, promises that nobody awaits, Lambda's own answer, an Error. Undefined for all else, which is ignored.
 */
export function refusalOf(value: unknown): Error | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  try {
    if (isError(value)) return value;
    const lazy = lazyKindOf(value);
    if (lazy !== undefined) return ranNothing(lazy);
    if (Array.isArray(value) && value.some(isThenable)) {
      hush(value);
      return new BatchProcessingError(
        'The method returned an array of promises, which nobody awaits: return Promise.all of them.',
      );
    }
    if (!Array.isArray((value as { batchItemFailures?: unknown }).batchItemFailures)) return undefined;
  } catch {
    return undefined; // what can't be looked at is no such thing
  }
  return new BatchProcessingError(
    'The method handles one record, and has to throw where that fails; it returned { batchItemFailures }.',
  );
}

/** What a value is of which nothing has run, in words; undefined where it is none. A thenable runs when it is awaited. */
export function lazyKindOf(value: unknown): string | undefined {
  if (isThenable(value)) return undefined;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return undefined;
  if (isGenerator(value)) return 'a generator';
  const { next } = value as { next?: unknown };
  if (Symbol.asyncIterator in value || (Symbol.iterator in value && typeof next === 'function')) return 'an iterator';
  if (OBSERVABLE in value || ((Symbol as { observable?: symbol }).observable ?? OBSERVABLE) in value)
    return 'an Observable';
  return EFFECTS.some((effect) => effect in value) ? 'an Effect' : undefined;
}

/** Where nobody has defined Symbol.observable. */
const OBSERVABLE = '@@observable';

/** By which the values of the package effect are known, from 3 and from 4 on. */
const EFFECTS = [Symbol.for('effect/Effect'), '~effect/Effect'];

/** Whether it is a generator, or what compilers for older targets make of one. */
export function isGenerator(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const has = (name: string): boolean => typeof (value as Record<string, unknown>)[name] === 'function';
  const compiled = (): boolean =>
    ['next', 'throw', 'return'].every(has) && (Symbol.asyncIterator in value || Symbol.iterator in value);
  return nodeUtil().types.isGeneratorObject(value) || quietly(compiled) === true;
}

/** @param what was returned */
export function ranNothing(what = 'a generator'): BatchProcessingError {
  return new BatchProcessingError(`The method returned ${what}, of which nothing has run: await what it does.`);
}

/** What `lazyKindOf` knows, as far as types can tell: functions, generators, streams, Observables. */
export type Computation =
  | ((...args: never[]) => unknown)
  | AsyncIterable<unknown>
  | Iterator<unknown, unknown, never>
  | { subscribe(...args: never[]): unknown; pipe(...args: never[]): unknown };
