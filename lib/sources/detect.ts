import { type Source, type SourceName, sourceNames, sourceOf } from '.';

/** The source of which a record is; undefined where it is of none. */
export function detectSource(record: unknown): SourceName | undefined {
  return sourceNames.find((name) => isFrom(sourceOf(name), record));
}

/** Whether a record is one of a source: by what it says, or, where it says nothing, by its shape. */
export function isFrom(source: Source<unknown>, record: unknown): boolean {
  if (typeof record !== 'object' || record === null) return false;
  const { eventSource } = record as { eventSource?: unknown };
  return eventSource === source.eventSource || ((eventSource ?? undefined) === undefined && source.hasShape(record));
}

/** What a record is reported by; undefined where it has nothing that Lambda would know. */
export function identifierOf(source: Pick<Source<unknown>, 'itemIdentifier'>, record: unknown): string | undefined {
  const identifier = source.itemIdentifier(record);
  return typeof identifier === 'string' && identifier !== '' ? identifier : undefined;
}
