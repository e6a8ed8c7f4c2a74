import { open, type Mapping, type Open } from '../model';
import type { Value } from './evaluate';
import { member } from './json';
import type { Properties } from './template-resource';
import { booleanOf, isGiven, knownTextOf, numberOf, otherwise, textsOf } from './values';

/** What a mapping and an event of SAM say by the same names. */
type Settings = Pick<
  Mapping,
  | 'isEnabled'
  | 'responseTypes'
  | 'batchSize'
  | 'window'
  | 'filters'
  | 'maximumConcurrency'
  | 'maximumRetryAttempts'
  | 'maximumRecordAge'
  | 'bisects'
  | 'parallelizationFactor'
  | 'tumblingWindow'
  | 'startingPosition'
  | 'isProvisioned'
>;

/** Those of Lambda, where nothing is said. Kafka's window of half a second counts as none. */
const QUEUE_BATCH = 10;
const STREAM_BATCH = 100;
const WINDOW = 0;

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export function settingsOf({ get }: Properties, kind: Mapping['kind']): Settings {
  return {
    isEnabled: otherwise(booleanOf(get('Enabled')), true),
    responseTypes: otherwise(textsOf(get('FunctionResponseTypes')), []),
    batchSize: otherwise(numberOf(get('BatchSize')), kind === 'sqs' ? QUEUE_BATCH : STREAM_BATCH),
    window: otherwise(numberOf(get('MaximumBatchingWindowInSeconds')), WINDOW),
    filters: filtersOf(get('FilterCriteria')),
    maximumConcurrency: numberOf(member(get('ScalingConfig'), 'MaximumConcurrency')),
    maximumRetryAttempts: numberOf(get('MaximumRetryAttempts')) ?? standardRetries(get),
    maximumRecordAge: numberOf(get('MaximumRecordAgeInSeconds')),
    bisects: booleanOf(get('BisectBatchOnFunctionError')),
    parallelizationFactor: numberOf(get('ParallelizationFactor')),
    tumblingWindow: numberOf(get('TumblingWindowInSeconds')),
    startingPosition: knownTextOf(get('StartingPosition')),
    isProvisioned: isGiven(get('ProvisionedPollerConfig')),
  };
}

/** In its queue mode, Kafka's brokers see to what failed, and Lambda does not retry. */
function standardRetries(get: Properties['get']): Open<0 | undefined> {
  const configs = ['AmazonManagedKafkaEventSourceConfig', 'SelfManagedKafkaEventSourceConfig'].map(get);
  const modes = configs.map((config) => knownTextOf(member(config, 'ConsumptionMode')));
  if (modes.includes(open)) return open;
  return modes.includes('Queue') ? 0 : undefined;
}

function filtersOf(criteria: Value): Open<number | undefined> {
  const filters = member(criteria, 'Filters');
  if (filters === undefined || filters === null) return undefined;
  return Array.isArray(filters) ? filters.length || undefined : open;
}
