import { UnexpectedBatchTypeError } from '../errors';
import { serviceOf } from './service';

/**
 * The records of an event that has them as `{ Records: [...] }`.
 *
 * @throws UnexpectedBatchTypeError where the event is no batch, or a tumbling window, whose answer needs a state
 */
export function recordsOf(event: unknown): readonly never[] {
  const { Records: records, window } = Object(event) as { Records?: unknown; window?: unknown };
  if (!Array.isArray(records)) {
    const hint = 'To try a single record, as in a unit test, call the entry with { Records: [record] }.';
    throw otherThan('an event { Records: [...] }', event, `Records: ${kindOf(records)}. ${hint}`);
  }
  if (window !== undefined && window !== null) {
    throw unexpected('an event without a tumbling window', 'one with a window, whose answer needs a state.');
  }
  return records as never[];
}

/** The error of an event that is of something else: of what, where that can be told; else `otherwise` says what it has. */
export function otherThan(expected: string, event: unknown, otherwise: string): UnexpectedBatchTypeError {
  if (typeof event !== 'object' || event === null) return unexpected(expected, `${kindOf(event)}.`);
  const isArray = Array.isArray(event);
  const sent = Object(isArray ? event[0] : event) as { readonly eventSource?: unknown };
  const service = isArray && sent.eventSource !== undefined ? undefined : serviceOf(sent); // pipes send records
  if (service === undefined) return unexpected(expected, isArray ? fromPipe : otherwise);
  const hint = 'Answer what is no batch before the entry is called.';
  return unexpected(expected, `an ${isArray ? 'array with an ' : ''}event of ${service}. ${hint}`);
}

const fromPipe = 'an array. From EventBridge Pipes? See pipe() of lambda-batch-handler/pipes.';

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
