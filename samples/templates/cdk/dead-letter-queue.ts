import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** A queue that keeps what failed for 14 days, and an alarm; the alarm has no action until you give it one. */
export function deadLetterQueue(scope: Construct, id: string, props: Pick<QueueProps, 'fifo'> = {}): Queue {
  const queue = new Queue(scope, id, {
    ...props,
    encryption: QueueEncryption.SQS_MANAGED,
    retentionPeriod: Duration.days(14),
  });
  queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }).createAlarm(scope, `${id}Alarm`, {
    alarmDescription: 'Messages are in the dead-letter queue',
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  return queue;
}
