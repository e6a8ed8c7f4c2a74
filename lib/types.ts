// The public names that are types alone: of sources, of both fronts, and of the class API.
export type { BatchLogger } from './batch/log';
export type { Processor } from './batch/processor';
export type { Reader } from './batch/reader';
export type { BatchHandlerDecorator, BatchMethod } from './decorator/batch-handler';
export type { LambdaHandler } from './decorator/lambda-handler';
export type { BatchHandlerOptions, ChunkOptionsFor, OptionsFor } from './decorator/options';
export type { Observer } from './observing/observe';
export type { BatchObserver, BatchStart, BatchSummary } from './observing/observer';
export type {
  BaseRecord,
  BatchProcessingOptions,
  FailureResponse,
  ParsedRecord,
  PartialItemFailureResponse,
  PartialItemFailures,
  ProcessorOptions,
  SuccessResponse,
} from './processors/types';
export type { EventSourceDataClassTypes, SourceName, SourceTypes } from './sources';
export type { PayloadKind, PayloadPlace, Source } from './sources/source';
