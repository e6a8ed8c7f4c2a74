import type {
  Context,
  DynamoDBRecord,
  DynamoDBStreamEvent,
  KinesisStreamEvent,
  KinesisStreamRecord,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';

import { lambdaContext as kitContext } from '../../lib/testing';

export const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:orders';
export const fifoArn = `${queueArn}.fifo`;

/** A message whose body is its name; `id` stands in for the message id. */
export function sqsRecord(body: string, overrides: Partial<SQSRecord> = {}): SQSRecord {
  return {
    messageId: `id-${body}`,
    receiptHandle: `handle-${body}`,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1700000000000',
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1700000000001',
    },
    messageAttributes: {},
    md5OfBody: 'd41d8cd98f00b204e9800998ecf8427e',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: 'eu-west-1',
    ...overrides,
  };
}

/** A FIFO message; its group is the first letter of its body, as in `a1`. */
export function fifoRecord(body: string, group: string | undefined = body[0]): SQSRecord {
  const record = sqsRecord(body, { eventSourceARN: fifoArn });
  return { ...record, attributes: { ...record.attributes, MessageGroupId: group } };
}

const sequenceNumber = (index: number): string =>
  `4959033827149025660855969253836157109592157598913658${String(index).padStart(4, '0')}`;

/** A record of a shard; its partition key is the first letter of its data, as in `a1`. */
export function kinesisRecord(data: string, index: number): KinesisStreamRecord {
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: data[0] ?? '',
      sequenceNumber: sequenceNumber(index),
      data: Buffer.from(data).toString('base64'),
      approximateArrivalTimestamp: 1700000000.123,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${sequenceNumber(index)}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/orders',
    awsRegion: 'eu-west-1',
    eventSourceARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders',
  };
}

/** A change of the item whose key is the first letter of its name, as in `a1`. */
export function dynamodbRecord(name: string, index: number): DynamoDBRecord {
  return {
    eventID: `event-${name}`,
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-west-1',
    eventSourceARN: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000',
    dynamodb: {
      ApproximateCreationDateTime: 1700000000,
      Keys: { id: { S: name[0] ?? '' } },
      NewImage: { id: { S: name[0] ?? '' }, name: { S: name } },
      SequenceNumber: String(111_000_000_000_000_000_000_000n + BigInt(index)),
      SizeBytes: 26,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

export const sqsEvent = (...bodies: string[]): SQSEvent => ({ Records: bodies.map((body) => sqsRecord(body)) });
export const fifoEvent = (...bodies: string[]): SQSEvent => ({ Records: bodies.map((body) => fifoRecord(body)) });
export const kinesisEvent = (...data: string[]): KinesisStreamEvent => ({ Records: data.map(kinesisRecord) });
export const dynamodbEvent = (...names: string[]): DynamoDBStreamEvent => ({ Records: names.map(dynamodbRecord) });

/** The name that the builders above were given for a record. */
export function nameOf(record: SQSRecord | KinesisStreamRecord | DynamoDBRecord): string {
  if ('body' in record) return record.body;
  if ('kinesis' in record) return Buffer.from(record.kinesis.data, 'base64').toString();
  return record.dynamodb?.NewImage?.name?.S ?? '';
}

/** The answer that reports these SQS messages. */
export const reporting = (...bodies: string[]): { batchItemFailures: { itemIdentifier: string }[] } => ({
  batchItemFailures: bodies.map((body) => ({ itemIdentifier: `id-${body}` })),
});

/** A Lambda context; its remaining time does not move unless a function says how. */
export const lambdaContext = (remaining: () => number = () => 30_000): Context =>
  kitContext({ getRemainingTimeInMillis: remaining });
