import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';

import { batchFunction } from './batch-function';
import { deadLetterQueue } from './dead-letter-queue';

/** The stream of a table: two retries, then the shard goes on; the dead-letter queue is told where the failures are. */
export class DynamoDbStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const table = new TableV2(this, 'Products', {
      partitionKey: { name: 'sku', type: AttributeType.STRING },
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    });
    batchFunction(this, 'ProductHandler', 'dynamodb.ts').addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(1),
        reportBatchItemFailures: true, // Without it Lambda takes every answer for a success, and skips what failed.
        // Without these, one bad record blocks its shard until it expires.
        bisectBatchOnError: true,
        retryAttempts: 2,
        maxRecordAge: Duration.hours(1),
        onFailure: new SqsDlq(deadLetterQueue(this, 'ProductsDeadLetters')),
      }),
    );
    new CfnOutput(this, 'TableName', { value: table.tableName });
  }
}
