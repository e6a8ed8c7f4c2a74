import type { DynamoDBStreamEvent, KinesisStreamEvent } from 'aws-lambda';

import { checkInteger } from './check';
import type { DynamoDBChange } from './dynamodb-event';
import { type FunctionOptions, LambdaFunction } from './lambda-function';
import { onFailureMessage } from './on-failure';
import { fitting } from './payload-limit';
import { type Invoked, Recording, type Simulation, type Tracked } from './simulation';
import {
  type DynamoDBSimulationOptions,
  type KinesisSimulationOptions,
  rulesOf,
  type StreamEvent,
  type StreamOptions,
  type StreamRules,
} from './stream-options';
import { type Lane, lanesOf, type StreamRecord } from './stream-records';
import { inVirtualTime, type VirtualTime } from './virtual-time';

/**
 * Runs an entry as the event source mapping of a stream would, in virtual time: until every record is passed by the
 * checkpoint of its shard, or given up on, or `maxInvocations` is reached. The event source mapping is one with
 * ReportBatchItemFailures, and all records are in the stream from the start.
 *
 * A shard goes on with its next batch when this one is done. An answer that moves the checkpoint makes what is left a new
 * batch, with new retries; one that does not, and a failed invocation, take a retry. When those are used up the whole
 * batch is given up on. Splitting takes no retry, and each half has its own; throttles take none either. Records that are
 * too old are given up on by themselves, and the rest of their batch goes on. Tumbling windows and filter criteria are not
 * simulated.
 * Facts: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 *
 * @throws TypeError, RangeError (as a rejection) where an option is not what it should be
 */
export async function simulateStream<P>(
  options: KinesisSimulationOptions<P>,
): Promise<Simulation<P, KinesisStreamEvent>>;
export async function simulateStream(
  options: DynamoDBSimulationOptions,
): Promise<Simulation<DynamoDBChange, DynamoDBStreamEvent>>;
export async function simulateStream(options: StreamOptions): Promise<Simulation<unknown, StreamEvent>> {
  const rules = rulesOf(options);
  const lanes = lanesOf(options, rules);

  return inVirtualTime(options, async (time) => {
    const recording = new Recording<unknown>(time);
    const lambda = new LambdaFunction<StreamEvent>(time, recording, options as FunctionOptions<StreamEvent>);
    const mappings = lanes.map((lane) => new LaneMapping(time, lane, lambda, recording, rules));
    await Promise.all(mappings.map((mapping) => mapping.run()));
    const remaining = mappings.flatMap((mapping) => mapping.remaining).sort((one, other) => one.index - other.index);
    return recording.result(lambda.invocations, remaining);
  });
}

/** The event source mapping of one lane. */
class LaneMapping {
  readonly #time: VirtualTime;
  readonly #lambda: LambdaFunction<StreamEvent>;
  readonly #recording: Recording<unknown>;
  readonly #rules: Required<StreamRules>;
  readonly #shardId: string;
  readonly #records: readonly StreamRecord[];
  /** How many of the records are done or given up on. */
  #position = 0;

  constructor(
    time: VirtualTime,
    { shardId, records }: Lane,
    lambda: LambdaFunction<StreamEvent>,
    recording: Recording<unknown>,
    rules: Required<StreamRules>,
  ) {
    this.#time = time;
    this.#shardId = shardId;
    this.#records = records;
    this.#lambda = lambda;
    this.#recording = recording;
    this.#rules = rules;
  }

  get remaining(): readonly StreamRecord[] {
    return this.#records.slice(this.#position);
  }

  async run(): Promise<void> {
    while (this.#position < this.#records.length && !this.#lambda.exhausted) {
      await this.#drain(fitting(this.#next(this.#rules.batchSize), this.#rules.batchSize).length);
    }
  }

