export { type DynamoDBChange, dynamodbEvent, type DynamoDBEventOptions } from './dynamodb-event';
export { formatTimeline, type TimelineOptions } from './format-timeline';
export type { BatchEvent, KafkaBatchEvent } from './event-batch';
export { interpretResponse } from './interpret-response';
export type { InterpretOptions, KafkaInterpretOptions, ResponseInterpretation } from './interpretation';
export type { KafkaClusterOptions } from './kafka-cluster';
export { kafkaEvent, type KafkaEventOptions } from './kafka-event';
export type { KafkaRules, KafkaSimulationOptions } from './kafka-options';
export type { KafkaRecordOptions, PlainKafkaHeaders } from './kafka-records';
export { kinesisEvent, type KinesisEventOptions } from './kinesis-event';
export { lambdaContext, type LambdaContextOptions } from './lambda-context';
export type { FunctionOptions, Handler } from './lambda-function';
export type { KafkaBatchInfo, KafkaRecordsInfo, OnFailureMessage, StreamBatchInfo } from './on-failure';
export { pipesEvent, type PipesKafkaRecord } from './pipes-event';
export type { SimulationSettings } from './mapping-settings';
export type { RetryRules } from './retry-rules';
export { settingsOf, type SettingsOptions } from './settings-of';
export { simulateKafka } from './simulate-kafka';
export { type QueueSimulationOptions, simulateQueue } from './simulate-queue';
export { simulateStream } from './simulate-stream';
export { type SentMessage, SimulatedSqs, type SimulatedSqsAnswer, type SimulatedSqsOptions } from './simulated-sqs';
export type {
  DeadLetter,
  DeliveredRecord,
  DoneAs,
  FaultName,
  SimulatedDelivery,
  SimulatedInvocation,
  SimulatedRecord,
  Simulation,
  TimelineEntry,
} from './simulation';
export { type PlainMessageAttributes, sqsEvent, type SqsEventOptions } from './sqs-event';
export type { DynamoDBSimulationOptions, KinesisSimulationOptions, StreamRules } from './stream-options';
