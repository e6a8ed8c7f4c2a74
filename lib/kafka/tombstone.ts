import { isReader, type Reader, type RecordMethod, reads } from '../batch/reader';
import { show } from '../errors/show';
import type { PayloadPlace } from '../sources/source';

/**
 * Reads a record of Kafka that has no value as `null`, and any other with a reader. Without it a tombstone fails as
 * ParsingError, since a deletion should not be handled as if it were an empty value.
 *
 * @throws TypeError where it is given no reader
 *
 * @example
 * ```ts
 * createBatchHandler({ source: kafka, payload: tombstone(json<Order>()) }, async (order) => {
 *   if (order !== null) await orders.place(order);
 * });
 * ```
 */
export function tombstone<Raw, T>(reader: Reader<Raw, T>): Reader<Raw, T | null> {
  if (!isReader(reader) || reader[reads].isOutermost === true) {
    throw new TypeError(`tombstone(): expected a payload reader, such as json(), received ${show(reader)}.`);
  }
  const reading = reader[reads];
  const read = (raw: Raw): T | Promise<T> => reader(raw);
  return Object.assign(read, {
    [reads]: {
      ...reading,
      isOutermost: true,
      check: (who, place) => {
        if (place.isTombstone === undefined) {
          throw new TypeError(`${who}: tombstone() is for records of Kafka, and those of this source have none.`);
        }
        reading.check(who, place);
      },
      of: (place, record) => (isTombstone(place, record) ? null : reading.of(place, record)),
      method: (method, place, waits) => {
        const readAndCall = reading.method(method, place, waits);
        return function (this: unknown, ...[record, ...rest]: Parameters<RecordMethod>) {
          return isTombstone(place, record)
            ? method.call(this, null, ...rest)
            : readAndCall.call(this, record, ...rest);
        };
      },
    } satisfies typeof reading,
  });
}

function isTombstone(place: PayloadPlace, record: unknown): boolean {
  return place.isTombstone?.(record) === true;
}
