/**
 * The event sources of samples/templates, with a stack each.
 * In this folder: npm ci && npx aws-cdk@2 deploy batch-sqs
 * The stacks of Kafka ask for your cluster: npx aws-cdk@2 deploy batch-kafka-msk --parameters ClusterArn=arn:...
 * In your own project: npm install --save-dev aws-cdk-lib constructs esbuild ts-node
 * and make `entry` in batch-function.ts your file.
 */
import { App } from 'aws-cdk-lib';

import { DynamoDbStack } from './dynamodb';
import { KafkaMskStack } from './kafka-msk';
import { KafkaSelfManagedStack } from './kafka-self-managed';
import { KinesisStack } from './kinesis';
import { PipeStack } from './pipe';
import { SqsStack } from './sqs';
import { SqsFifoStack } from './sqs-fifo';

const app = new App();

new SqsStack(app, 'batch-sqs');
new SqsFifoStack(app, 'batch-sqs-fifo');
new KinesisStack(app, 'batch-kinesis');
new DynamoDbStack(app, 'batch-dynamodb');
new KafkaMskStack(app, 'batch-kafka-msk');
new KafkaSelfManagedStack(app, 'batch-kafka-self-managed');
new PipeStack(app, 'batch-pipe');
