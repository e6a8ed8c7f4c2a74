import { named } from '../../errors/named';
import { NothingCheckedError } from '../nothing-checked';

/** The error of a template, or of a folder, that cannot be read. */
export class UnreadableError extends NothingCheckedError {
  static {
    named(this, 'UnreadableError');
  }

  constructor(file: string, expected: string, wrong: string, options?: ErrorOptions) {
    super(`${file}: expected ${expected}, but ${wrong}.`, options);
  }
}
