import { open, type Mapping, type Open } from '../model';
import type { Value } from './evaluate';
import { member } from './json';
import type { Properties } from './template-resource';
import { booleanOf, isGiven, knownTextOf, numberOf, otherwise, textsOf } from './values';

/** What a mapping and an event of SAM say by the same names. */
type Settings = Pick<
  Mapping,
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
    responseTypes: otherwise(textsOf(get('FunctionResponseTypes')), []),
    batchSize: otherwise(numberOf(get('BatchSize')), kind === 'sqs' ? QUEUE_BATCH : STREAM_BATCH),
    window: otherwise(numberOf(get('MaximumBatchingWindowInSeconds')), WINDOW),
    filters: filtersOf(get('FilterCriteria')),
    maximumConcurrency: numberOf(member(get('ScalingConfig'), 'MaximumConcurrency')),
    maximumRetryAttempts: numberOf(get('MaximumRetryAttempts')),
    maximumRecordAge: numberOf(get('MaximumRecordAgeInSeconds')),
    bisects: booleanOf(get('BisectBatchOnFunctionError')),
    parallelizationFactor: numberOf(get('ParallelizationFactor')),
    tumblingWindow: numberOf(get('TumblingWindowInSeconds')),
    startingPosition: knownTextOf(get('StartingPosition')),
    isProvisioned: isGiven(get('ProvisionedPollerConfig')),
  };
}

function filtersOf(criteria: Value): Open<number | undefined> {
  const filters = member(criteria, 'Filters');
  if (filters === undefined || filters === null) return undefined;
  return Array.isArray(filters) ? filters.length || undefined : open;
}
