/** What the raw payload of a record is for a reader: a string, a Buffer, or, for DynamoDB, the record itself. */
export type PayloadKind = 'text' | 'bytes' | 'change';

/** Where the payload of a record is. `Raw` is the type of what a reader is given. */
export interface PayloadPlace<R = unknown, Raw = unknown> {
  readonly kind: PayloadKind;
  /**
   * What the record has there: text; for the kind `bytes`, bytes, or base64, which is decoded for the reader; for `change`, the
   * record. What is of another type fails the record.
   */
  of(record: R): unknown;
  /**
   * A copy of the record with something else there, for the class API: what was read, or, for the kind `change`, the images
   * `{ NewImage?, OldImage? }`.
   */
  with(record: R, payload: unknown): object;
  /** There is no such property: it says what type readers are given. */
  readonly '~raw'?: Raw;
}

/**
 * A row: all that the library has to know of an event source. Three have names (see `EventType`); any other is itself the
 * value of the option `source`, or of a processor's event type, and its types come with it.
 *
 * `R` is the type of its records, `Event` of what the function is called with, `Raw` of the payload that a reader is given,
 * and `Identifier` of what a record is reported by.
 */
export interface Source<R = unknown, Event = unknown, Raw = unknown, Identifier = unknown> {
  /** What options, logs and observers call it. */
  readonly name: string;
  /**
   * Whether its records come from a queue, which has message groups and visibility timeouts (`fifo`, `retryDelay`), or from
   * a stream, which has an order of its own (`order`).
   */
  readonly kind: 'queue' | 'stream';
  /** What `record.eventSource` says, where it says anything. */
  readonly eventSource: string;
  /**
   * The records of an event, in their order.
   *
   * @throws UnexpectedBatchTypeError where it is no event of this source
   */
  records(event: Event): readonly R[];
  /** Whether a record that does not say its `eventSource`, as in a unit test, has the shape of this source. */
  hasShape(record: R): boolean;
  /**
   * What the event source mapping knows the record by, and is answered: a text or, where there is `textOf`, an object. The
   * batch comes back as a whole where a record has failed for which this is neither, or an empty text.
   */
  itemIdentifier(record: R): Identifier | undefined;
  /** An identifier in one line, for logs and observers; no two have the same. Needed where they are objects. */
  textOf?(identifier: Identifier): string;
  /** Records with the same key are in order; undefined is a key like any other. */
  orderingKey(record: R): string | undefined;
  /** How often the record has been received, where the source counts it. */
  receiveCount?(record: R): number | undefined;
  /** What is wrong with an ordered, or unordered, handler for this record's origin; undefined where nothing is. */
  orderingMismatch?(record: R, ordered: boolean): string | undefined;
  readonly payload: PayloadPlace<R, Raw>;
}
