import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';

import { batchFunction } from './batch-function';
import { deadLetterQueue } from './dead-letter-queue';

/** A Kinesis stream: two retries, then the shard goes on; the dead-letter queue is told where the failures are. */
export class KinesisStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const stream = new Stream(this, 'Readings');
    batchFunction(this, 'MeterHandler', 'kinesis-by-key.ts').addEventSource(
      new KinesisEventSource(stream, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(1),
        reportBatchItemFailures: true, // Without it Lambda takes every answer for a success, and skips what failed.
        // Without these, one bad record blocks its shard until it expires.
        bisectBatchOnError: true,
        retryAttempts: 2,
        maxRecordAge: Duration.hours(1),
        onFailure: new SqsDlq(deadLetterQueue(this, 'ReadingsDeadLetters')),
      }),
    );
    new CfnOutput(this, 'StreamName', { value: stream.streamName });
  }
}
