import type { DynamoDBRecord, SQSRecord } from 'aws-lambda';

import type { KafkaEvent, KafkaRecord } from '../kafka/event';
import type { PipesKinesisRecord } from '../pipes/pipe';
import { checkOneOf } from './check';
import { type DynamoDBChange, dynamodbEvent, type DynamoDBEventOptions } from './dynamodb-event';
import { kafkaEvent, type KafkaEventOptions } from './kafka-event';
import { kinesisEvent, type KinesisEventOptions } from './kinesis-event';
import { sqsEvent, type SqsEventOptions } from './sqs-event';

/**
 * A record of Kafka as a pipe sends it: it says itself from which cluster it is.
 *
 * Shape: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-msk.html
 */
export interface PipesKafkaRecord extends KafkaRecord, Omit<KafkaEvent, 'records'> {
  /** Topic and partition, such as `orders-0`. */
  eventSourceKey: string;
}

/** By the name of a source, what a pipe from it sends. */
const makers = {
  SQS: (bodies: readonly unknown[], options?: SqsEventOptions) => sqsEvent(bodies, options).Records,
  KinesisDataStreams: (payloads: readonly unknown[], options?: KinesisEventOptions): PipesKinesisRecord[] =>
    kinesisEvent(payloads, options).Records.map(({ kinesis, ...rest }) => ({ ...kinesis, ...rest })),
  DynamoDBStreams: (changes: readonly DynamoDBChange[], options?: DynamoDBEventOptions) =>
    dynamodbEvent(changes, options).Records,
  Kafka: (payloads: readonly unknown[], options?: KafkaEventOptions): PipesKafkaRecord[] => {
    const { records, ...cluster } = kafkaEvent(payloads, options);
    return Object.entries(records).flatMap(([eventSourceKey, list]) =>
      list.map((record) => ({ ...cluster, eventSourceKey, ...record })),
    );
  },
};

/**
 * The array that EventBridge Pipes makes of these records of a source: what the function of an event source mapping would
 * find in `Records`, but flat where it is of Kinesis or Kafka. Payloads and options are those of the event of that source.
 *
 * Shapes: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html, and the page of each
 * source there
 *
 * @throws TypeError, RangeError where the source is none of these, or what its event throws
 *
 * @example
 * ```ts
 * const records = pipesEvent('SQS', [{ id: 'order-1' }]);
 * ```
 */
export function pipesEvent<B>(source: 'SQS', bodies: readonly B[], options?: SqsEventOptions<B>): SQSRecord[];
export function pipesEvent<P>(
  source: 'KinesisDataStreams',
  payloads: readonly P[],
  options?: KinesisEventOptions<P>,
): PipesKinesisRecord[];
export function pipesEvent(
  source: 'DynamoDBStreams',
  changes: readonly DynamoDBChange[],
  options?: DynamoDBEventOptions,
): DynamoDBRecord[];
export function pipesEvent<P>(
  source: 'Kafka',
  payloads: readonly P[],
  options?: KafkaEventOptions<P>,
): PipesKafkaRecord[];
export function pipesEvent(source: keyof typeof makers, payloads: readonly unknown[], options?: object): object[] {
  checkOneOf('source', source, Object.keys(makers));
  return makers[source](payloads as never, options);
}
