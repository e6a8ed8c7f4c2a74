import type { BatchLogger } from '../batch/log';
import type { Plan } from '../batch/plan';
import type { AnyReader } from '../batch/reader';
import type { EventSourceDataClassTypes, Source } from '../sources';
import type { Invocation, Invocations } from './invocation';
import type {
  BaseRecord,
  BatchProcessingOptions,
  FailureResponse,
  PartialItemFailureResponse,
  SuccessResponse,
} from './types';

/** What became of a record. */
export type Response = SuccessResponse | FailureResponse;

/** Handles one record, without asking hooks about what comes of it. */
export type RecordAttempt = (record: BaseRecord) => unknown;

/** A processor, as what runs its batches knows it. */
export interface Runnable {
  readonly eventType?: string;
  readonly '~invocations': Invocations;
  readonly '~isSync': boolean;
  readonly '~isFifo': boolean;
  readonly '~payload': AnyReader | undefined;
  readonly '~logger': BatchLogger | undefined;
  readonly '~source': Source | undefined;
  prepare(): unknown;
  clean(): unknown;
  processRecord(record: BaseRecord): unknown;
  processRecordSync(record: BaseRecord): unknown;
  successHandler(record: EventSourceDataClassTypes, result: unknown): unknown;
  failureHandler(record: EventSourceDataClassTypes, error: Error): unknown;
  register(records: BaseRecord[], handler: CallableFunction, options?: BatchProcessingOptions): unknown;
  process(): Promise<Response[]>;
  processSync(): Response[];
  response(): PartialItemFailureResponse;
  /** What `processRecord` would only be a wrapper of; undefined where it, or `successHandler`, is overridden. */
  '~plainAttempt'(invocation: Invocation): RecordAttempt | undefined;
  /** The name of a hook for records that is overridden; undefined where none is. */
  readonly '~recordHook': string | undefined;
  '~planOf'(options: BatchProcessingOptions): Plan;
}
