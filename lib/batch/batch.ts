import type { Source } from '../sources';
import { type Identifier, identifierOf, isFrom } from '../sources/detect';
import { kindOf, unexpected } from '../sources/records';

/** The records of one invocation, with their identifiers as they were before any user code ran. */
export interface Batch<R = unknown> {
  readonly source: Omit<Source<R>, 'payload' | 'records'>;
  readonly records: readonly R[];
  /** Index-aligned with the records; undefined where a record has none. */
  readonly identifiers: readonly (Identifier | undefined)[];
}

/**
 * The batch that records of a source make: checked, copied, and with their identifiers.
 *
 * @throws UnexpectedBatchTypeError where the records are no array, or a record is of another source
 */
export function readBatch(source: Source, records: readonly unknown[]): Batch {
  // A row in JavaScript may give what has no length: then no record would run, and none be reported.
  if (!Array.isArray(records)) throw unexpected(`an array of records of ${source.name}`, `${kindOf(records)}.`);
  const { length } = records;
  const copies = new Array<unknown>(length);
  const identifiers = new Array<Identifier | undefined>(length);
  for (let index = 0; index < length; index++) {
    const record: unknown = records[index];
    if (!isFrom(source, record)) {
      throw unexpected(
        `records of ${source.name} (${source.eventSource ?? 'by shape'})`,
        `at index ${index} ${originOf(record)}.`,
      );
    }
    copies[index] = record;
    identifiers[index] = identifierOf(source, record);
  }
  return { source, records: copies, identifiers };
}

function originOf(record: unknown): string {
  if (typeof record !== 'object' || record === null) return kindOf(record);
  const { EventSource, eventSource = EventSource } = record as Record<string, unknown>; // Amazon SNS has it in upper case
  if (eventSource === undefined) return 'one of unknown shape';
  return `one whose eventSource is ${typeof eventSource === 'string' ? `'${eventSource.slice(0, 40)}'` : kindOf(eventSource)}`;
}
