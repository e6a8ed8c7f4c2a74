import { type MappingProperties, type Reference, type Statement, textOf, type With } from './deployment';
import { evaluate } from './evaluate';
import type { Rule } from './rules';
import { allows, allowsWhere, disallow, networkActions } from './statements';

const fourteenMinutes = 14 * 60;

const clusterActions = [
  'kafka:DescribeCluster',
  'kafka:DescribeClusterV2',
  'kafka:GetBootstrapBrokers',
  'kafka-cluster:Connect',
  'kafka-cluster:DescribeClusterDynamicConfiguration',
];
const topicActions = ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'];
const groupActions = ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'];

export const kafkaRules: readonly Rule<With<'mapping'>>[] = [
  {
    fault: 'there are fewer pollers, or more, than Lambda takes in provisioned mode',
    holds: ({ mapping: { ProvisionedPollerConfig: { MinimumPollers: min = 0, MaximumPollers: max = 0 } = {} } }) =>
      min >= 1 && min <= 200 && max >= min && max <= 2_000,
    breach: ({ mapping }) => (mapping.ProvisionedPollerConfig = { MinimumPollers: 0, MaximumPollers: 4 }),
  },
  {
    fault: 'no standard queue is told of the records that failed',
    holds: ({ deadLetters }) => deadLetters?.type === 'AWS::SQS::Queue' && !deadLetters.properties.FifoQueue,
    breach: ({ deadLetters }) => (deadLetters!.properties.FifoQueue = true),
  },
  {
    fault: 'the function may run longer than the 14 minutes that Lambda allows Kafka',
    holds: ({ fn }) => fn.Timeout! <= fourteenMinutes,
    breach: ({ fn }) => (fn.Timeout = fourteenMinutes + 1),
  },
  {
    fault: 'there is not one topic',
    holds: ({ mapping }) => mapping.Topics?.length === 1,
    breach: ({ mapping }) => mapping.Topics!.push('returns'),
  },
  {
    fault: 'the consumer group has no name, and a mapping that is made anew would not go on where the old one was',
    holds: ({ mapping }) => consumerGroupOf(mapping) !== undefined,
    breach: ({ mapping }) => {
      delete mapping.ConsumerGroupId;
      delete mapping.AmazonManagedKafkaEventSourceConfig;
      delete mapping.SelfManagedKafkaEventSourceConfig;
    },
  },
];

export const mskRules: readonly Rule<With<'mapping'>>[] = [
  {
    fault: 'the function may not connect to its cluster',
    holds: ({ statements, mapping }) => allows(statements, clusterActions, { arn: textOf(clusterOf(mapping)) }),
    breach: ({ statements }) => disallow(statements, 'kafka-cluster:Connect'),
  },
  {
    fault: 'the function may not read its topic',
    holds: ({ statements, mapping }) => allowsWithin(mapping, statements, topicActions, ['topic', mapping.Topics?.[0]]),
    breach: ({ mapping }) => (mapping.Topics = ['returns']),
  },
  {
    fault: 'the function may not read as its consumer group',
    holds: ({ statements, mapping }) =>
      allowsWithin(mapping, statements, groupActions, ['group', consumerGroupOf(mapping)]),
    breach: ({ statements }) => disallow(statements, 'kafka-cluster:AlterGroup'),
  },
  {
    fault: 'the function may not enter the network of its cluster',
    holds: ({ statements }) => allowsWhere(statements, networkActions, (resource) => resource === '*'),
    breach: ({ statements }) => disallow(statements, 'ec2:CreateNetworkInterface'),
  },
];

export const selfManagedRules: readonly Rule<With<'mapping'>>[] = [
  {
    fault: 'the brokers are not named',
    holds: ({ mapping }) => mapping.SelfManagedEventSource?.Endpoints?.KafkaBootstrapServers !== undefined,
    breach: ({ mapping }) => delete mapping.SelfManagedEventSource?.Endpoints,
  },
  {
    fault: 'there are no credentials for the brokers, which are reached over the internet',
    holds: ({ mapping }) => credentialsOf(mapping) !== undefined,
    breach: ({ mapping }) => delete mapping.SourceAccessConfigurations,
  },
  {
    fault: 'the function may not read the credentials for its brokers',
    holds: ({ statements, mapping }) =>
      allows(statements, ['secretsmanager:GetSecretValue'], { arn: textOf(credentialsOf(mapping)) }),
    breach: ({ statements }) => disallow(statements, 'secretsmanager:GetSecretValue'),
  },
];

function clusterOf({ Stream, EventSourceArn }: MappingProperties): Reference | undefined {
  return Stream ?? EventSourceArn;
}

function consumerGroupOf(mapping: MappingProperties): string | undefined {
  const { AmazonManagedKafkaEventSourceConfig: managed, SelfManagedKafkaEventSourceConfig: selfManaged } = mapping;
  return mapping.ConsumerGroupId ?? (managed ?? selfManaged)?.ConsumerGroupId;
}

function credentialsOf({ SourceAccessConfigurations: all = [] }: MappingProperties): unknown {
  return all.find(({ Type }) => /^(SASL_SCRAM_(256|512)|BASIC)_AUTH$/.test(Type))?.URI;
}

const kafkaArn = 'arn:aws:kafka:eu-west-1:123456789012';

/** Whether statements allow all these actions on a topic or a group, whose ARN they make of that of the cluster. */
function allowsWithin(
  mapping: MappingProperties,
  statements: readonly Statement[],
  actions: readonly string[],
  [kind, name]: readonly [kind: 'topic' | 'group', name: string | undefined],
): boolean {
  const values = { [String(textOf(clusterOf(mapping)))]: `${kafkaArn}:cluster/shop/1a2b-3` };
  const arn = `${kafkaArn}:${kind}/shop/1a2b-3/${String(name)}`;
  return allowsWhere(statements, actions, (resource) => evaluate(resource, values) === arn);
}
