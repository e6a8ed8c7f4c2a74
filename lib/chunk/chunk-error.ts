import { BatchProcessingError } from '../errors';
import { named } from '../errors/named';

/**
 * What a method that handles chunks throws where some of its records failed: which, by their index in the chunk, each with
 * its error. All others have succeeded.
 *
 * A map that is empty, or has something else than indexes of the chunk, fails all of it. Also known where it comes from
 * another copy of this package.
 */
export class ChunkError extends BatchProcessingError {
  static {
    named(this, 'ChunkError');
  }

  /** Not shown by loggers: an error can hold a record. */
  declare readonly failures: ReadonlyMap<number, unknown>;

  constructor(failures: ReadonlyMap<number, unknown>, options?: ErrorOptions) {
    super(
      `Some records of the chunk failed: ${(failures as Partial<typeof failures> | undefined)?.size ?? 0}.`,
      options,
    );
    Object.defineProperty(this, 'failures', { value: failures, writable: true, configurable: true });
  }
}
