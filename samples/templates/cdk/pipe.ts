import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

import { batchFunction, functionTimeout } from './batch-function';
import { deadLetterQueue } from './dead-letter-queue';

/** A queue that an EventBridge pipe reads for the function: two retries, then the dead-letter queue. */
export class PipeStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const queue = new Queue(this, 'Orders', {
      encryption: QueueEncryption.SQS_MANAGED,
      // At least six times the timeout of the function, plus the batching window if there is one.
      visibilityTimeout: Duration.seconds(6 * functionTimeout.toSeconds()),
      deadLetterQueue: { queue: deadLetterQueue(this, 'OrdersDeadLetters'), maxReceiveCount: 3 },
    });
    const handler = batchFunction(this, 'OrderHandler', 'pipes.ts');
    const role = new Role(this, 'OrdersPipeRole', {
      assumedBy: new ServicePrincipal('pipes.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
      inlinePolicies: {
        HandOverOrders: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
              resources: [queue.queueArn],
            }),
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }),
          ],
        }),
      },
    });
    new CfnPipe(this, 'OrdersPipe', {
      roleArn: role.roleArn,
      source: queue.queueArn,
      sourceParameters: { sqsQueueParameters: { batchSize: 10 } },
      target: handler.functionArn,
      // An inputTemplate would have to keep eventSource and messageId, without which nothing can be reported.
      targetParameters: {
        // With FIRE_AND_FORGET the answer goes nowhere, and what failed is deleted.
        lambdaFunctionParameters: { invocationType: 'REQUEST_RESPONSE' },
      },
    });
    new CfnOutput(this, 'QueueUrl', { value: queue.queueUrl });
  }
}
