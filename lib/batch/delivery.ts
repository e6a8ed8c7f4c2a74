import { textOf } from '../sources/detect';
import type { Batch } from './batch';

/** Where the signal of each record comes from. */
export interface Signals {
  signalOf(index: number): AbortSignal;
}

/** What is known of a record beside the record itself: the third argument of a decorated method. */
export class Delivery<R = unknown> {
  readonly #batch: Batch<R>;
  readonly #signals: Signals;
  /** The position of the record in its batch, from 0. */
  readonly index: number;

  /** @internal */
  constructor(batch: Batch<R>, signals: Signals, index: number) {
    this.#batch = batch;
    this.#signals = signals;
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
   * Aborts when `stopBeforeTimeout` is reached, because the batch is being answered without this record; that of the method
   * also when the record has run for as long as `recordTimeout`. It has failed then, and will come again. Never aborts where
   * both are off.
   */
  get signal(): AbortSignal {
    return this.#signals.signalOf(this.index);
  }
}
