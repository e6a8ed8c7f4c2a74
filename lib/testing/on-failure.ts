import type { DynamoDBStreamEvent, KinesisStreamEvent } from 'aws-lambda';

import { Ids } from './ids';
import { lambdaContext } from './lambda-context';

type StreamEvent = KinesisStreamEvent | DynamoDBStreamEvent;

/** The batch that was given up on, by which a consumer finds its records in the stream. */
export interface StreamBatchInfo {
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
  /** In ISO 8601; Kinesis to the millisecond, DynamoDB to the second. */
  readonly approximateArrivalOfFirstRecord: string;
  readonly approximateArrivalOfLastRecord: string;
  readonly batchSize: number;
  readonly streamArn: string;
}

/**
 * What Lambda sends to an on-failure destination of a stream, once for a batch: not its records, which are to be read from
 * the stream again (a destination in S3 is sent them as well, as a `payload`, which is left out here).
 *
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export interface OnFailureMessage {
  readonly requestContext: {
    /** That of the last invocation. */
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
    /** At least 1, also where records were never handed to the function. */
    readonly approximateInvokeCount: number;
  };
  /** None where the records were too old. */
  readonly responseContext?: {
    readonly statusCode: 200;
    readonly executedVersion: '$LATEST';
    /** Null where the function answered, and its answer was that they failed. */
    readonly functionError: 'Unhandled' | null;
  };
  readonly version: '1.0';
  readonly timestamp: string;
  readonly KinesisBatchInfo?: StreamBatchInfo;
  readonly DDBStreamBatchInfo?: StreamBatchInfo;
}

/** What a batch was given up for. */
export interface GivenUp {
  readonly records: StreamEvent['Records'];
  readonly condition: OnFailureMessage['requestContext']['condition'];
  readonly invokeCount: number;
  /** The last invocation with it; none where it was never handed to the function. */
  readonly last: { readonly requestId: string | undefined; readonly error: Error | undefined } | undefined;
}

/** The message about a batch, as of now. */
export function onFailureMessage(
  { records, condition, invokeCount, last }: GivenUp,
  shardId: string,
): OnFailureMessage {
  const info = batchInfo(records, shardId);
  const { requestId = new Ids('on-failure', shardId, info.startSequenceNumber).uuid() } = last ?? {};
  return {
    requestContext: {
      requestId,
      functionArn: lambdaContext().invokedFunctionArn,
      condition,
      approximateInvokeCount: invokeCount,
    },
    ...(condition === 'RetryAttemptsExhausted' && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: last?.error === undefined ? null : 'Unhandled',
      },
    }),
    version: '1.0',
    timestamp: new Date().toISOString(),
    ...('kinesis' in records[0]! ? { KinesisBatchInfo: info } : { DDBStreamBatchInfo: info }),
  };
}

function batchInfo(records: StreamEvent['Records'], shardId: string): StreamBatchInfo {
  const [first, last] = [placeOf(records[0]!), placeOf(records.at(-1)!)];
  return {
    shardId,
    startSequenceNumber: first.sequenceNumber,
    endSequenceNumber: last.sequenceNumber,
    approximateArrivalOfFirstRecord: first.arrival,
    approximateArrivalOfLastRecord: last.arrival,
    batchSize: records.length,
    streamArn: records[0]!.eventSourceARN!,
  };
}

function placeOf(record: StreamEvent['Records'][number]) {
  if ('kinesis' in record) {
    const { sequenceNumber, approximateArrivalTimestamp } = record.kinesis;
    return { sequenceNumber, arrival: new Date(Math.round(approximateArrivalTimestamp * 1000)).toISOString() };
  }
  const { SequenceNumber, ApproximateCreationDateTime } = record.dynamodb!;
  const arrival = new Date(ApproximateCreationDateTime! * 1000).toISOString().replace('.000Z', 'Z');
  return { sequenceNumber: SequenceNumber!, arrival };
}
