import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { type ChunkCall, CHUNKED } from '../errors/chunked';
import { DELIVERED, type DeliveredElsewhere } from '../errors/delivered';
import type { BatchEvent, KafkaBatchEvent } from './event-batch';
import type { Tracked } from './simulation';

/** Whose each record is that a function was called with: the same can be in two invocations that overlap. */
const owners = new WeakMap<object, Watch>();

/** A record that the library tells of. */
type Told = ChunkCall['deliveries'][number];

/**
 * Hears what the library tells of the records of one invocation, until it ends: by the very record where the function leaves it
 * as it is, otherwise by what tells it, with its receive if there is any, from others.
 */
export class Watch {
  /** The errors because of which records were delivered elsewhere, by identifier. */
  readonly deliveredElsewhere = new Map<string, Error>();
  readonly #records: ReadonlyMap<string | undefined, Tracked<unknown>>;
  readonly #called: (chunk: readonly Tracked<unknown>[]) => void;

  /** `called` is told the records of each chunk for which a method is called. */
  constructor(
    event: BatchEvent | KafkaBatchEvent,
    records: readonly Tracked<unknown>[],
    called: (chunk: readonly Tracked<unknown>[]) => void,
  ) {
    const sent = 'Records' in event ? event.Records : [];
    this.#records = new Map(records.map((tracked, at) => [keyOf(sent[at], tracked.identifier), tracked]));
    this.#called = called;
    subscribe(DELIVERED, this.#seeDelivered);
    subscribe(CHUNKED, this.#seeChunk);
  }

  /** The function is about to be called with this copy of the event. */
  hands(event: BatchEvent | KafkaBatchEvent): void {
    const records = 'Records' in event ? event.Records : Object.values(event.records).flat();
    for (const record of records) owners.set(record as object, this);
  }

  end(): void {
    unsubscribe(DELIVERED, this.#seeDelivered);
    unsubscribe(CHUNKED, this.#seeChunk);
  }

  readonly #seeDelivered = (message: unknown): void => {
    const told = message as DeliveredElsewhere;
    for (const { identifier } of this.#mine([told])) this.deliveredElsewhere.set(identifier, told.error);
  };

  readonly #seeChunk = (message: unknown): void => {
    this.#called(this.#mine((message as ChunkCall).deliveries));
  };

  #mine(told: readonly Told[]): Tracked<unknown>[] {
    return told.flatMap(({ record, itemIdentifier }) => {
      const owner = owners.get(record as object) ?? this;
      return (owner === this && this.#records.get(keyOf(record, itemIdentifier))) || [];
    });
  }
}

const keyOf = (record: unknown, identifier: string | undefined): string | undefined =>
  (record as { readonly receiptHandle?: string } | undefined)?.receiptHandle ?? identifier;
