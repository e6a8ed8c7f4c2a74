export { type DynamoDBChange, dynamodbEvent, type DynamoDBEventOptions } from './dynamodb-event';
export { formatTimeline } from './format-timeline';
export {
  type BatchEvent,
  type InterpretOptions,
  interpretResponse,
  type ResponseInterpretation,
} from './interpret-response';
export { kinesisEvent, type KinesisEventOptions } from './kinesis-event';
export { lambdaContext, type LambdaContextOptions } from './lambda-context';
export type { FunctionOptions, Handler } from './lambda-function';
export type { OnFailureMessage, StreamBatchInfo } from './on-failure';
export { type QueueSimulationOptions, simulateQueue } from './simulate-queue';
export { simulateStream } from './simulate-stream';
export { type SentMessage, SimulatedSqs, type SimulatedSqsAnswer, type SimulatedSqsOptions } from './simulated-sqs';
export type {
  DeadLetter,
  DeliveredRecord,
  FaultName,
  SimulatedDelivery,
  SimulatedInvocation,
  SimulatedRecord,
  Simulation,
  TimelineEntry,
} from './simulation';
export { type PlainMessageAttributes, sqsEvent, type SqsEventOptions } from './sqs-event';
export type { DynamoDBSimulationOptions, KinesisSimulationOptions, StreamRules } from './stream-options';
