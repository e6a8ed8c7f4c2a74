import { type AnyReader, reads } from '../batch/reader';
import { show } from '../errors/show';
import type { PayloadKind } from '../sources/source';

/** @throws TypeError where a reader cannot read this kind of payload; one that nobody marked may read any */
export function checkKind(who: string, reader: unknown, kind: PayloadKind): void {
  if (typeof reader !== 'function') {
    throw new TypeError(`${who}: expected a payload reader (a function), received ${show(reader)}.`);
  }
  const { kinds, isOutermost } = (reader as Partial<AnyReader>)[reads] ?? {};
  if (isOutermost === true) {
    throw new TypeError(
      `${who}: expected a reader that can be within another, received one that goes around all others, as tombstone() does.`,
    );
  }
  if (kinds !== undefined && !kinds.includes(kind)) {
    throw new TypeError(`${who}: expected a reader of ${kind}, received a reader of ${kinds.join(' or ')}.`);
  }
}
