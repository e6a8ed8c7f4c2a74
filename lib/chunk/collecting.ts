/** What decides, beside lanes, which records make a chunk. */
export interface ChunkRules {
  /** How many records a chunk has at the most. */
  readonly size: number;
  readonly maxBytes: number;
  /** Whether a chunk has one record of a lane at the most. */
  readonly onePerLane: boolean;
  /** How much of `maxBytes` a record takes. */
  bytesOf(index: number): number;
  /** No two records of the same value are in a chunk, or in two that run at once; undefined is no value. */
  distinctOf(index: number): string | undefined;
  /** Whether a record is a chunk of its own, since it cannot be handed over. */
  isAlone(index: number): boolean;
}

/** Records that are handled together. */
export interface RunningChunk {
  /** In arrival order. */
  readonly records: number[];
  /** How many of them have no outcome yet. */
  open: number;
  /** How many of them have started. */
  started: number;
  /** Whether the method has ended, so that there is a result for each. */
  hasEnded: boolean;
}

/**
 * - `take`: it joins the chunk.
 * - `end`: the chunk is over before it, and it is the next.
 * - `wait`: its value is in use.
 * - `alone`: it cannot be handed over, and is a chunk of its own.
 * - `over`: there is nothing to take of its lane.
 */
export type Verdict = 'take' | 'end' | 'wait' | 'alone' | 'over';

/** A chunk that is being made: it marks the values of its records as in use. */
export class Collecting {
  readonly chunk: RunningChunk = { records: [], open: 0, started: 0, hasEnded: false };
  readonly #rules: ChunkRules;
  readonly #inUse: Set<string>;
  #bytes = 0;
  #isAlone = false;

  constructor(rules: ChunkRules, inUse: Set<string>) {
    this.#rules = rules;
    this.#inUse = inUse;
  }

  get isFull(): boolean {
    return this.#isAlone || this.chunk.records.length === this.#rules.size;
  }

  verdictOn(index: number): Verdict {
    const isEmpty = this.chunk.records.length === 0;
    if (this.#rules.isAlone(index)) return isEmpty ? 'take' : 'alone';
    const value = this.#rules.distinctOf(index);
    if (value !== undefined && this.#inUse.has(value)) return 'wait';
    return !isEmpty && this.#bytes + this.#rules.bytesOf(index) > this.#rules.maxBytes ? 'end' : 'take';
  }

  add(index: number): void {
    const value = this.#rules.distinctOf(index);
    if (value !== undefined) this.#inUse.add(value);
    this.#bytes += this.#rules.bytesOf(index);
    this.#isAlone = this.#rules.isAlone(index);
    this.chunk.records.push(index);
  }
}
