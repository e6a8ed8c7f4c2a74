import type { KafkaEvent } from '../kafka/event';
import { checkArray, checkInteger, checkOptions } from './check';
import { type KafkaInterpretOptions, undocumentedReturns } from './interpretation';
import { clusterOptionNames, type KafkaClusterOptions } from './kafka-cluster';
import { type KafkaRecordOptions, recordOptionNames } from './kafka-records';
import { checkFunctionOptions, type FunctionOptions, functionOptionNames } from './lambda-function';
import { type RetryRules, retryRuleNames, retryRulesOf } from './retry-rules';
import { checkSettings } from './settings-kind';

/** Options of `simulateKafka` about partitions, and about what is retried. */
export interface KafkaRules extends RetryRules {
  /** How many partitions each topic has: an integer from 1 to 10,000. Default: 1. */
  readonly partitions?: number;
  /**
   * How many pollers share the partitions of all topics, each with one batch at a time: an integer from 1 to 10,000. More than
   * there are partitions have nothing to do. Default: 1.
   */
  readonly pollers?: number;
  /**
   * How often a batch is retried: an integer from 0 to 10,000, or -1 for no limit, of which Lambda makes 10 where the
   * mapping has an on-failure destination, and a simulation does not. Default: -1.
   */
  readonly maximumRetryAttempts?: number;
  /** When the topic drops a record: an integer of milliseconds, at most a year. Default: 604,800,000, which is a week. */
  readonly retentionMs?: number;
}

/** Options of `simulateKafka`; `P` is what the payloads are made of. */
export interface KafkaSimulationOptions<P>
  extends
    Omit<FunctionOptions<KafkaEvent>, 'undocumented'>,
    Pick<KafkaInterpretOptions, 'undocumented'>,
    KafkaRules,
    KafkaClusterOptions,
    Pick<KafkaRecordOptions<P>, 'topic' | 'key' | 'headers' | 'offset'> {
  /**
   * The payloads, in the order in which they were produced: strings and bytes are taken as they are, null and undefined as
   * tombstones, and anything else becomes JSON.
   */
  readonly records: readonly P[];
  /**
   * The partition, or how to tell it: an integer from 0 to below `partitions`. Default: by the hash of the key, as Kafka's
   * producers do it; without a key, one after the other in turn.
   */
  readonly partition?: KafkaRecordOptions<P>['partition'];
  /**
   * How old a record is when the simulation starts, or how to tell it, to the few milliseconds that records are apart: an
   * integer of milliseconds from 0 to 31,536,000,000, and no more than that of the record before. Default: 0.
   */
  readonly ageMs?: number | ((payload: P, index: number) => number);
}

const optionNames = [
  ...functionOptionNames,
  ...retryRuleNames,
  ...clusterOptionNames,
  ...recordOptionNames.filter((name) => name !== 'arrivedAt'),
  'partitions',
  'pollers',
  'records',
  'ageMs',
];

/**
 * The rules of a simulation, with their defaults.
 *
 * @throws TypeError, RangeError where one of the options is not what it should be
 */
export function kafkaRulesOf<P>(options: KafkaSimulationOptions<P>): Required<KafkaRules> {
  checkSettings('simulateKafka', options, 'kafka');
  checkOptions('simulateKafka', options, optionNames);
  checkFunctionOptions(options, undocumentedReturns);
  checkArray('records', options.records);
  const { partitions = 1, pollers = 1 } = options;
  checkInteger('partitions', partitions, { min: 1, max: 10_000 });
  checkInteger('pollers', pollers, { min: 1, max: 10_000 });
  return { ...retryRulesOf(options, 604_800_000), partitions, pollers };
}
