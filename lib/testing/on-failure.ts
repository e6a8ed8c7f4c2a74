import type { DynamoDBStreamEvent, KinesisStreamEvent } from 'aws-lambda';

import type { KafkaEvent } from '../kafka/event';
import { Ids } from './ids';
import { lambdaContext } from './lambda-context';
import { bytesOf } from './payload-limit';

type StreamEvent = KinesisStreamEvent | DynamoDBStreamEvent;

/** The batch that was given up on, by which a consumer finds its records in the stream. */
export interface StreamBatchInfo {
  /** The shard that it was read from. */
  readonly shardId: string;
  /** The sequence number of its first record. */
  readonly startSequenceNumber: string;
  /** The sequence number of its last record. */
  readonly endSequenceNumber: string;
  /** In ISO 8601; Kinesis to the millisecond, DynamoDB to the second. */
  readonly approximateArrivalOfFirstRecord: string;
  /** The same of the last. */
  readonly approximateArrivalOfLastRecord: string;
  /** How many records it has. */
  readonly batchSize: number;
  /** The stream that it was read from. */
  readonly streamArn: string;
}

/** The same of Kafka; offsets are texts here, and timestamps in ISO 8601. */
export interface KafkaBatchInfo {
  /** How many records it has. */
  readonly batchSize: number;
  /** Amazon MSK only. */
  readonly eventSourceArn?: string;
  /** `host:port`, with commas between. */
  readonly bootstrapServers?: string;
  /** In bytes. */
  readonly payloadSize: number;
  /** By topic and partition, such as `orders-0`. */
  readonly recordsInfo: Readonly<Record<string, KafkaRecordsInfo>>;
}

/** The records of a partition. */
export interface KafkaRecordsInfo {
  /** The offset of its first record in the batch. */
  readonly firstRecordOffset: string;
  /** The offset of its last record in the batch. */
  readonly lastRecordOffset: string;
  /** When its first record in the batch was produced. */
  readonly firstRecordTimestamp: string;
  /** When its last record in the batch was produced. */
  readonly lastRecordTimestamp: string;
}

/**
 * What Lambda sends to an on-failure destination of a stream, once for a batch: not its records, which are to be read from
 * the stream again (a destination in S3 is sent them as well, as a `payload`, which is left out here; so is what a Kafka topic
 * is sent as a destination). Of Kafka, AWS shows no batch that was too old: that one is taken from the streams.
 *
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
export interface OnFailureMessage {
  /** The invocation that was the last, and why it was. */
  readonly requestContext: {
    /** That of the last invocation. */
    readonly requestId: string;
    /** The function, with its version or alias. */
    readonly functionArn: string;
    /** Which of the limits of the mapping was reached. */
    readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
    /** At least 1, also where records were never handed to the function. */
    readonly approximateInvokeCount: number;
  };
  /** None where the records were too old. */
  readonly responseContext?: {
    /** What the Invoke API answered. */
    readonly statusCode: 200;
    /** The version of the function. */
    readonly executedVersion: '$LATEST';
    /** Null where the function answered, and its answer was that they failed. */
    readonly functionError: 'Unhandled' | null;
  };
  /** The version of this message. */
  readonly version: '1.0';
  /** When it was sent, in ISO 8601. */
  readonly timestamp: string;
  /** Where the batch is, if it is of Kinesis. */
  readonly KinesisBatchInfo?: StreamBatchInfo;
  /** Where the batch is, if it is of DynamoDB Streams. */
  readonly DDBStreamBatchInfo?: StreamBatchInfo;
  /** Where the batch is, if it is of Kafka. */
  readonly KafkaBatchInfo?: KafkaBatchInfo;
}

/** What a message tells of where the batch is, under the name of its source. */
export type BatchInfo = Pick<OnFailureMessage, 'KinesisBatchInfo' | 'DDBStreamBatchInfo' | 'KafkaBatchInfo'>;

/** What a batch was given up for. */
export interface GivenUp {
  readonly condition: OnFailureMessage['requestContext']['condition'];
  readonly invokeCount: number;
  /** The last invocation with it; none where it was never handed to the function. */
  readonly last: { readonly requestId: string | undefined; readonly error: Error | undefined } | undefined;
}

/** The message about a batch, as of now. */
export function onFailureMessage({ condition, invokeCount, last }: GivenUp, info: BatchInfo): OnFailureMessage {
  const { requestId = new Ids('on-failure', JSON.stringify(info)).uuid() } = last ?? {};
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
    ...info,
  };
}

/** Where a batch of a shard is. */
export function streamBatchInfo(records: StreamEvent['Records'], shardId: string): BatchInfo {
  const [first, last] = [placeOf(records[0]!), placeOf(records.at(-1)!)];
  const info: StreamBatchInfo = {
    shardId,
    startSequenceNumber: first.sequenceNumber,
    endSequenceNumber: last.sequenceNumber,
    approximateArrivalOfFirstRecord: first.arrival,
    approximateArrivalOfLastRecord: last.arrival,
    batchSize: records.length,
    streamArn: records[0]!.eventSourceARN!,
  };
  return 'kinesis' in records[0]! ? { KinesisBatchInfo: info } : { DDBStreamBatchInfo: info };
}

/** Where the batch of an event of Kafka is. */
export function kafkaBatchInfo(event: KafkaEvent): BatchInfo {
  const { eventSourceArn, bootstrapServers, records } = event;
  const lists = Object.entries(records);
  const recordsInfo = lists.map(([topicPartition, list]): [string, KafkaRecordsInfo] => {
    const [first, last] = [list[0]!, list.at(-1)!];
    return [
      topicPartition,
      {
        firstRecordOffset: String(first.offset),
        lastRecordOffset: String(last.offset),
        firstRecordTimestamp: new Date(first.timestamp).toISOString(),
        lastRecordTimestamp: new Date(last.timestamp).toISOString(),
      },
    ];
  });
  return {
    KafkaBatchInfo: {
      batchSize: lists.reduce((count, [, list]) => count + list.length, 0),
      ...(eventSourceArn !== undefined && { eventSourceArn }),
      ...(bootstrapServers !== undefined && { bootstrapServers }),
      payloadSize: bytesOf(event),
      recordsInfo: Object.fromEntries(recordsInfo),
    },
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
