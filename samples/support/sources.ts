import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';

import type { PartialItemFailureResponse } from '../../lib';
import { interpretResponse } from '../../lib/testing';
import type { Webhook, WebhookEvent } from '../source-of-your-own';

type LambdaRecord = SQSRecord | KinesisStreamRecord | DynamoDBRecord;

export type SampleRecord = LambdaRecord | Webhook;

/** Those of AWS, and that of the source that is nobody else's. */
export type SampleEvent = { readonly Records: LambdaRecord[] } | WebhookEvent;

export type Happened = 'succeeded' | 'failed' | 'not run';

/** What the table has to know of an event source. */
interface Source<R> {
  readonly title: string;
  /** Who calls the function, and does something about its answer. */
  readonly sender: string;
  readonly groupTitle: string;
  identifier(record: R): string;
  /** What the table shows of an identifier: the part that differs. */
  shorten(identifier: string): string;
  group(record: R): string;
  /** The object that holds the payload, and its names there. */
  payload(record: R): readonly [holder: object, ...names: string[]];
  /** What becomes of a record that is not returned, and of one that is. */
  readonly done: string;
  readonly returned: string;
}

const sqs: Source<SQSRecord> = {
  title: 'SQS',
  sender: 'Lambda',
  groupTitle: 'group',
  identifier: ({ messageId }) => messageId,
  shorten: (identifier) => `${identifier.slice(0, 8)}…`,
  group: ({ attributes }) => attributes.MessageGroupId ?? '',
  payload: (record) => [record, 'body'],
  done: 'deleted',
  returned: 'returns to the queue after the visibility timeout',
};

const stream = {
  sender: 'Lambda',
  shorten: (identifier: string) => `…${identifier.slice(-8)}`,
  done: 'checkpointed',
  returned: 'delivered again',
};

const kinesis: Source<KinesisStreamRecord> = {
  ...stream,
  title: 'Kinesis Data Streams',
  groupTitle: 'partition key',
  identifier: ({ kinesis }) => kinesis.sequenceNumber,
  group: ({ kinesis }) => kinesis.partitionKey,
  payload: ({ kinesis }) => [kinesis, 'data'],
};

const dynamodb: Source<DynamoDBRecord> = {
  ...stream,
  title: 'DynamoDB Streams',
  groupTitle: 'item key',
  identifier: ({ dynamodb }) => dynamodb?.SequenceNumber ?? '',
  group: ({ dynamodb }) =>
    Object.values(dynamodb?.Keys ?? {})
      .map((value) => value.S ?? value.N)
      .join(' '),
  payload: ({ dynamodb }) => [dynamodb ?? {}, 'NewImage', 'OldImage'],
};

const webhooks: Source<Webhook> = {
  title: 'a relay of webhooks',
  sender: 'the relay',
  groupTitle: 'shop',
  identifier: ({ id }) => id,
  shorten: (identifier) => identifier,
  group: ({ shop }) => shop,
  payload: (record) => [record, 'content'],
  done: 'forgotten',
  returned: 'sent again',
};

const sources = { 'aws:sqs': sqs, 'aws:kinesis': kinesis, 'aws:dynamodb': dynamodb };

export function sourceOf(record: SampleRecord): Source<SampleRecord> {
  return 'eventSource' in record ? sources[record.eventSource as keyof typeof sources] : webhooks;
}

export function recordsOf(event: SampleEvent): readonly SampleRecord[] {
  return 'Records' in event ? event.Records : event.webhooks;
}

/** Which records come again once the function has answered and, for a stream of AWS, from which on. */
export function afterwards(event: SampleEvent, answer: unknown) {
  if ('Records' in event) return interpretResponse(event, answer);
  const { batchItemFailures } = answer as PartialItemFailureResponse;
  return { returned: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), checkpoint: undefined };
}
