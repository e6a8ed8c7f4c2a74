/** What the raw payload of a record is for a reader: a string, a Buffer, or, for DynamoDB, the record itself. */
export type PayloadKind = 'text' | 'bytes' | 'change';

/** Where the payload of a record is. `Raw` is the type of what a reader is given. */
export interface PayloadPlace<R = unknown, Raw = unknown> {
  /** What a reader is given: text, bytes, or the change of a DynamoDB record. */
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
  /** Whether a record has no payload on purpose, where there are such: a tombstone, of which `of` may throw. */
  isTombstone?(record: R): boolean;
  /** There is no such property: it says what type readers are given. */
  readonly '~raw'?: Raw;
}

/**
 * A row: all that the library has to know of an event source. Three have names (see `EventType`); any other is itself the
 * value of the option `source`, or of a processor's event type, and its types come with it.
 *
 * `R` is the type of its records, `Event` of what the function is called with, `Raw` of the payload that a reader is given,
 * `Identifier` of what a record is reported by, and `Order` names its `orders`: `never` for a queue.
 */
export interface Source<
  R = unknown,
  Event = unknown,
  Raw = unknown,
  Identifier = unknown,
  Order extends string = string,
> {
  /** What options, logs and observers call it. */
  readonly name: string;
  /**
   * Whether its records come from a queue, which has message groups and visibility timeouts (`fifo`, `retryDelay`), or from
   * a stream, which has an order of its own (`order`).
   */
  readonly kind: 'queue' | 'stream';
  /**
   * What the option `order` can be for a stream: `'shard'` stops the batch at its first failure, and any other keeps the order
   * within each `orderingKey`. Default: `'shard'` and `'key'`.
   */
  readonly orders?: readonly Order[] | undefined;
  /** What `record.eventSource` says, where it says anything. Undefined where only the shape tells. */
  readonly eventSource: string | undefined;
  /**
   * The records of an event, in their order.
   *
   * @throws UnexpectedBatchTypeError where it is no event of this source
   */
  records(event: Event): readonly R[];
  /** Whether a record that does not say its `eventSource`, as in a unit test, has the shape of this source. It is an object. */
  hasShape(record: R): boolean;
  /**
   * What the event source mapping knows the record by, and is answered: a text or, where there is `textOf`, an object. The
   * batch comes back as a whole where a record has failed for which this is neither, or an empty text.
   */
  itemIdentifier(record: R): Identifier | undefined;
  /** Whether nobody takes a part of a batch for done: then one failure brings all of it back. Default: false. */
  readonly isAllOrNothing?: boolean;
  /** An identifier in one line, for logs and observers; no two have the same. Needed where they are objects. */
  textOf?(identifier: Identifier): string;
  /** Records with the same key are in order; undefined is a key like any other. `order` is what the options say. */
  orderingKey(record: R, order?: Order): string | undefined;
  /** How often the record has been received, where the source counts it. */
  receiveCount?(record: R): number | undefined;
  /** What is wrong with an ordered, or unordered, handler for this record's origin; undefined where nothing is. */
  orderingMismatch?(record: R, ordered: boolean): string | undefined;
  /** Where the payload of a record is, for readers. */
  readonly payload: PayloadPlace<R, Raw>;
}
