import { checkInteger } from './check';
import type { BatchEvent, KafkaBatchEvent } from './event-batch';
import { type AnyFunctionOptions, LambdaFunction } from './lambda-function';
import { type BatchInfo, onFailureMessage } from './on-failure';
import { fitting } from './payload-limit';
import type { RetryRules } from './retry-rules';
import { type DoneAs, type Invoked, Recording, type Simulation, type Tracked } from './simulation';
import { inVirtualTime, type VirtualTime } from './virtual-time';

/** A record in a stream or topic. */
export interface LaneRecord extends Tracked<unknown> {
  readonly bytes: number;
  /** When the simulation starts, in milliseconds. */
  readonly ageMs: number;
}

/** The records that are read in one order, one batch at a time. */
export interface Lane<E, R extends LaneRecord> {
  readonly records: readonly R[];
  readonly doneAs: DoneAs;
  /** The event that has these records. */
  eventOf(batch: readonly R[]): E;
  /** What an on-failure destination is told of where these records are. */
  infoOf(batch: readonly R[]): BatchInfo;
}

/** Runs a function as the event source mapping of these lanes would, side by side, until nothing more may happen. */
export function runLanes<E extends BatchEvent | KafkaBatchEvent, R extends LaneRecord>(
  options: AnyFunctionOptions<E>,
  lanes: readonly Lane<E, R>[],
  rules: Required<RetryRules>,
): Promise<Simulation<unknown, E>> {
  return inVirtualTime(options, async (time) => {
    const recording = new Recording<unknown>(time);
    const lambda = new LambdaFunction<E>(time, recording, options);
    const mappings = lanes.map((lane) => new LaneMapping(time, lane, lambda, recording, rules));
    await Promise.all(mappings.map((mapping) => mapping.run()));
    const remaining = mappings.flatMap((mapping) => mapping.remaining).sort((one, other) => one.index - other.index);
    return recording.result(lambda.invocations, remaining);
  });
}

/** The event source mapping of one lane. */
class LaneMapping<E extends BatchEvent | KafkaBatchEvent, R extends LaneRecord> {
  readonly #time: VirtualTime;
  readonly #lane: Lane<E, R>;
  readonly #lambda: LambdaFunction<E>;
  readonly #recording: Recording<unknown>;
  readonly #rules: Required<RetryRules>;
  /** What is neither done nor given up on, in order. */
  readonly #remaining: Set<R>;

  constructor(
    time: VirtualTime,
    lane: Lane<E, R>,
    lambda: LambdaFunction<E>,
    recording: Recording<unknown>,
    rules: Required<RetryRules>,
  ) {
    this.#time = time;
    this.#lane = lane;
    this.#lambda = lambda;
    this.#recording = recording;
    this.#rules = rules;
    this.#remaining = new Set(lane.records);
  }

  get remaining(): readonly R[] {
    return [...this.#remaining];
  }

  async run(): Promise<void> {
    while (this.#remaining.size > 0 && !this.#lambda.exhausted) {
      await this.#drain(fitting(this.#remaining, this.#rules.batchSize));
    }
  }

  /** Goes on with a batch, the next records of the lane, until all of it is done or given up on. */
  async #drain(batch: readonly R[]): Promise<void> {
    const { maximumRetryAttempts, bisectBatchOnFunctionError } = this.#rules;
    let left = batch;
    let retries = 0;
    let free = 0; // tries in a row that took no retry
    let last: Invoked<E> | undefined;
    while (left.length > 0 && !this.#lambda.exhausted) {
      const reason = left.map((record) => this.#expiryOf(record)).find((each) => each !== undefined);
      if (reason !== undefined) {
        const expired = new Set(left.filter((record) => this.#expiryOf(record) === reason));
        this.#giveUp([...expired], reason, Math.max(retries, 1), last);
        left = left.filter((record) => !expired.has(record));
        continue;
      }
      const { invoked, outcome, returned } = await this.#invoke(left);
      const { fault } = invoked;
      if (fault !== 'throttle') last = invoked;
      if (fault === 'throttle' || (fault === 'duplicate' && outcome !== 'failure')) {
        await this.#wait(++free); // neither takes a retry
      } else if (returned.length < left.length) {
        left = returned;
        free = 0;
        retries = 0; // what is left is a new batch
      } else if (bisectBatchOnFunctionError && outcome === 'failure' && left.length > 1) {
        this.#recording.happened('split', left);
        await this.#wait(1);
        const half = Math.ceil(left.length / 2);
        await this.#drain(left.slice(0, half));
        return this.#drain(left.slice(half));
      } else if (retries === maximumRetryAttempts) {
        this.#giveUp(left, 'RetryAttemptsExhausted', retries + 1, last);
        return;
      } else {
        retries++;
        await this.#wait(retries);
      }
    }
  }

  /** Invokes the function with a batch, and moves on over the records that are done. */
  async #invoke(batch: readonly R[]) {
    const invoked = await this.#lambda.invoke(this.#lane.eventOf(batch), batch);
    const { fault, interpretation } = invoked;
    if (interpretation === undefined) return { invoked, outcome: 'failure', returned: batch };
    for (const record of batch) record.receiveCount++;
    const comesBack = new Set(
      fault === 'duplicate' ? batch.map(({ identifier }) => identifier) : interpretation.returned,
    );
    const isDone = ({ identifier }: Tracked<unknown>) => !comesBack.has(identifier);
    this.#recording.delivered(invoked, batch, isDone, this.#lane.doneAs);
    this.#remove(batch.filter(isDone));
    return { invoked, outcome: interpretation.outcome, returned: batch.filter((record) => !isDone(record)) };
  }

  #expiryOf({ ageMs }: R): 'RecordAgeExceeded' | 'RetentionExceeded' | undefined {
    const { maximumRecordAgeMs, retentionMs } = this.#rules;
    const age = ageMs + this.#time.now;
    if (maximumRecordAgeMs !== -1 && age > maximumRecordAgeMs) return 'RecordAgeExceeded';
    return age > retentionMs ? 'RetentionExceeded' : undefined;
  }

  #giveUp(
    batch: readonly R[],
    reason: 'RetryAttemptsExhausted' | 'RecordAgeExceeded' | 'RetentionExceeded',
    invokeCount: number,
    last: Invoked<E> | undefined,
  ): void {
    const onFailure =
      reason === 'RetentionExceeded'
        ? {} // nobody is told
        : { onFailure: onFailureMessage({ condition: reason, invokeCount, last }, this.#lane.infoOf(batch)) };
    this.#recording.gaveUp(batch, reason, { invokeCount, ...onFailure });
    this.#remove(batch);
  }

  #remove(records: readonly R[]): void {
    for (const record of records) this.#remaining.delete(record);
  }

  async #wait(retry: number): Promise<void> {
    const delay = this.#rules.retryDelayMs(retry);
    checkInteger(`retryDelayMs(${retry})`, delay, { min: 1, max: 2_147_483_647 }); // as setTimeout takes it
    return this.#time.until(this.#time.now + delay);
  }
}
