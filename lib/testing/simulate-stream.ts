import { createHash } from 'node:crypto';

import type { DynamoDBStreamEvent, KinesisStreamEvent } from 'aws-lambda';

import { sourceOf } from '../sources';
import { checkArray, checkFunction, checkInteger, checkOneOf, checkOptions } from './check';
import { type DynamoDBChange, dynamodbEvent, type DynamoDBEventOptions } from './dynamodb-event';
import { kinesisEvent, type KinesisEventOptions } from './kinesis-event';
import { checkFunctionOptions, type FunctionOptions, functionOptionNames, LambdaFunction } from './lambda-function';
import { bytesOf, fitting } from './payload-limit';
import { type DeadLetter, Recording, type Simulation, type Tracked } from './simulation';
import { startTime } from './start-time';
import { inVirtualTime, type VirtualTime } from './virtual-time';

/** Options of `simulateStream` that do not depend on the source. */
export interface StreamRules {
  /** How many records an invocation gets at the most: an integer from 1 to 10,000. Default: 100. */
  readonly batchSize?: number;
  /** How often a batch is retried: an integer from 0 to 10,000, or -1 for no limit. Default: -1. */
  readonly maximumRetryAttempts?: number;
  /** When a record is given up on: an integer of milliseconds from 60,000 to 604,800,000, or -1 for no limit. Default: -1. */
  readonly maximumRecordAgeMs?: number;
  /** When the stream drops a record: an integer of milliseconds, at most a year. Default: 86,400,000, which is a day. */
  readonly retentionMs?: number;
  /** Whether a failed batch is split in two before it is retried. Default: false. */
  readonly bisectBatchOnFunctionError?: boolean;
  /** How many batches of a shard run at once: an integer from 1 to 10. Those of one key never do. Default: 1. */
  readonly parallelizationFactor?: number;
  /** How many shards the keys are spread over: an integer from 1 to 10,000. Default: 1. */
  readonly shards?: number;
  /**
   * How many milliseconds to wait before a retry, from 1 on for the first of a batch: an integer of at least 1. AWS does
   * not say; of a batch that always failed, eight invocations were seen within a minute. Default: 250, doubled with each,
   * up to a minute.
   */
  readonly retryDelayMs?: (retry: number) => number;
}

/** Options of `simulateStream` for Kinesis Data Streams; `P` is what the payloads are made of. */
export interface KinesisSimulationOptions<P>
  extends
    FunctionOptions<KinesisStreamEvent>,
    StreamRules,
    Pick<KinesisEventOptions<P>, 'eventSourceARN' | 'partitionKey'> {
  readonly source?: 'KinesisDataStreams';
  /** The payloads, in order: strings and bytes are taken as they are, anything else becomes JSON. */
  readonly records: readonly P[];
}

/** Options of `simulateStream` for DynamoDB Streams. */
export interface DynamoDBSimulationOptions
  extends
    FunctionOptions<DynamoDBStreamEvent>,
    StreamRules,
    Pick<DynamoDBEventOptions, 'eventSourceARN' | 'streamViewType'> {
  readonly source: 'DynamoDBStreams';
  /** The changes, in order. */
  readonly records: readonly DynamoDBChange[];
}

const ruleNames: readonly (keyof StreamRules)[] = [
  'batchSize',
  'maximumRetryAttempts',
  'maximumRecordAgeMs',
  'retentionMs',
  'bisectBatchOnFunctionError',
  'parallelizationFactor',
  'shards',
  'retryDelayMs',
];

type StreamEvent = KinesisStreamEvent | DynamoDBStreamEvent;
type Options = KinesisSimulationOptions<unknown> | DynamoDBSimulationOptions;

