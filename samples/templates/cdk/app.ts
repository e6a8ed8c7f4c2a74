/**
 * The four event sources of samples/templates, with a stack each.
 * In this folder: npm ci && npx aws-cdk@2 deploy batch-sqs
 * In your own project: npm install --save-dev aws-cdk-lib constructs esbuild ts-node
 * and make `entry` in batch-function.ts your file.
 */
import { App } from 'aws-cdk-lib';

import { DynamoDbStack } from './dynamodb';
import { KinesisStack } from './kinesis';
import { SqsStack } from './sqs';
import { SqsFifoStack } from './sqs-fifo';

const app = new App();

new SqsStack(app, 'batch-sqs');
new SqsFifoStack(app, 'batch-sqs-fifo');
new KinesisStack(app, 'batch-kinesis');
new DynamoDbStack(app, 'batch-dynamodb');
