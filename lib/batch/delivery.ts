import type { Deadline } from '../engine/deadline';
import { textOf } from '../sources/detect';
import type { Batch } from './batch';

/** What is known of a record beside the record itself: the third argument of a decorated method. */
export class Delivery<R = unknown> {
  readonly #batch: Batch<R>;
  readonly #deadline: Deadline;
  /** The position of the record in its batch, from 0. */
  readonly index: number;

  /** @internal */
  constructor(batch: Batch<R>, deadline: Deadline, index: number) {
    this.#batch = batch;
    this.#deadline = deadline;
    this.index = index;
  }

  /** The record, as it was received. */
  get record(): R {
    return this.#batch.records[this.index]!;
  }

  /** What the record is reported by, as text: messageId or sequence number; undefined where it has none. */
  get itemIdentifier(): string | undefined {
    const identifier = this.#batch.identifiers[this.index];
    return identifier === undefined ? undefined : textOf(this.#batch.source, identifier);
  }

  /** How often the record has been received, this time included; undefined where the source does not count (streams). */
  get receiveCount(): number | undefined {
    return this.#batch.source.receiveCount?.(this.record);
  }

  /**
   * Aborts when `stopBeforeTimeout` is reached: the batch is being answered without this record, which will come again.
   * Never aborts where that option is off.
   */
  get signal(): AbortSignal {
    return this.#deadline.signal;
  }
}
