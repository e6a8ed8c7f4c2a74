import type { SQSRecord } from 'aws-lambda';

import type { Source } from './source';

export const sqs: Source<SQSRecord> = {
  eventSource: 'aws:sqs',
  hasShape: (record) => 'messageId' in record || 'body' in record,
  itemIdentifier: (record) => record.messageId,
  orderingKey: (record) => attributesOf(record)?.MessageGroupId ?? undefined,
  receiveCount: (record) => {
    const count = attributesOf(record)?.ApproximateReceiveCount;
    return count === undefined ? undefined : Number(count);
  },
  // By the queue's name, whose suffix is mandatory: messages of fair standard queues have a MessageGroupId too.
  orderingMismatch: (record, ordered) => {
    const arn: unknown = record.eventSourceARN;
    if (typeof arn !== 'string' || arn.endsWith('.fifo') === ordered) return undefined;
    const queue = arn.slice(arn.lastIndexOf(':') + 1);
    return ordered
      ? `The queue ${queue} is a standard queue, so FIFO processing keeps no order there and retries more than has failed.`
      : `The queue ${queue} is a FIFO queue, but its messages are not processed in FIFO order: set fifo: true.`;
  },
};

/** Absent in the fixtures of many unit tests. */
function attributesOf(record: SQSRecord): SQSRecord['attributes'] | undefined {
  return record.attributes;
}
