import type { AnyReader, Reader, Reading, RecordMethod } from '../batch/reader';
import { isDurable, refuseInDurable } from '../batch/durable';
import { isThenable, quietly } from '../batch/thenable';
import { BatchProcessingError, ParsingError } from '../errors';
import { isError } from '../errors/without-payload';
import { bytesOf } from '../sources/base64';
import type { PayloadPlace } from '../sources/source';
import { checkKind } from './check-kind';
import { received } from './received';

/** The code that has a record read by a reader, for that reader to carry. */
export function readingBy(reader: AnyReader, kinds: Reading['kinds']): Reading {
  return {
    kinds,
    check: (who, { kind }) => {
      checkKind(who, reader, kind);
    },
    of: (place, record) => readPayload(place, reader, record),
    copy,
    method: (method, place, waits) => readingMethod(method, place, reader, waits),
    refusePromise,
    refuseToWait,
  };
}

/**
 * The payload of a record, or a promise of it.
 *
 * @throws ParsingError, also as rejection, whatever the reader throws
 */
function readPayload(place: PayloadPlace, reader: AnyReader, record: unknown): unknown {
  try {
    const payload = (reader as Reader<unknown, unknown>)(rawOf(place, record));
    if (!isThenable(payload)) return payload;
    return Promise.resolve(payload).then(undefined, (thrown: unknown) => {
      throw unreadable(thrown);
    });
  } catch (thrown) {
    throw unreadable(thrown);
  }
}

/** @throws ParsingError where the record has no payload of its kind */
function rawOf(place: PayloadPlace, record: unknown): unknown {
  const raw = place.of(record);
  if (place.kind === 'change') return raw;
  const isText = place.kind === 'text';
  const payload = isText ? textIn(raw) : bytesOf(raw);
  if (payload !== undefined) return payload;
  const expected = isText ? 'text' : 'bytes, or text in base64';
  throw new ParsingError(`Expected the payload of the record to be ${expected}, ${received(raw)}`);
}

const textIn = (raw: unknown): string | undefined => (typeof raw === 'string' ? raw : undefined);

function copy(place: PayloadPlace, record: unknown, payload: unknown): object {
  if (place.kind !== 'change') return place.with(record, payload);
  const { eventName, newImage, oldImage } = (payload ?? {}) as Partial<Record<string, unknown>>;
  if (typeof eventName !== 'string') {
    throw new BatchProcessingError(
      'Expected the payload reader to return { eventName, newImage?, oldImage? }, as images() does, received something else.',
    );
  }
  return place.with(record, {
    ...(newImage !== undefined && { NewImage: newImage }),
    ...(oldImage !== undefined && { OldImage: oldImage }),
  });
}

/** A method that is called with the payload of its record; `waits` unless a synchronous processor calls it. */
function readingMethod(method: RecordMethod, place: PayloadPlace, reader: AnyReader, waits: boolean): RecordMethod {
  return function (record, context, delivery) {
    const payload = readPayload(place, reader, record);
    if (!isThenable(payload)) return method.call(this, payload, context, delivery);
    if (!waits) throw refusePromise(payload);
    refuseToWait(payload, context);
    return payload.then((read) => {
      delivery.signal.throwIfAborted(); // the batch has been answered without this record
      return method.call(this, read, context, delivery);
    });
  };
}

function refusePromise(payload: PromiseLike<unknown>): BatchProcessingError {
  quietly(() => payload);
  return new BatchProcessingError(
    'The payload reader, or its schema, returned a promise to a sync processor, which cannot wait for it: use an async one.',
  );
}

/** Methods would be called, and so make their durable operations, in the order in which their payloads are read. */
function refuseToWait(payload: PromiseLike<unknown>, context: unknown): void {
  if (isDurable(context)) quietly(() => payload);
  refuseInDurable(context, 'a payload reader that returns a promise');
}

/** Without the error that the reader threw, which can quote the payload. */
function unreadable(thrown: unknown): BatchProcessingError {
  return isError(thrown) && thrown instanceof BatchProcessingError ? thrown : new ParsingError();
}
