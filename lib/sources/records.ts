import { UnexpectedBatchTypeError } from '../errors';
import { serviceOf } from './service';

/**
 * The records of an event that has them as `{ Records: [...] }`.
 *
 * @throws UnexpectedBatchTypeError where the event is no batch, or a tumbling window, whose answer needs a state
 */
export function recordsOf(event: unknown): readonly never[] {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw unexpected('an event { Records: [...] }', `${kindOf(event)}.`);
  }
  const { Records: records, window } = event as { Records?: unknown; window?: unknown };
  if (!Array.isArray(records)) {
    const service = serviceOf(event);
    if (service !== undefined) {
      const hint = 'Answer what is no batch before the entry is called.';
      throw unexpected('an event { Records: [...] }', `an event of ${service}. ${hint}`);
    }
    const hint = 'To try a single record, as in a unit test, call the entry with { Records: [record] }.';
    throw unexpected('an event { Records: [...] }', `Records: ${kindOf(records)}. ${hint}`);
  }
  if (window !== undefined && window !== null) {
    throw unexpected('an event without a tumbling window', 'one with a window, whose answer needs a state.');
  }
  return records as never[];
}

/** What a value is, in words: never the value, which can be a payload. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a value of type ${typeof value}`;
}

/** The error of what is not what a source sends. */
export function unexpected(expected: string, received: string): UnexpectedBatchTypeError {
  return new UnexpectedBatchTypeError(`Expected ${expected}, received ${received}`);
}
