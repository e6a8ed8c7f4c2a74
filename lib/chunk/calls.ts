import type { ChunkedBatch, Chunks } from '../batch/chunking';
import { Delivery } from '../batch/delivery';
import { refuseInDurable } from '../batch/durable';
import { UnprocessedRecordError } from '../errors';
import { type ChunkCall, CHUNKED } from '../errors/chunked';
import { type Measures, Records } from './prepared';
import { type Result, resultsOfReturned, resultsOfThrown } from './results';
import type { ChunkRules, RunningChunk } from './collecting';
import { type ChunkListener, ChunkSchedule } from './schedule';

/** A record that has started, and waits for what becomes of its chunk. */
interface Waiting {
  result: Result;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type Rules = Pick<ChunkRules, 'size' | 'onePerLane'> & Measures;

/** The chunks of one batch: each calls the method once, when all of its records have started. */
export class Calls implements Chunks, ChunkListener {
  readonly #chunked: ChunkedBatch;
  readonly #rules: Rules;
  readonly #records: Records;
  /** By the index of a record that has started. */
  readonly #waiting: Waiting[] = [];
  #schedule!: ChunkSchedule;

  constructor(chunked: ChunkedBatch, rules: Rules) {
    this.#chunked = chunked;
    this.#rules = rules;
    this.#records = new Records(chunked, rules);
  }

  readonly prepare = (): Promise<unknown> | undefined => this.#records.prepare();

  readonly schedule: Chunks['schedule'] = (job, skip) => {
    const { size, maxBytes, onePerLane, distinct } = this.#rules;
    // Which records make a chunk would depend on which other chunk is over first.
    if (distinct !== undefined && job.ordering.concurrency > 1) {
      refuseInDurable(this.#chunked.context, 'chunksOf with a function as distinct, without concurrency: 1');
    }
    const rules: ChunkRules = {
      size,
      maxBytes,
      onePerLane,
      bytesOf: (index) => this.#records.of(index).bytes,
      distinctOf: (index) => this.#records.of(index).value,
      isAlone: (index) => this.#records.of(index).failure !== undefined,
    };
    this.#schedule = new ChunkSchedule(job, rules, skip, this);
    return this.#schedule;
  };

  /** What becomes of a record; the last one of a chunk to start has the method called. */
  readonly attempt = (index: number): Promise<void> => {
    const chunk = this.#schedule.chunkOf(index);
    const outcome = new Promise<void>((resolve, reject) => {
      this.#waiting[index] = { result: undefined, resolve, reject };
    });
    if (++chunk.started === chunk.records.length) void this.#call(chunk);
    return outcome;
  };

  release(index: number): void {
    const { result, resolve, reject } = this.#waiting[index]!;
    if (result === undefined) resolve();
    else reject(result.error);
  }

  /** Nobody looks at what becomes of it: whatever waits for it is let go. */
  drop(index: number): void {
    this.#waiting[index]!.reject(new UnprocessedRecordError());
  }

  async #call(chunk: RunningChunk): Promise<void> {
    const { records } = chunk;
    const results = await this.#resultsOf(records);
    records.forEach((index, position) => (this.#waiting[index]!.result = results[position]));
    this.#schedule.ended(chunk);
  }

  async #resultsOf(records: readonly number[]): Promise<Result[]> {
    const { failure } = this.#records.of(records[0]!);
    if (failure !== undefined) return [failure]; // it is alone
    const { method, self, batch, context, deadline, limits } = this.#chunked;
    const handed = records.map((index) => this.#records.of(index).handed);
    const deliveries = records.map((index) => new Delivery(batch, limits ?? deadline, index));
    const call = (): unknown => {
      tellOfCall(deliveries);
      return method.call(self, handed, context, deliveries);
    };
    try {
      return resultsOfReturned(await (limits === undefined ? call() : limits.limit(records, call)), records.length);
    } catch (thrown) {
      return resultsOfThrown(thrown, records.length);
    }
  }
}

function tellOfCall(deliveries: readonly Delivery[]): void {
  const chunked = process.getBuiltinModule('node:diagnostics_channel').channel(CHUNKED);
  if (chunked.hasSubscribers) chunked.publish({ deliveries } satisfies ChunkCall);
}
