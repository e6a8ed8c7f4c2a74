import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';

import type { PartialItemFailureResponse } from '../../lib';
import { kafka, type KafkaBatchResponse, type KafkaEvent, type KafkaRecord } from '../../lib/kafka';
import { interpretResponse } from '../../lib/testing';
import type { Webhook, WebhookEvent } from '../source-of-your-own';

type LambdaRecord = SQSRecord | KinesisStreamRecord | DynamoDBRecord;

export type SampleRecord = LambdaRecord | KafkaRecord | Webhook;

/** Those of event source mappings and pipes, and that of the source that is nobody else's. */
export type SampleEvent = { readonly Records: LambdaRecord[] } | KafkaEvent | readonly SQSRecord[] | WebhookEvent;

export type SampleAnswer = PartialItemFailureResponse | KafkaBatchResponse;

export type Happened = 'succeeded' | 'failed' | 'not run' | 'behind a failure';

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

const topic: Source<KafkaRecord> = {
  ...stream,
  title: 'Kafka',
  groupTitle: 'key',
  identifier: (record) => textOf(kafka.itemIdentifier(record)!),
  shorten: (identifier) => identifier,
  group: ({ key }) => Buffer.from(key ?? '', 'base64').toString(),
  payload: (record) => [record, 'value'],
  done: 'committed',
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
  if ('topic' in record) return topic;
  return 'eventSource' in record ? sources[record.eventSource as keyof typeof sources] : webhooks;
}

export function recordsOf(event: SampleEvent): readonly SampleRecord[] {
  if (Array.isArray(event)) return event as readonly SQSRecord[];
  if ('records' in event) return Object.values(event.records).flat();
  return 'Records' in event ? event.Records : (event as WebhookEvent).webhooks;
}

/** The identifiers that an answer reports, as text. */
export function reportedBy(answer: unknown): readonly string[] {
  const { batchItemFailures = [] } = answer as Partial<SampleAnswer>;
  return batchItemFailures.map(({ itemIdentifier }) => textOf(itemIdentifier));
}

function textOf(identifier: SampleAnswer['batchItemFailures'][number]['itemIdentifier']): string {
  return typeof identifier === 'string' ? identifier : kafka.textOf!(identifier);
}

/** Which records come again once the function has answered and, for a stream of AWS, from which on. */
export function afterwards(event: SampleEvent, answer: unknown) {
  if ('webhooks' in event) return { returned: reportedBy(answer), checkpoint: undefined };
  // Each of its signatures takes events of its own.
  return 'records' in event ? interpretResponse(event, answer) : interpretResponse(event, answer);
}
