import type { Ordering } from '../engine/ordering';
import type { Job } from '../engine/run';
import type { Scheduling } from '../engine/schedule';

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

/** Who is told what becomes of records that have started. */
export interface ChunkListener {
  /** Those before it in its lane have succeeded: its own result may count now. */
  release(index: number): void;
  /** One before it in its lane has failed, so its own result does not count. */
  drop(index: number, failed: number): void;
}

/** Records that are handled together. */
export interface Chunk {
  /** In arrival order. */
  readonly records: number[];
  /** How many of them have no outcome yet. */
  open: number;
  /** How many of them have started. */
  started: number;
  /** Whether the method has ended, so that there is a result for each. */
  hasEnded: boolean;
}

/** What there is to know of a job for its lanes. */
type LanedJob = Pick<Job, 'count' | 'ordering' | 'keyOf'>;

interface Lane {
  /** The records of the chunk that holds the lane which have no outcome yet, in order. */
  running: number[];
  holder: Chunk | undefined;
  /** The index of the failure that stopped the lane, or -1. */
  stoppedBy: number;
  /** Records that wait; those before `next` have been taken. */
  readonly parked: number[];
  next: number;
}

/**
 * Decides which records make a chunk, and when it starts. A chunk takes what is next of every lane, in order; a record that
 * cannot join keeps its lane waiting.
 *
 * It takes the place of the Schedule of single records: to the engine each record starts by itself, those of a chunk one right
 * after the other.
 */
export class ChunkSchedule implements Scheduling {
  readonly #count: number;
  readonly #ordering: Ordering;
  readonly #laneOf: (index: number) => Lane | undefined;
  readonly #rules: ChunkRules;
  readonly #skip: (index: number, failed: number) => void;
  readonly #listener: ChunkListener;
  /** By the index of a record that has started. */
  readonly #chunks: Chunk[];
  /** The records of the chunk that is about to start, of which those before `#at` have. */
  #starting: readonly number[] = [];
  #at = 0;
  #cursor = 0;
  #active = 0;
  /** Lanes that are free, and in which records wait. */
  #ready: Lane[] = [];
  /** The same, where the first record cannot be handed over. */
  readonly #alone: Lane[] = [];
  /** The values of records that run. */
  readonly #inUse = new Set<string>();
  /** The lanes that wait for each value. */
  readonly #waiting = new Map<string, Lane[]>();

  constructor(
    job: LanedJob,
    rules: ChunkRules,
    skip: (index: number, failed: number) => void,
    listener: ChunkListener,
  ) {
    this.#count = job.count;
    this.#chunks = new Array<Chunk>(job.count);
    this.#ordering = job.ordering;
    this.#laneOf = lanesFor(job);
    this.#rules = rules;
    this.#skip = skip;
    this.#listener = listener;
  }

  /** The chunk of a record that has started. */
  chunkOf(index: number): Chunk {
    return this.#chunks[index]!;
  }

  next(): number {
    if (this.#at === this.#starting.length) {
      if (this.#active >= this.#ordering.concurrency) return -1;
      const chunk = this.#collect();
      if (chunk === undefined) return -1;
      this.#active++;
      this.#starting = chunk.records;
      this.#at = 0;
    }
    return this.#starting[this.#at++]!;
  }

  /** The method has ended for a chunk: what it said of each record counts as soon as nothing before it can have failed. */
  ended(chunk: Chunk): void {
    chunk.hasEnded = true;
    for (const index of [...chunk.records]) {
      if (this.#isFirst(index)) this.#listener.release(index);
    }
  }

  settle(index: number, failed: boolean): void {
    const chunk = this.chunkOf(index);
    const lane = this.#laneOf(index);
    if (lane !== undefined) {
      if (lane.running[0] === index) lane.running.shift();
      else lane.running = lane.running.filter((other) => other !== index);
      if (failed && this.#ordering.failureStopsLane) this.#stop(lane, index);
      else if (this.#ordering.failureStopsLane && chunk.hasEnded && lane.running.length > 0) {
        this.#listener.release(lane.running[0]!);
      }
    }
    this.#leave(chunk);
  }

  #isFirst(index: number): boolean {
    return !this.#ordering.failureStopsLane || this.#laneOf(index)?.running[0] === index;
  }

  #stop(lane: Lane, failed: number): void {
    lane.stoppedBy = failed;
    for (const index of lane.running) {
      this.#skip(index, failed);
      this.#listener.drop(index, failed);
      this.#leave(this.chunkOf(index));
    }
    lane.running = [];
    while (lane.next < lane.parked.length) this.#skip(lane.parked[lane.next++]!, failed);
  }

  /** A record of a chunk has its outcome. When all of them have, others may have their lanes, and their values. */
  #leave(chunk: Chunk): void {
    if (--chunk.open > 0) return;
    this.#active--;
    for (const index of chunk.records) {
      const value = this.#rules.distinctOf(index);
      if (value !== undefined) this.#free(value);
      const lane = this.#laneOf(index);
      if (lane?.holder !== chunk) continue;
      lane.holder = undefined;
      if (lane.next < lane.parked.length) this.#ready.push(lane);
    }
  }

