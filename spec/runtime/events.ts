import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';

import { dynamodbEvent, kinesisEvent, sqsEvent } from '../../lib/testing';

/** An event of each kind of source. A text begins with the letter that is the group or the key of its record. */
export const eventOf = {
  queue: (...texts: string[]) => sqsEvent(texts),
  fifoQueue: (...texts: string[]) => sqsEvent(texts, { fifo: true, messageGroupId: (text) => text[0]! }),
  kinesis: (...texts: string[]) => kinesisEvent(texts, { partitionKey: (text) => text[0]! }),
  dynamodb: (...texts: string[]) =>
    dynamodbEvent(texts.map((text) => ({ eventName: 'INSERT', keys: { id: text[0] }, newImage: { text } }))),
};
export type Kind = keyof typeof eventOf;

type AnyRecord = SQSRecord | KinesisStreamRecord | DynamoDBRecord;

/** The answer that reports the records at these places. */
export function reporting({ Records }: { readonly Records: readonly AnyRecord[] }, ...indexes: number[]): object {
  return {
    response: { batchItemFailures: indexes.map((index) => ({ itemIdentifier: identifierOf(Records[index]!) })) },
  };
}

function identifierOf(record: AnyRecord): string {
  if ('messageId' in record) return record.messageId;
  return 'kinesis' in record ? record.kinesis.sequenceNumber : record.dynamodb!.SequenceNumber!;
}
