import type { KafkaEvent } from '../kafka/event';
import { type KafkaSimulationOptions, kafkaRulesOf } from './kafka-options';
import { pollersOf } from './kafka-pollers';
import { runLanes } from './lane-mapping';
import type { Simulation } from './simulation';

/**
 * Runs an entry as the event source mapping of Kafka topics would, in virtual time: until every record is committed, or given
 * up on, or `maxInvocations` is reached. The event source mapping is one in provisioned mode with ReportBatchItemFailures, and
 * all records are in their topics from the start.
 *
 * A poller reads each of its partitions in order, one record of each in turn, so a batch can have several; it goes on with its
 * next batch when this one is done. After an answer that lists failures, `undocumented` says what comes back. That is a new
 * batch, with new retries, as it is for streams, unless it is the whole batch again, which takes a retry, as a failed invocation
 * does. When those are used up all of it is given up on. Splitting takes no retry, and each half has its own; throttles
 * take none either. Records that are too old are given up on by themselves, and the rest of their batch goes on. What one
 * poller does at once with several batches, what a record of more than 6 MB comes to, filter criteria, schema registries and
 * the consumption mode of queues are not simulated.
 * Facts: https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html
 *
 * @throws TypeError, RangeError (as a rejection) where an option is not what it should be
 *
 * @example
 * ```ts
 * const { deleted, deadLettered } = await simulateKafka({
 *   records: [{ id: 'order-1' }, { id: 'order-2' }],
 *   key: ({ id }) => id,
 *   partitions: 2,
 *   handler: kafkaHandler,
 *   maximumRetryAttempts: 2,
 * });
 * ```
 */
export async function simulateKafka<P>(options: KafkaSimulationOptions<P>): Promise<Simulation<P, KafkaEvent>> {
  const rules = kafkaRulesOf(options);
  return (await runLanes(options, pollersOf(options, rules), rules)) as Simulation<P, KafkaEvent>;
}
