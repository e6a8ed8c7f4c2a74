import { type AnyReader, type Reader, reads } from '../batch/reader';
import { show } from '../errors/show';
import type { PayloadKind } from '../sources/source';
import { readingBy } from './reading';

/** What a reader does with a raw payload. */
export type ReadPayload<Raw, T> = (raw: Raw) => T | Promise<T>;

/**
 * Makes a payload reader of a function of your own, which may be async: what it returns is what the method is called with.
 * What it throws, or rejects with, fails that record alone, as ParsingError.
 *
 * It is given the body of an SQS message (string), the data of a Kinesis record (Buffer), the DynamoDBRecord, or what the row
 * of another source says.
 *
 * @throws TypeError where it is no function
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'SQS', payload: reader((body: string) => new URLSearchParams(body)) }, (form) =>
 *   orders.place({ id: form.get('id') ?? '' }),
 * );
 * ```
 */
export function reader<Raw, T>(read: ReadPayload<Raw, T>): Reader<Raw, T> {
  if (typeof read !== 'function') {
    throw new TypeError(`reader(): expected a function that reads a payload, received ${show(read)}.`);
  }
  if ((read as Partial<AnyReader>)[reads]?.isOutermost === true) {
    throw new TypeError('reader(): expected a function of your own, received a reader that goes around all others.');
  }
  return marked(undefined, read);
}

/** A reader of these kinds of payload, so that one that does not fit its source is refused early; of any, if undefined. */
export function marked<F extends (raw: never) => unknown>(
  kinds: readonly PayloadKind[] | undefined,
  read: F,
): F & Marked {
  const made = (raw: never): unknown => read(raw);
  return Object.assign(made, { [reads]: readingBy(made as never, kinds) }) as unknown as F & Marked;
}

/** What makes a function a Reader. */
export type Marked = Pick<AnyReader, typeof reads>;
