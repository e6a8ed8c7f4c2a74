import { CfnParameter, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { AuthenticationMethod, SelfManagedKafkaEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

import { batchFunction } from './batch-function';
import { deadLetterQueue } from './dead-letter-queue';

/** A topic of a Kafka cluster that is reached over the internet: two retries, then the partition goes on. */
export class KafkaSelfManagedStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const servers = new CfnParameter(this, 'BootstrapServers', { type: 'CommaDelimitedList' });
    const secret = new CfnParameter(this, 'CredentialsArn', {
      allowedPattern: String.raw`arn:[^:]+:secretsmanager:[^:]+:\d+:secret:.+`,
    });
    batchFunction(this, 'OrderHandler', 'kafka.ts').addEventSource(
      new SelfManagedKafkaEventSource({
        bootstrapServers: servers.valueAsList,
        secret: Secret.fromSecretCompleteArn(this, 'Secret', secret.valueAsString),
        authenticationMethod: AuthenticationMethod.SASL_SCRAM_512_AUTH,
        topic: 'orders',
        consumerGroupId: 'order-handler', // A mapping that is made anew with it goes on where the old one was.
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
      }),
    );
  }
}
