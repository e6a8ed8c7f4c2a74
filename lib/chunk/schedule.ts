import type { Ordering } from '../engine/ordering';
import type { Job } from '../engine/run';
import type { Scheduling } from '../engine/schedule';
import { type RunningChunk, type ChunkRules, Collecting, type Verdict } from './collecting';

/** Who is told what becomes of records that have started. */
export interface ChunkListener {
  /** Those before it in its lane have succeeded: its own result may count now. */
  release(index: number): void;
  /** One before it in its lane has failed, so its own result does not count. */
  drop(index: number): void;
}

/** What there is to know of a job for its lanes. */
type LanedJob = Pick<Job, 'count' | 'ordering' | 'keyOf'>;

interface Lane {
  /** The records of the chunk that holds the lane which have no outcome yet, in order. */
  running: number[];
  holder: RunningChunk | undefined;
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
  readonly #chunks: RunningChunk[];
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
    this.#chunks = new Array<RunningChunk>(job.count);
    this.#ordering = job.ordering;
    this.#laneOf = lanesFor(job);
    this.#rules = rules;
    this.#skip = skip;
    this.#listener = listener;
  }

  /** The chunk of a record that has started. */
  chunkOf(index: number): RunningChunk {
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
  ended(chunk: RunningChunk): void {
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
      this.#listener.drop(index);
      this.#leave(this.chunkOf(index));
    }
    lane.running = [];
    while (lane.next < lane.parked.length) this.#skip(lane.parked[lane.next++]!, failed);
  }

  /** A record of a chunk has its outcome. When all of them have, others may have their lanes, and their values. */
  #leave(chunk: RunningChunk): void {
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

  #collect(): RunningChunk | undefined {
    const collecting = new Collecting(this.#rules, this.#inUse);
    const alone = this.#alone.shift();
    if (alone !== undefined) this.#take(alone.parked[alone.next++]!, alone, collecting);
    while (!collecting.isFull && this.#addNext(collecting)) {
      // until it is full, or there is nothing that could join
    }
    const { chunk } = collecting;
    if (this.#ready[0]?.holder === chunk) this.#ready.shift(); // there is more of it, but the chunk is full
    if (chunk.records.length === 0) return undefined;
    chunk.records.sort((one, other) => one - other);
    chunk.open = chunk.records.length;
    return chunk;
  }

  /** Adds the next record to a chunk; whether there was one that could join. */
  #addNext(collecting: Collecting): boolean {
    while (this.#ready.length > 0) {
      const lane = this.#ready[0]!;
      const isOver = lane.next === lane.parked.length || (this.#rules.onePerLane && lane.holder === collecting.chunk);
      const verdict = isOver ? 'over' : this.#offer(lane.parked[lane.next]!, lane, collecting);
      if (verdict === 'end') return false;
      if (verdict === 'take') {
        this.#take(lane.parked[lane.next++]!, lane, collecting);
        return true;
      }
      this.#ready.shift();
    }
    while (this.#cursor < this.#count) {
      const index = this.#cursor;
      const lane = this.#laneOf(index);
      const verdict = this.#arrive(index, lane, collecting);
      if (verdict === 'end') return false;
      this.#cursor++;
      if (verdict === 'take') {
        this.#take(index, lane, collecting);
        return true;
      }
    }
    return false;
  }

  /** What becomes of a record at its turn. */
  #arrive(index: number, lane: Lane | undefined, collecting: Collecting): Verdict {
    if (lane === undefined) {
      const verdict = collecting.verdictOn(index);
      // A lane for what has to wait, of which there is not much.
      return verdict === 'take' || verdict === 'end' ? verdict : this.#offer(index, laneOfOne(index), collecting);
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

  #take(index: number, lane: Lane | undefined, collecting: Collecting): void {
    collecting.add(index);
    this.#chunks[index] = collecting.chunk;
    if (lane === undefined) return;
    lane.holder = collecting.chunk;
    lane.running.push(index);
  }
}

const laneOfOne = (index: number): Lane => ({ ...newLane(), parked: [index] });

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
