import { BatchProcessingError } from '../../errors';
import { ChunkError } from '../chunk-error';

/** The error of one entry of a request, by the name that the service gives to what went wrong. */
export function failure(name: string, message: string): Error {
  const error = new BatchProcessingError(message);
  return Object.defineProperty(error, 'name', { value: name, writable: true, configurable: true });
}

/** What to throw for the entries that failed; undefined where there are none. */
export function chunkErrorOf(failures: ReadonlyMap<number, Error>): ChunkError | undefined {
  return failures.size === 0 ? undefined : new ChunkError(failures);
}
