import type { DynamoDBStreamEvent, KinesisStreamEvent } from 'aws-lambda';

import type { DynamoDBChange } from './dynamodb-event';
import { runLanes } from './lane-mapping';
import type { FunctionOptions } from './lambda-function';
import type { Simulation } from './simulation';
import {
  type DynamoDBSimulationOptions,
  type KinesisSimulationOptions,
  rulesOf,
  type StreamEvent,
  type StreamOptions,
} from './stream-options';
import { lanesOf } from './stream-records';

/**
 * Runs an entry as the event source mapping of a stream would, in virtual time: until every record is passed by the
 * checkpoint of its shard, or given up on, or `maxInvocations` is reached. The event source mapping is one with
 * ReportBatchItemFailures, and all records are in the stream from the start.
 *
 * A shard goes on with its next batch when this one is done. An answer that moves the checkpoint makes what is left a new
 * batch, with new retries; one that does not, and a failed invocation, take a retry. When those are used up the whole
 * batch is given up on. Splitting takes no retry, and each half has its own; throttles take none either. Records that are
 * too old are given up on by themselves, and the rest of their batch goes on. Tumbling windows and filter criteria are not
 * simulated.
 * Facts: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 *
 * @throws TypeError, RangeError (as a rejection) where an option is not what it should be
 *
 * @example
 * ```ts
 * const { deleted, deadLettered } = await simulateStream({
 *   records: ['good', 'bad', 'good'],
 *   handler: streamHandler,
 *   maximumRetryAttempts: 2,
 *   bisectBatchOnFunctionError: true,
 * });
 * ```
 */
export async function simulateStream<P>(
  options: KinesisSimulationOptions<P>,
): Promise<Simulation<P, KinesisStreamEvent>>;
export async function simulateStream(
  options: DynamoDBSimulationOptions,
): Promise<Simulation<DynamoDBChange, DynamoDBStreamEvent>>;
export async function simulateStream(options: StreamOptions): Promise<Simulation<unknown, StreamEvent>> {
  const rules = rulesOf(options);
  return runLanes(options as FunctionOptions<StreamEvent>, lanesOf(options, rules), rules);
}
