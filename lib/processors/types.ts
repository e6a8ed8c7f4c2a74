import type { Context, StreamRecord } from 'aws-lambda';

import type { ExtendedBatch, extendsBatch, Participant } from '../batch/extension';
import type { BatchLogger } from '../batch/log';
import type { AnyReader } from '../batch/reader';
import type { DeadLetter } from '../dead-letter/dead-letter';
import type { Guard } from '../guard/partial-responses';
import type { Observer } from '../observing/observe';
import type { RetryDelay } from '../retry-delay/delay-by';
import type { EventSourceDataClassTypes } from '../sources';

/** What a processor can be given: a record, or anything that has the shape of one. */
export type BaseRecord = { [key: string]: unknown } | EventSourceDataClassTypes;

/** The result of a record that succeeded: the record handler's result, and the record. */
export type SuccessResponse = ['success', unknown, EventSourceDataClassTypes];

/** The result of a record that failed, or was not run: the error's message, and the record. */
export type FailureResponse = ['fail', string, EventSourceDataClassTypes];

/** A record to be delivered again, by its messageId or sequence number. */
export type PartialItemFailures = {
  /** The messageId of a message, or the sequence number of a record of a stream. */
  itemIdentifier: string;
};

/** What Lambda expects where the event source mapping has `ReportBatchItemFailures`. */
export type PartialItemFailureResponse = {
  /** The records that are to be delivered again, each once, in record order; empty where all are done. */
  batchItemFailures: PartialItemFailures[];
};

/** Takes records of any source, or of one: as a method, whose parameters may be narrower. */
type AnyParticipation = { participate(batch: ExtendedBatch<EventSourceDataClassTypes>): Participant }['participate'];

/** An interface: in an intersection TypeScript would let any object pass for a DynamoDBRecord, whose properties are optional. */
interface AnyDeadLetter extends AnyParticipation, Pick<DeadLetter, typeof extendsBatch> {}

/** Options of `processPartialResponse` and `register`; keys that are not named here are ignored, and so is `_T`. */
export type BatchProcessingOptions<_T = unknown> = {
  /** Handed to the record handler as second argument. */
  context?: Context | undefined;
  /** FIFO processors: a failure leaves only the rest of its message group unprocessed. Default: false. */
  skipGroupOnError?: boolean | undefined;
  /** Whether a batch in which no record succeeded throws FullBatchFailureError. Default: true. */
  throwOnFullBatchFailure?: boolean | undefined;
  /** BatchProcessor: `false` runs one record after another. Default: true. */
  processInParallel?: boolean | undefined;
  /** How many records, message groups or keys run at once: a positive integer or Infinity. */
  concurrency?: number | undefined;
  /** Streams, and Kafka: as in the options of `@BatchHandler`. */
  order?: 'shard' | 'key' | 'partition' | undefined;
  /** Milliseconds to keep in reserve before the function's timeout; needs `context`. Default: off. */
  stopBeforeTimeout?: number | undefined;
  /** Milliseconds that a record may run, as in the options of `@BatchHandler`; not for sync processors. Default: off. */
  recordTimeout?: number | undefined;
  /** Where failed records are logged. Default: nowhere. */
  logger?: BatchLogger | undefined;
  /** Reads the payload of each record: the record handler is called with a ParsedRecord. Default: the processor's own. */
  payload?: AnyReader | undefined;
  /** As in the options of `@BatchHandler`; not for sync processors. */
  nonRetryable?: AnyDeadLetter | undefined;
  /** SQS: as in the options of `@BatchHandler`; not for sync processors. */
  retryDelay?: RetryDelay | undefined;
  /** As in the options of `@BatchHandler`. A sync processor waits for none of them. */
  observers?: readonly Observer[] | undefined;
  /**
   * As in the options of `@BatchHandler`; not for sync processors. It goes by what records have come to, not by failures that
   * hooks add.
   */
  guard?: Guard | undefined;
};

/** Options of a processor's constructor. */
export type ProcessorOptions = Pick<BatchProcessingOptions, 'payload' | 'logger'>;

/**
 * A record with what its reader returned in place of its raw payload: as the body of a message, as the data of a Kinesis
 * record, as the value of a Kafka record, as the images of a change. `Old` is the type of the old image, where it is another.
 */
export type ParsedRecord<R, T, Old = T> = R extends { body: string }
  ? Omit<R, 'body'> & { body: T }
  : R extends { topic: string; value?: string | null }
    ? Omit<R, 'value'> & { value: T }
    : R extends { kinesis: { data: string } }
      ? Omit<R, 'kinesis'> & { kinesis: Omit<R['kinesis'], 'data'> & { data: T } }
      : Omit<R, 'dynamodb'> & {
          dynamodb: Omit<StreamRecord, 'NewImage' | 'OldImage'> & { NewImage?: T; OldImage?: Old };
        };
