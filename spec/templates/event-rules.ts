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
};

/** What holds for SAM alone, in whose events the validator sees no typing error. */
export const eventRules: readonly Rule[] = [
  {
    fault: 'the event is of an unknown type',
    holds: ({ event }) => propertiesOf[event!.Type] !== undefined,
    breach: ({ event }) => (event!.Type = 'DynamoDb'),
  },
  {
    fault: 'the event has a property that its type does not have',
    holds: ({ event, mapping }) =>
      Object.keys(mapping).every((property) => propertiesOf[event!.Type]?.includes(property)),
    breach: ({ mapping }) => Object.assign(mapping, { BatchSise: 5 }),
  },
];
