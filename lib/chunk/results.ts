import { hush, quietly } from '../batch/thenable';
import { kindOf } from '../sources/records';
import { ChunkError } from './chunk-error';

/** What became of a record of a chunk: nothing where it succeeded, or what it failed with. */
export type Result = { readonly error: unknown } | undefined;

/** What a method said of each record of a chunk by what it resolved to: nothing is success, and all else is not meant. */
export function resultsOfReturned(value: unknown, count: number): Result[] {
  if (value === undefined) return all(undefined, count);
  hush(value);
  const message = `Expected the method to return nothing where all records of its chunk have succeeded, and to throw a ChunkError where some have failed, received ${quietly(() => kindOf(value)) ?? 'an object'}: look at the answer of a service, as failedIn of lambda-batch-handler/chunk does.`;
  return all({ error: new TypeError(message) }, count);
}

/** The same by what it threw: a ChunkError names those that failed, and anything else fails all of them. */
export function resultsOfThrown(thrown: unknown, count: number): Result[] {
  const failures = failuresIn(thrown, count);
  if (failures === undefined) return all({ error: thrown }, count);
  return Array.from({ length: count }, (_, index) =>
    failures.has(index) ? { error: failures.get(index) } : undefined,
  );
}

const all = (result: Result, count: number): Result[] => new Array<Result>(count).fill(result);

/** The failures of a ChunkError; undefined where it is none, or names what is not in the chunk. */
function failuresIn(thrown: unknown, count: number): ReadonlyMap<unknown, unknown> | undefined {
  try {
    if (!(thrown instanceof ChunkError)) return undefined;
    const { failures } = thrown as { readonly failures: unknown };
    if (!process.getBuiltinModule('node:util').types.isMap(failures)) return undefined;
    const known = new Map<unknown, unknown>(Map.prototype.entries.call(failures)); // as it is, whatever a subclass says
    const isOne = (index: unknown): boolean => Number.isInteger(index) && Number(index) >= 0 && Number(index) < count;
    return known.size > 0 && [...known.keys()].every(isOne) ? known : undefined;
  } catch {
    return undefined;
  }
}