  #free(value: string): void {
    this.#inUse.delete(value);
    const waiting = this.#waiting.get(value)?.shift();
    if (waiting !== undefined) this.#ready.push(waiting);
  }

  #collect(): Chunk | undefined {
    const collecting = new Collecting(this.#rules, this.#inUse);
    const alone = this.#alone.shift();
    if (alone !== undefined) this.#take(alone.parked[alone.next++]!, alone, collecting);
    while (!collecting.isFull) {
      const index = this.#nextOf(collecting);
      if (index < 0) break;
    }
    const { chunk } = collecting;
    if (this.#ready[0]?.holder === chunk) this.#ready.shift(); // there is more of it, but the chunk is full
    if (chunk.records.length === 0) return undefined;
    chunk.records.sort((one, other) => one - other);
    chunk.open = chunk.records.length;
    return chunk;
  }

  /** Adds the next record to a chunk; its index, or -1 where there is none that could join. */
  #nextOf(collecting: Collecting): number {
    while (this.#ready.length > 0) {
      const lane = this.#ready[0]!;
      const isOver = lane.next === lane.parked.length || (this.#rules.onePerLane && lane.holder === collecting.chunk);
      const verdict = isOver ? 'over' : this.#offer(lane.parked[lane.next]!, lane, collecting);
      if (verdict === 'end') return -1;
      if (verdict === 'take') return this.#take(lane.parked[lane.next++]!, lane, collecting);
      this.#ready.shift();
    }
    while (this.#cursor < this.#count) {
      const index = this.#cursor;
      const lane = this.#laneOf(index);
      const verdict = this.#arrive(index, lane, collecting);
      if (verdict === 'end') return -1;
      this.#cursor++;
      if (verdict === 'take') return this.#take(index, lane, collecting);
    }
    return -1;
  }

  /** What becomes of a record at its turn. */
  #arrive(index: number, lane: Lane | undefined, collecting: Collecting): Verdict {
    if (lane === undefined) {
      const verdict = collecting.verdictOn(index);
      // A lane for what has to wait, of which there is not much.
      return verdict === 'take' || verdict === 'end' ? verdict : this.#offer(index, laneOf(index), collecting);
    }
    if (lane.stoppedBy >= 0) {
      this.#skip(index, lane.stoppedBy);
      return 'over';
    }
    const isMine = lane.holder === collecting.chunk && !this.#rules.onePerLane;
    const isOpen = lane.next === lane.parked.length && (lane.holder === undefined || isMine);
    lane.parked.push(index);
    const verdict = isOpen ? this.#offer(index, lane, collecting) : 'over';
    if (verdict === 'take') lane.next++;
    if (verdict === 'end') lane.parked.pop();
    return verdict;
  }

  /** What a chunk does with the first record of a lane; where that has to wait, so does its lane. */
  #offer(index: number, lane: Lane, collecting: Collecting): Verdict {
    const verdict = collecting.verdictOn(index);
    // A lane that the chunk holds goes on when it is free.
    if (verdict === 'alone' && lane.holder === undefined) this.#alone.push(lane);
    if (verdict === 'wait' && lane.holder === undefined) this.#wait(lane, this.#rules.distinctOf(index)!);
    return verdict;
  }

  #wait(lane: Lane, value: string): void {
    const waiting = this.#waiting.get(value);
    if (waiting === undefined) this.#waiting.set(value, [lane]);
    else waiting.push(lane);
  }

  #take(index: number, lane: Lane | undefined, collecting: Collecting): number {
    collecting.add(index);
    this.#chunks[index] = collecting.chunk;
    if (lane !== undefined) {
      lane.holder = collecting.chunk;
      lane.running.push(index);
    }
    return index;
  }
}

/**
 * - `take`: it joins the chunk.
 * - `end`: the chunk is over before it, and it is the next.
 * - `wait`: its value is in use.
 * - `alone`: it cannot be handed over, and is a chunk of its own.
 * - `over`: there is nothing to take of its lane.
 */
type Verdict = 'take' | 'end' | 'wait' | 'alone' | 'over';

/** A chunk that is being made. */
class Collecting {
  readonly chunk: Chunk = { records: [], open: 0, started: 0, hasEnded: false };
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

const laneOf = (index: number): Lane => ({ ...newLane(), parked: [index] });

const newLane = (): Lane => ({ running: [], holder: undefined, stoppedBy: -1, parked: [], next: 0 });

/** Keys are asked for now: a source that throws has the batch refused before a record runs. */
function lanesFor(job: LanedJob): (index: number) => Lane | undefined {
  const { lane } = job.ordering;
  if (lane === 'record') return () => undefined;
  const lanes = new Map<string | undefined, Lane>();
  const byIndex = Array.from({ length: job.count }, (_, index) => {
    const key = lane === 'batch' ? undefined : job.keyOf(index);
    const found = lanes.get(key) ?? newLane();
    lanes.set(key, found);
    return found;
  });
  return (index) => byIndex[index];
}
