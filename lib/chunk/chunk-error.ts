import { BatchProcessingError } from '../errors';
import { named } from '../errors/named';

/**
 * What a method that handles chunks throws where some of its records failed: which, by their index in the chunk, each with
 * its error. All others have succeeded.
 *
 * A map that is empty, or has something else than indexes of the chunk, fails all of it. Also known where it comes from
 * another copy of this package.
 *
 * @example
 * ```ts
 * throw new ChunkError(new Map([[2, new Error('The order is there already.')]])); // all others have succeeded
 * ```
 */
export class ChunkError extends BatchProcessingError {
  static {
    named(this, 'ChunkError');
  }

  /** Not shown by loggers: an error can hold a record. */
  declare readonly failures: ReadonlyMap<number, unknown>;

  constructor(failures: ReadonlyMap<number, unknown>, options?: ErrorOptions) {
    super(`Records of the chunk failed, by their index: ${indexesIn(failures)}.`, options);
    Object.defineProperty(this, 'failures', { value: failures, writable: true, configurable: true });
  }
}

/** For who looks for an index that does not fit: the first ten, and nothing that is no number. */
function indexesIn(failures: unknown): string {
  if (!(failures instanceof Map)) return 'none, since it was given no Map';
  const indexes = [...Map.prototype.keys.call(failures)].map((index) =>
    typeof index === 'number' ? String(index) : `a value of type ${typeof index}`,
  );
  if (indexes.length === 0) return 'none';
  return `${indexes.slice(0, 10).join(', ')}${indexes.length > 10 ? `, and ${indexes.length - 10} more` : ''}`;
}
