import type { Context } from 'aws-lambda';

import type { PayloadKind, PayloadPlace } from '../sources/source';
import type { Delivery } from './delivery';

/** A method that handles one record. */
export type RecordMethod = (this: unknown, record: unknown, context: Context, delivery: Delivery) => unknown;

/** Where a reader keeps which kinds of payload it reads, and the code that has a record read; copies of the package share it. */
export const reads = Symbol.for('lambda-batch-handler:reads');

/** What a reader carries, so that who uses none loads nothing of it. */
export interface Reading {
  /** The kinds of payload that it reads; undefined where nobody said. */
  readonly kinds: readonly PayloadKind[] | undefined;
  /** Whether it cannot be the inner reader of another. */
  readonly isOutermost?: boolean;
  /** @throws TypeError where it cannot read the payload of such records */
  check(who: string, place: PayloadPlace): void;
  /**
   * The payload of a record, or a promise of it.
   *
   * @throws ParsingError, also as rejection, whatever the reader throws
   */
  of(place: PayloadPlace, record: unknown): unknown;
  /**
   * A copy of the record with what was read in place of its raw payload.
   *
   * @throws BatchProcessingError where that has no place in such a record
   */
  copy(place: PayloadPlace, record: unknown, payload: unknown): object;
  /** A method that is called with the payload of its record; `waits` unless a synchronous processor calls it. */
  method(method: RecordMethod, place: PayloadPlace, waits: boolean): RecordMethod;
  /** The error of a record whose payload is a promise, which a synchronous processor cannot wait for. */
  refusePromise(payload: PromiseLike<unknown>): Error;
  /** @throws TypeError in a durable function, where a payload is a promise */
  refuseToWait(payload: PromiseLike<unknown>, context: unknown): void;
}

/**
 * Turns the raw payload of a record into what its method is called with; may be async. What it throws, or rejects with,
 * fails that record alone, as ParsingError. Made by `json`, `reader` and the others of `lambda-batch-handler/payload`.
 *
 * The raw payload is the body of an SQS message (string), the data of a Kinesis record (Buffer), the DynamoDBRecord, or what
 * the row of another source says.
 */
export interface Reader<Raw, T> {
  (raw: Raw): T | Promise<T>;
  readonly [reads]: Reading;
}

/** A reader of whatever source. */
export type AnyReader = Reader<never, unknown>;

export function isReader(value: unknown): value is AnyReader {
  return typeof value === 'function' && typeof (value as Partial<AnyReader>)[reads]?.of === 'function';
}
