export { BatchHandler, type BatchHandlerDecorator, type BatchMethod } from './batch-handler';
export { Delivery } from './delivery';
export {
  BatchProcessingError,
  FullBatchFailureError,
  NonRetryableError,
  ParsingError,
  SqsFifoMessageGroupShortCircuitError,
  SqsFifoShortCircuitError,
  StoppedBeforeTimeoutError,
  UnexpectedBatchTypeError,
  UnprocessedRecordError,
} from './errors';
export { exponentialBackoff, type ExponentialBackoffOptions } from './exponential-backoff';
export { lambdaHandler, type LambdaHandler } from './lambda-handler';
export type { BatchLogger } from './log';
export { getBatchHandlerOptions } from './metadata';
export type { DeliverTo, ErrorMatcher, NonRetryable } from './non-retryable';
export type { BatchObserver, BatchStart, BatchSummary } from './observers';
export type { BatchHandlerOptions } from './options';
export { BasePartialBatchProcessor } from './processors/base-partial-batch-processor';
export { BasePartialProcessor } from './processors/base-partial-processor';
export { BatchProcessor, BatchProcessorSync } from './processors/batch-processor';
export { processPartialResponse, processPartialResponseSync } from './processors/process-partial-response';
export { SqsFifoPartialProcessor, SqsFifoPartialProcessorAsync } from './processors/sqs-fifo-partial-processor';
export type { Reader } from './reader';
export type { RetryDelay } from './retry-delay';
export { EventType, type SourceName, type SourceTypes } from './sources';
export type {
  BaseRecord,
  BatchProcessingOptions,
  EventSourceDataClassTypes,
  FailureResponse,
  ParsedRecord,
  PartialItemFailureResponse,
  PartialItemFailures,
  ProcessorOptions,
  SuccessResponse,
} from './types';
