import { BatchProcessingError } from '../errors';
import { named } from '../errors/named';

/** There was nothing to check: what was named cannot be read, or has no event source mapping. */
export class NothingCheckedError extends BatchProcessingError {
  static {
    named(this, 'NothingCheckedError');
  }
}