  #next(count: number): readonly StreamRecord[] {
    return this.#records.slice(this.#position, this.#position + count);
  }

  /** Goes on with a batch, the next records of the lane, until all of it is done or given up on. */
  async #drain(count: number): Promise<void> {
    const { maximumRetryAttempts, bisectBatchOnFunctionError } = this.#rules;
    let left = count;
    let retries = 0;
    let free = 0; // tries in a row that took no retry
    let last: Invoked<StreamEvent> | undefined;
    while (left > 0 && !this.#lambda.exhausted) {
      const batch = this.#next(left);
      const reason = this.#expired(batch[0]!);
      if (reason !== undefined) {
        const expired = batch.slice(
          0,
          lengthOfRun(batch, (record) => this.#expired(record) === reason),
        );
        this.#giveUp(expired, reason, Math.max(retries, 1), last);
        left -= expired.length;
        continue;
      }
      const { invoked, outcome, passed } = await this.#invoke(batch);
      const { fault } = invoked;
      if (fault !== 'throttle') last = invoked;
      if (fault === 'throttle' || (fault === 'duplicate' && outcome !== 'failure')) {
        await this.#wait(++free); // neither takes a retry
      } else if (passed > 0) {
        left -= passed;
        free = 0;
        retries = 0; // what is left is a new batch
      } else if (bisectBatchOnFunctionError && outcome === 'failure' && left > 1) {
        this.#recording.happened('split', batch);
        await this.#wait(1);
        await this.#drain(Math.ceil(left / 2));
        return this.#drain(Math.floor(left / 2));
      } else if (retries === maximumRetryAttempts) {
        this.#giveUp(batch, 'RetryAttemptsExhausted', retries + 1, last);
        return;
      } else {
        retries++;
        await this.#wait(retries);
      }
    }
  }

  /** Invokes the function with a batch, and moves on by as many records as its checkpoint has passed. */
  async #invoke(batch: readonly StreamRecord[]) {
    const event = { Records: batch.map(({ record }) => record) } as StreamEvent;
    const invoked = await this.#lambda.invoke(event, batch);
    const { fault, interpretation } = invoked;
    if (interpretation === undefined) return { invoked, outcome: 'failure', passed: 0 };
    for (const record of batch) record.receiveCount++;
    const { outcome, returned } = interpretation;
    const passed = fault === 'duplicate' ? 0 : batch.length - returned.length;
    const done = new Set<Tracked<unknown>>(batch.slice(0, passed));
    this.#recording.delivered(invoked, batch, (record) => done.has(record), 'checkpointed');
    this.#position += passed;
    return { invoked, outcome, passed };
  }

  #expired({ ageMs }: StreamRecord): 'RecordAgeExceeded' | 'RetentionExceeded' | undefined {
    const { maximumRecordAgeMs, retentionMs } = this.#rules;
    const age = ageMs + this.#time.now;
    if (maximumRecordAgeMs !== -1 && age > maximumRecordAgeMs) return 'RecordAgeExceeded';
    return age > retentionMs ? 'RetentionExceeded' : undefined;
  }

  #giveUp(
    batch: readonly StreamRecord[],
    reason: 'RetryAttemptsExhausted' | 'RecordAgeExceeded' | 'RetentionExceeded',
    invokeCount: number,
    last: Invoked<StreamEvent> | undefined,
  ): void {
    const records = batch.map(({ record }) => record) as StreamEvent['Records'];
    const onFailure =
      reason === 'RetentionExceeded'
        ? {} // nobody is told
        : { onFailure: onFailureMessage({ records, condition: reason, invokeCount, last }, this.#shardId) };
    this.#recording.gaveUp(batch, reason, { invokeCount, ...onFailure });
    this.#position += batch.length;
  }

  async #wait(retry: number): Promise<void> {
    const delay = this.#rules.retryDelayMs(retry);
    checkInteger(`retryDelayMs(${retry})`, delay, { min: 1, max: 2_147_483_647 }); // as setTimeout takes it
    return this.#time.until(this.#time.now + delay);
  }
}

/** How many of the first ones pass a test, one after the other. */
function lengthOfRun<T>(list: readonly T[], test: (one: T) => boolean): number {
  const end = list.findIndex((one) => !test(one));
  return end === -1 ? list.length : end;
}