/**
 * Runs an entry as the event source mapping of a stream would, in virtual time: until every record is passed by the
 * checkpoint of its shard, or given up on, or `maxInvocations` is reached. The event source mapping is one with
 * ReportBatchItemFailures, and all records are in the stream from the start.
 *
 * A shard goes on with its next batch when this one is done. An answer that moves the checkpoint makes what is left a new
 * batch, with new retries; one that does not, and a failed invocation, take a retry. When those are used up the whole
 * batch is given up on. Splitting takes no retry, and each half has its own; throttles take none either.
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
export async function simulateStream(options: Options): Promise<Simulation<unknown, StreamEvent>> {
  const rules = rulesOf(options);
  const records = recordsOf(options);
  const lanes = lanesOf(options, records, rules);

  return inVirtualTime(options, async (time) => {
    const recording = new Recording<unknown>(time);
    const lambda = new LambdaFunction<StreamEvent>(time, recording, options as FunctionOptions<StreamEvent>);
    const mappings = lanes.map((lane) => new LaneMapping(time, lane, lambda, recording, rules));
    await Promise.all(mappings.map((mapping) => mapping.run()));
    const remaining = mappings.flatMap((mapping) => mapping.remaining).sort((one, other) => one.index - other.index);
    return recording.result(lambda.invocations, remaining);
  });
}

function rulesOf(options: Options): Required<StreamRules> {
  const isDynamoDB = (options as Partial<Options> | undefined)?.source === 'DynamoDBStreams';
  checkOptions('simulateStream', options, [
    ...functionOptionNames,
    ...ruleNames,
    'source',
    'records',
    'eventSourceARN',
    ...(isDynamoDB ? ['streamViewType'] : ['partitionKey']),
  ]);
  checkFunctionOptions(options);
  checkOneOf('source', options.source, [undefined, 'KinesisDataStreams', 'DynamoDBStreams']);
  checkArray('records', options.records);
  const { batchSize = 100, maximumRetryAttempts = -1, maximumRecordAgeMs = -1, retentionMs = 86_400_000 } = options;
  const { bisectBatchOnFunctionError = false, parallelizationFactor = 1, shards = 1 } = options;
  const { retryDelayMs = (retry) => Math.min(250 * 2 ** (retry - 1), 60_000) } = options;
  checkInteger('batchSize', batchSize, { min: 1, max: 10_000 });
  checkInteger('maximumRetryAttempts', maximumRetryAttempts, { min: -1, max: 10_000 });
  if (maximumRecordAgeMs !== -1) {
    checkInteger('maximumRecordAgeMs', maximumRecordAgeMs, { min: 60_000, max: 604_800_000 });
  }
  checkInteger('retentionMs', retentionMs, { min: 1, max: 31_536_000_000 });
  checkInteger('parallelizationFactor', parallelizationFactor, { min: 1, max: 10 });
  checkInteger('shards', shards, { min: 1, max: 10_000 });
  checkOneOf('bisectBatchOnFunctionError', bisectBatchOnFunctionError, [true, false]);
  checkFunction('retryDelayMs', retryDelayMs);
  return {
    batchSize,
    maximumRetryAttempts,
    maximumRecordAgeMs,
    retentionMs,
    bisectBatchOnFunctionError,
    parallelizationFactor,
    shards,
    retryDelayMs,
  };
}

/** A record in a stream. */
interface StreamRecord extends Tracked<unknown> {
  readonly record: StreamEvent['Records'][number];
  readonly bytes: number;
}

function recordsOf(options: Options): StreamRecord[] {
  const { records, eventSourceARN, seed, startTime: start = startTime } = options;
  const before = new Date(start.getTime() - records.length);
  const { Records } =
    options.source === 'DynamoDBStreams'
      ? dynamodbEvent(options.records, {
          eventSourceARN,
          seed,
          streamViewType: options.streamViewType,
          changedAt: before,
        })
      : kinesisEvent(options.records, { eventSourceARN, seed, partitionKey: options.partitionKey, arrivedAt: before });
  const source = sourceOf(options.source ?? 'KinesisDataStreams');
  return Records.map((record, index) => ({
    index,
    payload: records[index],
    identifier: source.itemIdentifier(record) as string,
    receiveCount: 0,
    record,
    bytes: bytesOf(record),
  }));
}

