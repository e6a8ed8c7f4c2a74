import type { ChunkedBatch } from '../batch/chunking';
import { reads } from '../batch/reader';
import { isThenable, quietly } from '../batch/thenable';
import { BatchProcessingError } from '../errors';

/** What is known of a record before its chunk is made: what is handed over, or why it cannot be. */
export interface Prepared {
  readonly handed: unknown;
  readonly failure: { readonly error: unknown } | undefined;
  /** In bytes, for `maxBytes`. */
  readonly bytes: number;
  /** What `distinct` makes of it. */
  readonly value: string | undefined;
}

/** What has to be known of a record, beside what is handed over. */
export interface Measures {
  readonly maxBytes: number;
  readonly distinct: ((handed: never) => string) | undefined;
}

/** Reads and measures the records of a batch, whose entries are undefined as long as they are not read. */
export class Records {
  readonly #chunked: ChunkedBatch;
  readonly #measures: Measures;
  readonly #records: (Prepared | undefined)[] = [];

  constructor(chunked: ChunkedBatch, measures: Measures) {
    this.#chunked = chunked;
    this.#measures = measures;
  }

  /** What there is to wait for, where a reader is asynchronous: until all is read, or no time is left for it. */
  prepare(): Promise<unknown> | undefined {
    const { batch, reader, place, deadline, limits } = this.#chunked;
    const waiting: Promise<void>[] = [];
    batch.records.forEach((record, index) => {
      if (deadline.reached()) return; // no record starts any more, and reading can take long
      try {
        const read: unknown = reader === undefined ? record : reader[reads].of(place, record);
        if (!isThenable(read)) this.#read(index, read);
        else waiting.push(this.#later(index, limits === undefined ? read : limits.limit([index], () => read)));
      } catch (error) {
        this.#failed(index, error);
      }
    });
    return waiting.length === 0 ? undefined : deadline.within(Promise.all(waiting));
  }

  /** What is known of a record; where it was not read in time, no record starts any more. */
  of(index: number): Prepared {
    return this.#records[index] ?? unread;
  }

  #later(index: number, read: unknown): Promise<void> {
    return Promise.resolve(read).then(
      (handed) => {
        this.#read(index, handed);
      },
      (error: unknown) => {
        this.#failed(index, error);
      },
    );
  }

  #read(index: number, handed: unknown): void {
    const { maxBytes, distinct } = this.#measures;
    try {
      const bytes = maxBytes === Infinity ? 0 : bytesOf(handed);
      const value = distinct === undefined ? undefined : valueOf(distinct, handed as never);
      this.#records[index] = { handed, failure: undefined, bytes, value };
    } catch (error) {
      this.#failed(index, error);
    }
  }

  #failed(index: number, error: unknown): void {
    this.#records[index] = { handed: undefined, failure: { error }, bytes: 0, value: undefined };
  }
}

/** The deadline came first. */
const unread: Prepared = { handed: undefined, failure: { error: undefined }, bytes: 0, value: undefined };

/** Text and bytes as they are, anything else as JSON in UTF-8. */
function bytesOf(handed: unknown): number {
  if (handed === undefined) return 0;
  if (ArrayBuffer.isView(handed) || handed instanceof ArrayBuffer) return handed.byteLength;
  const text =
    typeof handed === 'string'
      ? handed
      : quietly(() => JSON.stringify(handed, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)));
  if (typeof text !== 'string')
    throw new BatchProcessingError('The record cannot be measured for maxBytes: it is no JSON.');
  return Buffer.byteLength(text);
}

function valueOf(distinct: (handed: never) => string, handed: never): string {
  const value: unknown = distinct(handed);
  if (typeof value !== 'string') {
    quietly(() => value); // a promise
    throw new BatchProcessingError(`Expected distinct to give a text, received ${typeof value}.`);
  }
  return value;
}
