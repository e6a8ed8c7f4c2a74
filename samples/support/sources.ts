import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';

export type SampleRecord = SQSRecord | KinesisStreamRecord | DynamoDBRecord;

export type Happened = 'succeeded' | 'failed' | 'not run';

/** What the table has to know of an event source. */
interface Source<R> {
  readonly title: string;
  readonly groupTitle: string;
  identifier(record: R): string;
  /** What the table shows of an identifier: the part that differs. */
  shorten(identifier: string): string;
  group(record: R): string;
  /** The object that holds the payload, and its names there. */
  payload(record: R): readonly [holder: object, ...names: string[]];
  /** What Lambda does with a record that is not returned, and with one that is. */
  readonly done: string;
  readonly returned: string;
}

const sqs: Source<SQSRecord> = {
  title: 'SQS',
  groupTitle: 'group',
  identifier: ({ messageId }) => messageId,
  shorten: (identifier) => `${identifier.slice(0, 8)}…`,
  group: ({ attributes }) => attributes.MessageGroupId ?? '',
  payload: (record) => [record, 'body'],
  done: 'deleted',
  returned: 'returns to the queue after the visibility timeout',
};

const stream = {
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

const sources = { 'aws:sqs': sqs, 'aws:kinesis': kinesis, 'aws:dynamodb': dynamodb };

export function sourceOf({ eventSource }: SampleRecord): Source<SampleRecord> {
  return sources[eventSource as keyof typeof sources];
}
