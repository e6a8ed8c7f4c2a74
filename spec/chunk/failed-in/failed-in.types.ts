// Compiled, not run: answers of the AWS SDK and of others fit, and what is no answer does not.
import type { PutRecordsCommandOutput } from '@aws-sdk/client-kinesis';
import type { SendMessageBatchCommandOutput } from '@aws-sdk/client-sqs';
import { expectTypeOf } from 'expect-type';

import { type ChunkError, failedIn } from '../../../lib/chunk';

interface Metadata {
  readonly $metadata: { httpStatusCode?: number };
}

/** As @aws-sdk/client-firehose has it. */
interface PutRecordBatchCommandOutput extends Metadata {
  FailedPutCount: number | undefined;
  Encrypted?: boolean | undefined;
  RequestResponses:
    { RecordId?: string | undefined; ErrorCode?: string | undefined; ErrorMessage?: string | undefined }[] | undefined;
}

/** As @aws-sdk/client-eventbridge has it. */
interface PutEventsCommandOutput extends Metadata {
  FailedEntryCount?: number | undefined;
  Entries?:
    { EventId?: string | undefined; ErrorCode?: string | undefined; ErrorMessage?: string | undefined }[] | undefined;
}

/** As @aws-sdk/client-sns has it. */
interface PublishBatchCommandOutput extends Metadata {
  Successful?:
    { Id?: string | undefined; MessageId?: string | undefined; SequenceNumber?: string | undefined }[] | undefined;
  Failed?:
    | {
        Id: string | undefined;
        Code: string | undefined;
        Message?: string | undefined;
        SenderFault: boolean | undefined;
      }[]
    | undefined;
}

/** As @aws-sdk/client-dynamodb has it, as far as it matters. */
type AttributeValue = { S: string; N?: never } | { N: string; S?: never };
interface WriteRequests<Values> {
  PutRequest?: { Item: Record<string, Values> | undefined } | undefined;
  DeleteRequest?: { Key: Record<string, Values> | undefined } | undefined;
}
interface BatchWriteItemCommandOutput extends Metadata {
  UnprocessedItems?: Record<string, WriteRequests<AttributeValue>[]> | undefined;
  ConsumedCapacity?: { TableName?: string | undefined }[] | undefined;
}

/** As @aws-sdk/lib-dynamodb has it: NativeAttributeValue is any. */
type BatchWriteCommandOutput = Omit<BatchWriteItemCommandOutput, 'UnprocessedItems'> & {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  UnprocessedItems?: Record<string, WriteRequests<any>[]> | undefined;
};

/** As @elastic/elasticsearch and @opensearch-project/opensearch have it. */
interface ErrorCause {
  type: string;
  reason?: string | null;
  caused_by?: ErrorCause;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [property: string]: any;
}
interface BulkItem {
  _id?: string | null;
  _index: string;
  status: number;
  error?: ErrorCause;
}
interface ElasticBulk {
  errors: boolean;
  items: Partial<Record<'index' | 'create' | 'update' | 'delete', BulkItem>>[];
  took: number;
}
interface OpenSearchBulk {
  errors: boolean;
  items: Record<string, BulkItem>[];
}

type Failed = ChunkError | undefined;
interface Order {
  readonly id: string;
  readonly total?: number;
}

export const ofSdk = (
  kinesis: PutRecordsCommandOutput,
  firehose: PutRecordBatchCommandOutput,
  events: PutEventsCommandOutput,
  sqs: SendMessageBatchCommandOutput,
  sns: PublishBatchCommandOutput,
  dynamodb: BatchWriteItemCommandOutput,
  documents: BatchWriteCommandOutput,
  orders: readonly Order[],
): void => {
  expectTypeOf(failedIn.putRecords(kinesis)).toEqualTypeOf<Failed>();
  expectTypeOf(failedIn.putRecordBatch(firehose)).toEqualTypeOf<Failed>();
  expectTypeOf(failedIn.putEvents(events)).toEqualTypeOf<Failed>();
  expectTypeOf(failedIn.sendMessageBatch(sqs, ['a'])).toEqualTypeOf<Failed>();
  expectTypeOf(failedIn.sendMessageBatch(sns, ['a'])).toEqualTypeOf<Failed>();
  const attributes = { orders: orders.map(({ id }) => ({ PutRequest: { Item: { id: { S: id } } } })) };
  expectTypeOf(failedIn.batchWrite(dynamodb, attributes)).toEqualTypeOf<Failed>();
  const keys = { a: [{ DeleteRequest: { Key: { id: 1 } } }], b: orders.map((Item) => ({ PutRequest: { Item } })) };
  expectTypeOf(failedIn.batchWrite(documents, keys)).toEqualTypeOf<Failed>();
  expectTypeOf(failedIn.batchWrite(dynamodb, dynamodb.UnprocessedItems ?? {})).toEqualTypeOf<Failed>();
};

export const ofIndexes = (elastic: ElasticBulk, open: OpenSearchBulk): void => {
  expectTypeOf(failedIn.bulk(elastic)).toEqualTypeOf<Failed>();
  expectTypeOf(failedIn.bulk(open)).toEqualTypeOf<Failed>();
};

export const ofNone = (
  kinesis: PutRecordsCommandOutput,
  pending: Promise<PutRecordsCommandOutput>,
  written: Promise<BatchWriteItemCommandOutput>,
  dynamodb: BatchWriteItemCommandOutput,
  sqs: SendMessageBatchCommandOutput,
): void => {
  // @ts-expect-error it is not awaited
  failedIn.putRecords(pending);
  // @ts-expect-error it is the answer of another API
  failedIn.putEvents(kinesis);
  // @ts-expect-error an answer there is
  failedIn.putRecordBatch(undefined);
  // @ts-expect-error the ids are missing
  failedIn.sendMessageBatch(sqs);
  // @ts-expect-error ids are texts
  failedIn.sendMessageBatch(sqs, [1]);
  // @ts-expect-error it is not awaited
  failedIn.batchWrite(written, {});
  // @ts-expect-error what was sent is missing
  failedIn.batchWrite(dynamodb);
  // @ts-expect-error it is all of the input
  failedIn.batchWrite(dynamodb, { RequestItems: { t: [] } });
  // @ts-expect-error it is an item, no request
  failedIn.batchWrite(dynamodb, { t: [{ id: { S: 'a' } }] });
  // @ts-expect-error it is a response, not its body
  failedIn.bulk({ body: { errors: false, items: [] }, statusCode: 200 });
};
