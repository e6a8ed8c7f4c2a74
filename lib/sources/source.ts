/** What the raw payload of a record is: a string, a Buffer, or, for DynamoDB, the record itself. */
export type PayloadKind = 'text' | 'bytes' | 'change';

/** Where the payload of a record is. */
export interface PayloadPlace<R> {
  readonly kind: PayloadKind;
  /**
   * The raw payload.
   *
   * @throws ParsingError where the record has none
   */
  of(record: R): unknown;
  /** A copy of the record that has what was read in place of the raw payload. */
  with(record: R, payload: unknown): object;
}

/** All that the library has to know of an event source. `R` is the type of its records. */
export interface Source<R> {
  /** What `record.eventSource` says. */
  readonly eventSource: string;
  /** Whether a record that does not say its `eventSource`, as in a unit test, has the shape of this source. */
  hasShape(record: R): boolean;
  /** What the event source mapping knows the record by. */
  itemIdentifier(record: R): unknown;
  /** Records with the same key are in order; undefined is a key like any other. */
  orderingKey(record: R): string | undefined;
  /** How often the record has been received, where the source counts it. */
  receiveCount?(record: R): number | undefined;
  /** What is wrong with an ordered, or unordered, handler for this record's origin; undefined where nothing is. */
  orderingMismatch?(record: R, ordered: boolean): string | undefined;
  readonly payload: PayloadPlace<R>;
}
