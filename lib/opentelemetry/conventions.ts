// Names of the semantic conventions for messaging, as of version 1.45; they are not stable yet, so the package that has
// them as constants asks to copy these. Names of our own begin with `lambda_batch_handler`.
import type { Attributes } from '@opentelemetry/api';

import type { BatchStart } from '../observing/observer';

export const SCOPE = 'lambda-batch-handler';
export const OPERATION = 'process';

export const SYSTEM = 'messaging.system';
export const OPERATION_NAME = 'messaging.operation.name';
export const OPERATION_TYPE = 'messaging.operation.type';
export const DESTINATION_NAME = 'messaging.destination.name';
export const BATCH_MESSAGE_COUNT = 'messaging.batch.message_count';
export const MESSAGE_ID = 'messaging.message.id';
export const ERROR_TYPE = 'error.type';
export const CONSUMED_MESSAGES = 'messaging.client.consumed.messages';
export const PROCESS_DURATION = 'messaging.process.duration';

/** What became of a record: `succeeded`, `failed`, `delivered` or `unprocessed`. */
export const OUTCOME = 'lambda_batch_handler.outcome';
export const RECEIVE_COUNT = 'lambda_batch_handler.receive_count';
export const STOPPED_BY = 'lambda_batch_handler.stopped_by';

const systems: Readonly<Partial<Record<string, string>>> = {
  SQS: 'aws_sqs',
  KinesisDataStreams: 'aws.kinesis',
  DynamoDBStreams: 'aws.dynamodb',
};

/** What holds for the batch and all of its records, in spans and in metrics. */
export function attributesOf({ source, records }: BatchStart): Attributes {
  return {
    [SYSTEM]: systems[source] ?? source,
    [OPERATION_NAME]: OPERATION,
    [DESTINATION_NAME]: destinationOf(records[0]),
  };
}

/** The name of the queue, stream or table: a batch is of one. */
function destinationOf(record: unknown): string | undefined {
  const { eventSourceARN: arn } = (record ?? {}) as { readonly eventSourceARN?: unknown };
  if (typeof arn !== 'string') return undefined;
  // arn:aws:sqs:region:account:queue, but stream/name, and table/name/stream/label
  const [first, name = first] = arn.split(':')[5]?.split('/') ?? [];
  return name;
}
