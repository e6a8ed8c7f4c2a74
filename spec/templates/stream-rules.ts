import type { With } from './deployment';
import type { Rule } from './rules';
import { allows, disallow } from './statements';

const actionsOf: Record<string, readonly string[]> = {
  kinesis: ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'],
  dynamodb: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'],
};

const serviceOf = ({ source }: With<'source'>): string => source.type.split('::')[1]!.toLowerCase();

/** What holds where the records that failed block those behind them: Kinesis, DynamoDB and Kafka. */
export const streamRules: readonly Rule<With<'mapping'>>[] = [
  {
    fault: 'there are not two retries',
    holds: ({ mapping }) => mapping.MaximumRetryAttempts === 2,
    breach: ({ mapping }) => delete mapping.MaximumRetryAttempts,
  },
  {
    fault: 'the age of a record has no limit, or one that Lambda refuses',
    holds: ({ mapping: { MaximumRecordAgeInSeconds: age = -1 } }) => age >= 60 && age <= 604_800,
    breach: ({ mapping }) => delete mapping.MaximumRecordAgeInSeconds,
  },
  {
    fault: 'the function may not send to its dead-letter queue',
    holds: ({ statements, deadLetters }) => allows(statements, ['sqs:SendMessage'], deadLetters),
    breach: ({ statements }) => disallow(statements, 'sqs:SendMessage'),
  },
];

export const shardRules: readonly Rule<With<'mapping' | 'source'>>[] = [
  {
    fault: 'the function may not read its stream',
    holds: (deployment) => {
      const service = serviceOf(deployment);
      const actions = actionsOf[service]!.map((action) => `${service}:${action}`);
      return allows(deployment.statements, actions, deployment.source);
    },
    breach: (deployment) => disallow(deployment.statements, `${serviceOf(deployment)}:GetRecords`),
  },
];

export const tableRules: readonly Rule<With<'source'>>[] = [
  {
    fault: 'the stream of the table is without the images of its items',
    holds: ({ source }) => source.properties.StreamSpecification?.StreamViewType === 'NEW_AND_OLD_IMAGES',
    breach: ({ source }) => (source.properties.StreamSpecification = { StreamViewType: 'KEYS_ONLY' }),
  },
];
