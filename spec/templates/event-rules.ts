import type { With } from './deployment';
import type { Rule } from './rules';

const streamProperties = [
  'Stream',
  'StartingPosition',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FunctionResponseTypes',
  'BisectBatchOnFunctionError',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'DestinationConfig',
];

/** What the templates use of each type of event. */
const propertiesOf: Record<string, readonly string[]> = {
  SQS: ['Queue', 'BatchSize', 'FunctionResponseTypes', 'ScalingConfig'],
  Kinesis: streamProperties,
  DynamoDB: streamProperties,
  MSK: [...streamProperties, 'Topics', 'ConsumerGroupId', 'ProvisionedPollerConfig'],
};

/** What holds for SAM alone, in whose events the validator sees no typing error. */
export const eventRules: readonly Rule<With<'event'>>[] = [
  {
    fault: 'the event is of an unknown type',
    holds: ({ event }) => propertiesOf[event.Type] !== undefined,
    breach: ({ event }) => (event.Type = 'DynamoDb'),
  },
  {
    fault: 'the event has a property that its type does not have',
    holds: ({ event: { Type, Properties } }) =>
      Object.keys(Properties).every((property) => propertiesOf[Type]?.includes(property)),
    breach: ({ event }) => Object.assign(event.Properties, { BatchSise: 5 }),
  },
];
