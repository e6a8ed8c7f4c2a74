import type { RecordMethod } from './entry';
import { BatchProcessingError, ParsingError } from './errors';
import { isThenable, quietly } from './log';
import { show } from './show';
import type { PayloadKind, PayloadPlace } from './sources/source';
import { isError } from './without-payload';

/**
 * Turns the raw payload of a record into what its method is called with; may be async. What it throws, or rejects with,
 * fails that record alone, as ParsingError.
 *
 * The raw payload is the body of an SQS message (string), the data of a Kinesis record (Buffer), or the DynamoDBRecord.
 */
export type Reader<Raw, T> = (raw: Raw) => T | Promise<T>;

/** A reader of whatever source. */
export type AnyReader = Reader<never, unknown>;

/** Where a ready-made reader keeps which kinds of payload it reads; a reader of a user's own has no such mark. */
export const reads = Symbol.for('lambda-batch-handler:reads');

/** @throws TypeError where a reader cannot read this kind of payload */
export function checkReader(who: string, reader: unknown, kind: PayloadKind): void {
  if (typeof reader !== 'function') {
    throw new TypeError(`${who}: expected a payload reader (a function), received ${show(reader)}.`);
  }
  const kinds = (reader as { [reads]?: readonly PayloadKind[] })[reads];
  if (kinds !== undefined && !kinds.includes(kind)) {
    throw new TypeError(`${who}: expected a reader of ${kind}, received a reader of ${kinds.join(' or ')}.`);
  }
}

/**
 * The payload of a record, or a promise of it.
 *
 * @throws ParsingError, also as rejection, whatever the reader throws
 */
export function readPayload(place: PayloadPlace<unknown>, reader: AnyReader, record: unknown): unknown {
  try {
    const payload = (reader as Reader<unknown, unknown>)(place.of(record));
    if (!isThenable(payload)) return payload;
    return Promise.resolve(payload).then(undefined, (thrown: unknown) => {
      throw unreadable(thrown);
    });
  } catch (thrown) {
    throw unreadable(thrown);
  }
}

/** A method that is called with the payload of its record; `waits` unless a synchronous processor calls it. */
export function readingMethod(
  method: RecordMethod,
  place: PayloadPlace<unknown>,
  reader: AnyReader,
  waits: boolean,
): RecordMethod {
  return function (record, context, delivery) {
    const payload = readPayload(place, reader, record);
    if (!isThenable(payload)) return method.call(this, payload, context, delivery);
    if (!waits) throw refusePromise(payload);
    return payload.then((read) => {
      delivery.signal.throwIfAborted(); // the batch has been answered without this record
      return method.call(this, read, context, delivery);
    });
  };
}

/** The error of a record whose payload is a promise, which a synchronous processor cannot wait for. */
export function refusePromise(payload: PromiseLike<unknown>): BatchProcessingError {
  quietly(() => payload);
  return new BatchProcessingError(
    'The payload reader, or its schema, returned a promise to a sync processor, which cannot wait for it: use an async one.',
  );
}

/** Without the error that the reader threw, which can quote the payload. */
function unreadable(thrown: unknown): BatchProcessingError {
  return isError(thrown) && thrown instanceof BatchProcessingError ? thrown : new ParsingError();
}
