import { isThenable } from '../../batch/thenable';
import { BatchProcessingError } from '../../errors';

/** An API of which one of the functions looks at answers. */
export interface Api {
  /** The name of the function. */
  readonly helper: string;
  /** What the call is named where it is documented. */
  readonly call: string;
}

/** The error where an answer fits no request, so that nothing says what has succeeded. It shows nothing of an answer. */
export function misfit({ helper, call }: Api, expected: string, received: string): BatchProcessingError {
  return new BatchProcessingError(
    `failedIn.${helper}: expected ${expected}, received ${received}. Give it what one call of ${call} for the whole chunk resolved to, as it is.`,
  );
}

/** What a value is, in words that show nothing of it. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'a text';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return isThenable(value) ? 'a promise that was not awaited' : 'an object';
}

/** @throws BatchProcessingError where a value is no object */
export function objectOf(api: Api, what: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isThenable(value)) {
    throw misfit(api, `${what} to be an object`, kindOf(value));
  }
  return value as Readonly<Record<string, unknown>>;
}

/** @throws BatchProcessingError where a value is no array */
export function listOf(api: Api, what: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw misfit(api, `${what} to be an array`, kindOf(value));
  return value;
}

/** @throws BatchProcessingError where a value is no array, or has nothing in it: no request is empty */
export function filledListOf(api: Api, what: string, value: unknown): readonly unknown[] {
  const list = listOf(api, what, value);
  if (list.length === 0) throw misfit(api, `${what} to have something for each entry of the request`, 'an empty array');
  return list;
}

/** @throws BatchProcessingError where a value is no text, or has nothing in it */
export function nameIn(api: Api, what: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw misfit(api, `${what} to be a text`, kindOf(value));
  return value;
}
