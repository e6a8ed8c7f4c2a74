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
}
