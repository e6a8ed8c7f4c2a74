import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

import { batchFunction, functionTimeout } from './batch-function';
import { deadLetterQueue } from './dead-letter-queue';

/** A standard queue: two retries, then the dead-letter queue. */
export class SqsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const queue = new Queue(this, 'Orders', {
      encryption: QueueEncryption.SQS_MANAGED,
      // At least six times the timeout of the function, plus the batching window if there is one.
      visibilityTimeout: Duration.seconds(6 * functionTimeout.toSeconds()),
      deadLetterQueue: { queue: deadLetterQueue(this, 'OrdersDeadLetters'), maxReceiveCount: 3 },
    });
    batchFunction(this, 'OrderHandler', 'sqs.ts').addEventSource(
      // Without reportBatchItemFailures Lambda takes every answer for a success, and deletes what failed.
      new SqsEventSource(queue, { batchSize: 10, maxConcurrency: 10, reportBatchItemFailures: true }),
    );
    new CfnOutput(this, 'QueueUrl', { value: queue.queueUrl });
  }
}
