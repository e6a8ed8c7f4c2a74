import { UnexpectedBatchTypeError } from './errors';
import { type Source, type SourceName, sourceOf } from './sources';
import { identifierOf, isFrom } from './sources/detect';

/** The records of one invocation, with their identifiers as they were before any user code ran. */
export interface Batch<R = unknown> {
  readonly source: Omit<Source<R>, 'payload'>;
  readonly records: readonly R[];
  /** Index-aligned with the records; undefined where a record has none. */
  readonly identifiers: readonly (string | undefined)[];
}

/**
 * The records of a Lambda event.
 *
 * @throws UnexpectedBatchTypeError where the event is no batch, or a tumbling window, whose answer needs a state
 */
export function recordsOf(event: unknown): unknown[] {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw unexpected('an event { Records: [...] }', `${kindOf(event)}.`);
  }
  const { Records: records, window } = event as { Records?: unknown; window?: unknown };
  if (!Array.isArray(records)) {
    const hint = 'To try a single record, as in a unit test, call the entry with { Records: [record] }.';
    throw unexpected('an event { Records: [...] }', `Records: ${kindOf(records)}. ${hint}`);
  }
  if (window !== undefined && window !== null) {
    throw unexpected('an event without a tumbling window', 'one with a window, whose answer needs a state.');
  }
  return records as unknown[];
}

/**
 * The batch that records of a source make: checked, copied, and with their identifiers.
 *
 * @throws UnexpectedBatchTypeError where a record is of another source
 */
export function readBatch(name: SourceName, records: readonly unknown[]): Batch {
  const source = sourceOf(name);
  const { length } = records;
  const copies = new Array<unknown>(length);
  const identifiers = new Array<string | undefined>(length);
  for (let index = 0; index < length; index++) {
    const record = records[index];
    if (!isFrom(source, record)) {
      throw unexpected(`records of ${name} (${source.eventSource})`, `at index ${index} ${originOf(record)}.`);
    }
    copies[index] = record;
    identifiers[index] = identifierOf(source, record);
  }
  return { source, records: copies, identifiers };
}

/** The batch that records of an unknown source make: none of them can be reported. */
export function unknownBatch(records: readonly unknown[]): Batch {
  const source: Batch['source'] = {
    eventSource: '',
    hasShape: () => true,
    itemIdentifier: () => undefined,
    orderingKey: () => undefined,
  };
  return { source, records: [...records], identifiers: records.map(() => undefined) };
}

function originOf(record: unknown): string {
  if (typeof record !== 'object' || record === null) return kindOf(record);
  const { eventSource } = record as { eventSource?: unknown };
  if (eventSource === undefined) return 'one of unknown shape';
  return `one whose eventSource is ${typeof eventSource === 'string' ? `'${eventSource.slice(0, 40)}'` : kindOf(eventSource)}`;
}

/** What a value is, in words: never the value, which can be a payload. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

function unexpected(expected: string, received: string): UnexpectedBatchTypeError {
  return new UnexpectedBatchTypeError(`Expected ${expected}, received ${received}`);
}
