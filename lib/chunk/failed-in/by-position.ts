import type { ChunkError } from '../chunk-error';
import { chunkErrorOf, failure } from './failures';
import { type Api, kindOf, filledListOf, misfit, nameIn, objectOf } from './misfit';

/** What became of one entry of a request. */
export interface EntryAnswer {
  /** Where the entry failed. */
  readonly ErrorCode?: string | null | undefined;
  readonly ErrorMessage?: string | null | undefined;
}

/** An API that answers with a list in which each entry has the position of its entry in the request. */
export interface PositionalApi extends Api {
  readonly service: string;
  /** Where the answer has the list. */
  readonly list: string;
  /** Where the answer says how many entries failed. */
  readonly count: string;
  /** Whether an ErrorMessage is about the service alone; any other can repeat a value of what was sent. */
  readonly isMessageSafe: boolean;
}

/**
 * The entries that have an ErrorCode.
 *
 * @throws BatchProcessingError where the answer fits no request
 */
export function byPosition(api: PositionalApi, result: unknown): ChunkError | undefined {
  const answer = objectOf(api, 'the answer', result);
  const failures = new Map<number, Error>();
  for (const [index, entry] of filledListOf(api, api.list, answer[api.list]).entries()) {
    const error = errorOf(api, `${api.list}[${index}]`, entry);
    if (error !== undefined) failures.set(index, error);
  }
  const count = answer[api.count];
  if (count !== failures.size) {
    const expected = `${api.count} to be ${failures.size}, as many as there are entries with an ErrorCode`;
    throw misfit(api, expected, typeof count === 'number' ? String(count) : kindOf(count));
  }
  return chunkErrorOf(failures);
}

function errorOf(api: PositionalApi, what: string, entry: unknown): Error | undefined {
  const { ErrorCode, ErrorMessage } = objectOf(api, what, entry);
  if (ErrorCode === undefined || ErrorCode === null) {
    if (ErrorMessage === undefined || ErrorMessage === null) return undefined;
    throw misfit(api, `${what} to have an ErrorCode where it has an ErrorMessage`, kindOf(ErrorCode));
  }
  const because = api.isMessageSafe && typeof ErrorMessage === 'string' ? `: ${ErrorMessage}` : '.';
  return failure(nameIn(api, `the ErrorCode of ${what}`, ErrorCode), `${api.service} has not taken it${because}`);
}
