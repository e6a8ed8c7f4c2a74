import { CfnParameter, Duration, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';

import { batchFunction } from './batch-function';
import { deadLetterQueue } from './dead-letter-queue';

const topic = 'orders';
const consumerGroup = 'order-handler'; // A mapping that is made anew with it goes on where the old one was.

/** A topic of an existing MSK cluster with IAM authentication: two retries, then the partition goes on. */
export class KafkaMskStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const { valueAsString: cluster } = new CfnParameter(this, 'ClusterArn', {
      allowedPattern: String.raw`arn:[^:]+:kafka:[^:]+:\d+:cluster/.+`,
    });
    const handler = batchFunction(this, 'OrderHandler', 'kafka.ts');
    // Not a ManagedKafkaEventSource, which gives the role a managed policy and no access to topics.
    handler.addEventSourceMapping('Orders', {
      eventSourceArn: cluster,
      kafkaTopic: topic,
      kafkaConsumerGroupId: consumerGroup,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      // Without provisioned mode Lambda has neither reports of failures for Kafka, nor limits of retries, nor bisects.
      provisionedPollerConfig: { minimumPollers: 1, maximumPollers: 4 },
      reportBatchItemFailures: true, // Without it Lambda takes every answer for a success, and commits what failed.
      // Without these, one bad record blocks its partition until it expires.
      bisectBatchOnError: true,
      retryAttempts: 2,
      maxRecordAge: Duration.hours(1),
      onFailure: new SqsDlq(deadLetterQueue(this, 'OrdersDeadLetters')),
    });

    const clusterActions = ['kafka:DescribeCluster', 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers'];
    const connectActions = ['kafka-cluster:Connect', 'kafka-cluster:DescribeClusterDynamicConfiguration'];
    const topicActions = ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'];
    const groupActions = ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'];
    const networkActions = [
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
    ];
    for (const [actions, resource] of [
      [[...clusterActions, ...connectActions], cluster],
      [topicActions, withinCluster(cluster, 'topic', topic)],
      [groupActions, withinCluster(cluster, 'group', consumerGroup)],
      [networkActions, '*'], // Lambda reads from within the network of the cluster, and asks for these with any resource.
    ] as const) {
      handler.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [resource] }));
    }
  }
}

function withinCluster(cluster: string, kind: 'topic' | 'group', name: string): string {
  return Fn.join(`:${kind}/`, Fn.split(':cluster/', `${cluster}/${name}`));
}
