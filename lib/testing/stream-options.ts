import type { DynamoDBStreamEvent, KinesisStreamEvent } from 'aws-lambda';

import { checkArray, checkFunction, checkInteger, checkOneOf, checkOptions } from './check';
import type { DynamoDBChange, DynamoDBEventOptions } from './dynamodb-event';
import type { KinesisEventOptions } from './kinesis-event';
import { checkFunctionOptions, type FunctionOptions, functionOptionNames } from './lambda-function';

export type StreamEvent = KinesisStreamEvent | DynamoDBStreamEvent;

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
  /**
   * How old a record is when the simulation starts, or how to tell it, to the few milliseconds that records are apart: an
   * integer of milliseconds from 0 to 31,536,000,000, and no more than that of the record before. Default: 0.
   */
  readonly ageMs?: number | ((payload: P, index: number) => number);
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
  /** As for Kinesis. Default: 0. */
  readonly ageMs?: number | ((change: DynamoDBChange, index: number) => number);
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

export type StreamOptions = KinesisSimulationOptions<unknown> | DynamoDBSimulationOptions;

/**
 * The rules of a simulation, with their defaults.
 *
 * @throws TypeError, RangeError where one of the options is not what it should be
 */
export function rulesOf(options: StreamOptions): Required<StreamRules> {
  const isDynamoDB = (options as Partial<StreamOptions> | undefined)?.source === 'DynamoDBStreams';
  checkOptions('simulateStream', options, [
    ...functionOptionNames,
    ...ruleNames,
    'source',
    'records',
    'ageMs',
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
