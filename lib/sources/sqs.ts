import type { SQSEvent, SQSRecord } from 'aws-lambda';

import { recordsOf } from './records';
import type { Source } from './source';

export const sqs: Source<SQSRecord, SQSEvent, string, string> = {
  name: 'SQS',
  kind: 'queue',
  eventSource: 'aws:sqs',
  records: recordsOf,
  hasShape: (record) => 'messageId' in record || 'body' in record,
  itemIdentifier: (record) => record.messageId,
  orderingKey: (record) => attributesOf(record)?.MessageGroupId ?? undefined,
  receiveCount: (record) => {
    const count = attributesOf(record)?.ApproximateReceiveCount;
    return count === undefined ? undefined : Number(count);
  },
  orderingMismatch: (record, ordered) => {
    if (isFromFifoQueue(record) !== !ordered) return undefined;
    const queue = record.eventSourceARN.slice(record.eventSourceARN.lastIndexOf(':') + 1);
    return ordered
      ? `The queue ${queue} is a standard queue, so FIFO processing keeps no order there and retries more than has failed.`
      : `The queue ${queue} is a FIFO queue, but its messages are not processed in FIFO order: set fifo: true.`;
  },
  payload: {
    kind: 'text',
    of: (record) => record.body,
    with: (record, body) => ({ ...record, body }),
  },
};

/**
 * Whether a message is from a FIFO queue; undefined where it does not say from which.
 *
 * By the queue's name, whose suffix is mandatory: messages of fair standard queues have a MessageGroupId too.
 */
export function isFromFifoQueue(record: SQSRecord): boolean | undefined {
  const arn: unknown = record.eventSourceARN;
  return typeof arn === 'string' ? arn.endsWith('.fifo') : undefined;
}

/** Absent in the fixtures of many unit tests. */
function attributesOf(record: SQSRecord): SQSRecord['attributes'] | undefined {
  return record.attributes;
}
