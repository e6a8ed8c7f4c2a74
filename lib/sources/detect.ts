import { rows } from '.';
import type { Source } from './source';

/** The built-in source of which a record is; undefined where it is of none. */
export function detectSource(record: unknown): Source | undefined {
  return rows.find((source) => isFrom(source, record));
}

/** Whether a record is one of a source: by what it says, or, where it says nothing, by its shape. */
export function isFrom(source: Pick<Source, 'eventSource' | 'hasShape'>, record: unknown): boolean {
  if (typeof record !== 'object' || record === null) return false;
  const { eventSource } = record as { eventSource?: unknown };
  return source.eventSource === undefined || (eventSource ?? undefined) === undefined
    ? source.hasShape(record)
    : eventSource === source.eventSource;
}

/** Whether an event is a batch of a source, with records. */
export function isBatchOf(source: Source, event: unknown): boolean {
  try {
    const [record] = source.records(event);
    return isFrom(source, record);
  } catch {
    return false;
  }
}

/** What a record is reported by; undefined where it has nothing that Lambda would know. */
export function identifierOf(
  source: Pick<Source, 'itemIdentifier' | 'textOf'>,
  record: unknown,
): Identifier | undefined {
  const identifier = source.itemIdentifier(record);
  if (typeof identifier === 'string') return identifier === '' ? undefined : identifier;
  const isOne = typeof identifier === 'object' && identifier !== null && source.textOf !== undefined;
  return isOne ? identifier : undefined;
}

/** What a record is reported by: a value, which is never logged but by its text. Objects only where the source has `textOf`. */
export type Identifier = string | object;

/** An identifier in one line. */
export function textOf(source: Pick<Source, 'textOf'>, identifier: Identifier): string {
  return typeof identifier === 'string' ? identifier : source.textOf!(identifier);
}
