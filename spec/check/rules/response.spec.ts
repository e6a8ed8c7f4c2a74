import { open } from '../../../lib/check/model';
import { describeRule } from '../support/describe-rule';
import { dynamodb, kafka, kinesis, missing, ours, reporting, silent, sqs, unknown } from '../support/model';

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html: without ReportBatchItemFailures the answer is not read.
const off = { responseTypes: [] };
const fix = 'FunctionResponseTypes: [ReportBatchItemFailures]';
const says = (loses: string) =>
  `FunctionResponseTypes has no ReportBatchItemFailures: Lambda takes every answer for a success, and ${loses}`;

describeRule('partial-response-off', {
  finds: {
    'a queue whose handler is ours': {
      mapping: sqs(off),
      is: 'error',
      says: says('deletes what failed'),
      fix,
      needs: ['responseTypes'],
    },
    'a stream of Kinesis whose handler is ours': {
      mapping: kinesis(off),
      is: 'error',
      says: says('skips what failed'),
      fix,
      needs: ['responseTypes'],
    },
    'a stream of DynamoDB whose handler is ours': {
      mapping: dynamodb(off),
      is: 'error',
      says: says('skips what failed'),
      fix,
      needs: ['responseTypes'],
    },
    'a topic of Kafka whose handler is ours': {
      mapping: kafka(off),
      is: 'error',
      says: says('commits what failed'),
      fix,
      needs: ['responseTypes'],
    },
    'other response types': {
      mapping: sqs({ responseTypes: ['reportBatchItemFailures'] }),
      is: 'error',
      says: says('deletes what failed'),
      fix,
      needs: ['responseTypes'],
    },
    'a handler of other code that reports failures': {
      mapping: sqs(off),
      handler: reporting,
      is: 'error',
      says: says('deletes what failed'),
      fix,
      needs: ['responseTypes'],
    },
    'a handler of which nothing is known, as a hint': {
      mapping: sqs(off),
      handler: unknown,
      is: 'hint',
      says: says('deletes what failed'),
      fix,
      needs: ['responseTypes'],
    },
    'a handler that is missing, as a hint': {
      mapping: sqs(off),
      handler: missing,
      is: 'hint',
      says: says('deletes what failed'),
      fix,
      needs: ['responseTypes'],
    },
    'a handler of ours for another source': {
      mapping: sqs(off),
      handler: ours({ source: 'KinesisDataStreams' }),
      is: 'error',
      says: says('deletes what failed'),
      fix,
      needs: ['responseTypes'],
    },
    'an SNS event with SqsSubscription, for which SAM has no such setting': {
      mapping: sqs({ canReport: false }),
      is: 'error',
      says: says('deletes what failed'),
      fix: `${fix}, in an event of Type: SQS for a queue that is subscribed to the topic`,
      needs: ['responseTypes'],
    },
  },
  passes: {
    'what reports': { mapping: sqs() },
    'what reports among other things': { mapping: sqs({ responseTypes: ['Other', 'ReportBatchItemFailures'] }) },
    'response types that are not known': { mapping: sqs({ responseTypes: open }) },
    'a handler that never says what has failed': { mapping: sqs(off), handler: silent },
    'Kafka outside of provisioned mode, where Lambda would refuse it': {
      mapping: kafka({ ...off, isProvisioned: false }),
    },
  },
});