/** The records that are read in one order, one batch at a time: those of a shard, or of one of its parts. */
function lanesOf(options: Options, records: readonly StreamRecord[], rules: Required<StreamRules>): StreamRecord[][] {
  const { shards, parallelizationFactor } = rules;
  const lanes = Array.from({ length: shards * parallelizationFactor }, (): StreamRecord[] => []);
  const source = sourceOf(options.source ?? 'KinesisDataStreams');
  for (const record of records) {
    const lane = laneOf(source.orderingKey(record.record)!, lanes.length);
    const shardId = `shardId-${String(Math.floor(lane / parallelizationFactor)).padStart(12, '0')}`;
    const { eventID } = record.record;
    lanes[lane]!.push({
      ...record,
      record: {
        ...record.record,
        eventID: eventID?.startsWith('shardId-') ? `${shardId}:${record.identifier}` : eventID,
      } as StreamRecord['record'],
    });
  }
  return lanes;
}

/** As Kinesis does it: the MD5 of the key, as a number of 128 bits, falls into one of as many ranges. */
function laneOf(key: string, lanes: number): number {
  const hash = BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
  return Number((hash * BigInt(lanes)) >> 128n);
}

/** The event source mapping of one lane. */
class LaneMapping {
  readonly #time: VirtualTime;
  readonly #lambda: LambdaFunction<StreamEvent>;
  readonly #recording: Recording<unknown>;
  readonly #rules: Required<StreamRules>;
  readonly #records: readonly StreamRecord[];
  /** How many of the records are done or given up on. */
  #position = 0;

  constructor(
    time: VirtualTime,
    records: readonly StreamRecord[],
    lambda: LambdaFunction<StreamEvent>,
    recording: Recording<unknown>,
    rules: Required<StreamRules>,
  ) {
    this.#time = time;
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
    while (left > 0 && !this.#lambda.exhausted) {
      const batch = this.#next(left);
      const expired = this.#expired();
      if (expired !== undefined) {
        this.#giveUp(batch, expired, Math.max(retries, 1));
        return;
      }
      const { fault, outcome, passed } = await this.#invoke(batch);
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
        this.#giveUp(batch, 'RetryAttemptsExhausted', retries + 1);
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
    if (interpretation === undefined) return { fault, outcome: 'failure', passed: 0 };
    for (const record of batch) record.receiveCount++;
    const { outcome, returned } = interpretation;
    const passed = fault === 'duplicate' ? 0 : batch.length - returned.length;
    const done = new Set<Tracked<unknown>>(batch.slice(0, passed));
    this.#recording.delivered(invoked, batch, (record) => done.has(record), 'checkpointed');
    this.#position += passed;
    return { fault, outcome, passed };
  }

  #expired(): 'RecordAgeExceeded' | 'RetentionExceeded' | undefined {
    const { maximumRecordAgeMs, retentionMs } = this.#rules;
    if (maximumRecordAgeMs !== -1 && this.#time.now > maximumRecordAgeMs) return 'RecordAgeExceeded';
    return this.#time.now > retentionMs ? 'RetentionExceeded' : undefined;
  }

  #giveUp(batch: readonly StreamRecord[], reason: DeadLetter<unknown>['reason'], invokeCount: number): void {
    this.#recording.gaveUp(batch, reason, invokeCount);
    this.#position += batch.length;
  }

  async #wait(retry: number): Promise<void> {
    const delay = this.#rules.retryDelayMs(retry);
    checkInteger(`retryDelayMs(${retry})`, delay, { min: 1, max: 2_147_483_647 }); // as setTimeout takes it
    return this.#time.until(this.#time.now + delay);
  }
}
