import type { Context } from 'aws-lambda';

import type { Deadline } from '../engine/deadline';
import type { Job } from '../engine/run';
import type { PayloadPlace } from '../sources/source';
import type { Batch } from './batch';
import type { Delivery } from './delivery';
import type { Attempt } from './extension';
import type { Plan } from './plan';
import type { AnyReader } from './reader';
import type { RecordTimeouts } from './record-timeouts';

/** A method that handles several records. */
export type ChunkMethod = (
  this: unknown,
  records: readonly unknown[],
  context: Context,
  deliveries: readonly Delivery[],
) => unknown;

/** Where the value of the option `chunk` keeps the code that handles chunks; copies of the package share it. */
export const chunksBy = Symbol.for('lambda-batch-handler:chunks');

/** One batch whose records are handled in chunks. */
export interface ChunkedBatch {
  readonly batch: Batch;
  readonly context: Context;
  readonly deadline: Deadline;
  /** The time that records may take; undefined where there is no limit. */
  readonly limits: RecordTimeouts | undefined;
  /** The payload of its source, and who reads it. */
  readonly place: PayloadPlace;
  readonly reader: AnyReader | undefined;
  /** The user's, to be called with `self` as its `this`. */
  readonly method: ChunkMethod;
  readonly self: unknown;
}

/** What is done in chunks, in place of one record after the other. */
export interface Chunks {
  /** Reads all records, before the first of them runs; awaited. */
  readonly prepare: () => Promise<unknown> | undefined;
  readonly schedule: NonNullable<Job['schedule']>;
  readonly attempt: Attempt;
}

/** What the value of the option `chunk` carries, so that who handles single records loads nothing of it. */
export interface Chunking {
  /** How many records a chunk has at the most. */
  readonly size: number;
  /** @throws TypeError where it does not go with the other options */
  check(who: string, options: Readonly<Record<string, unknown>>, plan: Plan): void;
  chunksOf(chunked: ChunkedBatch): Chunks;
}

/** The value of the option `chunk`, as `chunksOf` makes it; `T` is what it looks at of what is handed over. */
export interface Chunk<in T = unknown> {
  readonly [chunksBy]: Chunking;
  /** There is no such property: it says which records it is for. */
  readonly '~takes'?: (handed: T) => void;
}

export function isChunk(value: unknown): value is Chunk<never> {
  return typeof (Object(value) as Partial<Chunk>)[chunksBy]?.chunksOf === 'function';
}
