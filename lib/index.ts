export { Delivery } from './batch/delivery';
export { BatchHandler } from './decorator/batch-handler';
export { createBatchHandler } from './decorator/create-batch-handler';
export { lambdaHandler } from './decorator/lambda-handler';
export { getBatchHandlerOptions } from './decorator/metadata';
export {
  BatchProcessingError,
  FullBatchFailureError,
  NonRetryableError,
  ParsingError,
  RecordTimeoutError,
  SqsFifoMessageGroupShortCircuitError,
  SqsFifoShortCircuitError,
  StopBatchError,
  StoppedBeforeTimeoutError,
  UnexpectedBatchTypeError,
  UnprocessedRecordError,
} from './errors';
export { observe } from './observing/observe';
export { BasePartialBatchProcessor } from './processors/base-partial-batch-processor';
export { BasePartialProcessor } from './processors/base-partial-processor';
export { BatchProcessor, BatchProcessorSync } from './processors/batch-processor';
export { processPartialResponse, processPartialResponseSync } from './processors/process-partial-response';
export { SqsFifoPartialProcessor, SqsFifoPartialProcessorAsync } from './processors/sqs-fifo-partial-processor';
export { EventType } from './sources';
export type * from './types';
