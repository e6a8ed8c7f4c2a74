import type { DynamoDBStreamEvent, KinesisStreamEvent } from 'aws-lambda';

import { checkArray, checkInteger, checkOneOf, checkOptions } from './check';
import type { DynamoDBChange, DynamoDBEventOptions } from './dynamodb-event';
import type { KinesisEventOptions } from './kinesis-event';
import { checkFunctionOptions, type FunctionOptions, functionOptionNames } from './lambda-function';
import { type RetryRules, retryRuleNames, retryRulesOf } from './retry-rules';
import { checkSettings } from './settings-kind';

export type StreamEvent = KinesisStreamEvent | DynamoDBStreamEvent;

/** Options of `simulateStream` that do not depend on the source. */
export interface StreamRules extends RetryRules {
  /** How many batches of a shard run at once: an integer from 1 to 10. Those of one key never do. Default: 1. */
  readonly parallelizationFactor?: number;
  /** How many shards the keys are spread over: an integer from 1 to 10,000. Default: 1. */
  readonly shards?: number;
}

/** Options of `simulateStream` for Kinesis Data Streams; `P` is what the payloads are made of. */
export interface KinesisSimulationOptions<P>
  extends
    FunctionOptions<KinesisStreamEvent>,
    StreamRules,
    Pick<KinesisEventOptions<P>, 'eventSourceARN' | 'partitionKey'> {
  /** Kinesis Data Streams. Default: this. */
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
  /** DynamoDB Streams. */
  readonly source: 'DynamoDBStreams';
  /** The changes, in order. */
  readonly records: readonly DynamoDBChange[];
  /** As for Kinesis. Default: 0. */
  readonly ageMs?: number | ((change: DynamoDBChange, index: number) => number);
}

export type StreamOptions = KinesisSimulationOptions<unknown> | DynamoDBSimulationOptions;

/**
 * The rules of a simulation, with their defaults.
 *
 * @throws TypeError, RangeError where one of the options is not what it should be
 */
export function rulesOf(options: StreamOptions): Required<StreamRules> {
  const isDynamoDB = (options as Partial<StreamOptions> | undefined)?.source === 'DynamoDBStreams';
  checkSettings('simulateStream', options, isDynamoDB ? 'dynamodb' : 'kinesis');
  checkOptions('simulateStream', options, [
    ...functionOptionNames,
    ...retryRuleNames,
    'parallelizationFactor',
    'shards',
    'source',
    'records',
    'ageMs',
    'eventSourceARN',
    ...(isDynamoDB ? ['streamViewType'] : ['partitionKey']),
  ]);
  checkFunctionOptions(options);
  checkOneOf('source', options.source, [undefined, 'KinesisDataStreams', 'DynamoDBStreams']);
  checkArray('records', options.records);
  const { parallelizationFactor = 1, shards = 1 } = options;
  const rules = retryRulesOf(options, 86_400_000);
  checkInteger('parallelizationFactor', parallelizationFactor, { min: 1, max: 10 });
  checkInteger('shards', shards, { min: 1, max: 10_000 });
  return { ...rules, parallelizationFactor, shards };
}
