import { BatchProcessingError } from '../errors';
import { isGenerator, ranNothing } from '../batch/returned';
import { isThenable, quietly } from '../batch/thenable';
import type { EventSourceDataClassTypes } from '../sources';
import type { BaseRecord, FailureResponse, SuccessResponse } from './types';
import { BasePartialBatchProcessor } from './base-partial-batch-processor';

import { fail, succeed } from './hooks';
import type { Invocation } from './invocation';
import type { RecordAttempt } from './runnable';

type RecordHandler = (record: BaseRecord, context: unknown) => unknown;

/**
 * Runs records side by side, or one after another with `processInParallel: false`, and awaits the record handler.
 *
 * @example
 * ```ts
 * const processor = new BatchProcessor(EventType.SQS, { payload: json<Order>() });
 * ```
 */
export class BatchProcessor extends BasePartialBatchProcessor {
  async processRecord(record: BaseRecord): Promise<SuccessResponse | FailureResponse> {
    const received = record as EventSourceDataClassTypes;
    const { current: invocation } = this['~invocations'];
    let result: unknown;
    try {
      result = await callHandler(this, invocation, record);
      if (isGenerator(result)) throw ranNothing();
    } catch (thrown) {
      return fail({ processor: this, invocation, isAsync: true }, received, thrown);
    }
    return succeed({ processor: this, invocation, isAsync: true }, received, result);
  }

  /** @internal */
  override '~plainAttempt'(invocation: Invocation): RecordAttempt | undefined {
    return invocation.isSync || overridesAsync(this) ? undefined : (record) => callHandler(this, invocation, record);
  }

  /** @throws BatchProcessingError always: this class is asynchronous */
  processRecordSync(_record: BaseRecord): SuccessResponse | FailureResponse {
    throw asyncOnly(this);
  }

  /** @throws BatchProcessingError unless a subclass has a `processRecordSync` of its own */
  override processSync(): (SuccessResponse | FailureResponse)[] {
    if (hasNoSync(this)) throw asyncOnly(this);
    return super.processSync();
  }
}

/**
 * Runs records one after another, with a record handler that returns no promise.
 *
 * @example
 * ```ts
 * const processor = new BatchProcessorSync(EventType.KinesisDataStreams);
 * ```
 */
export class BatchProcessorSync extends BasePartialBatchProcessor {
  /** @internal */
  override readonly '~isSync': boolean = true;

  processRecordSync(record: BaseRecord): SuccessResponse | FailureResponse {
    const received = record as EventSourceDataClassTypes;
    const { current: invocation } = this['~invocations'];
    let result: unknown;
    try {
      result = callHandlerSync(this, invocation, record);
      if (isGenerator(result)) throw ranNothing();
    } catch (thrown) {
      return fail({ processor: this, invocation, isAsync: false }, received, thrown) as FailureResponse;
    }
    return succeed({ processor: this, invocation, isAsync: false }, received, result) as SuccessResponse;
  }

  /** @internal */
  override '~plainAttempt'(invocation: Invocation): RecordAttempt | undefined {
    return !invocation.isSync || overridesSync(this)
      ? undefined
      : (record) => callHandlerSync(this, invocation, record);
  }

  /** @throws BatchProcessingError always: this class is synchronous */
  processRecord(_record: BaseRecord): Promise<SuccessResponse | FailureResponse> {
    return Promise.reject(syncOnly(this));
  }

  /** @throws BatchProcessingError unless a subclass has a `processRecord` of its own */
  override async process(): Promise<(SuccessResponse | FailureResponse)[]> {
    if (hasNoAsync(this)) throw syncOnly(this);
    return super.process();
  }
}

// Outside of the classes: a bundler renames a class that refers to itself.
function hasNoSync(processor: BatchProcessor): boolean {
  return processor.processRecordSync === BatchProcessor.prototype.processRecordSync;
}

function hasNoAsync(processor: BatchProcessorSync): boolean {
  return processor.processRecord === BatchProcessorSync.prototype.processRecord;
}

function overridesAsync(processor: BatchProcessor): boolean {
  const own = BatchProcessor.prototype;
  return processor.processRecord !== own.processRecord || processor.successHandler !== own.successHandler;
}

function overridesSync(processor: BatchProcessorSync): boolean {
  const own = BatchProcessorSync.prototype;
  return processor.processRecordSync !== own.processRecordSync || processor.successHandler !== own.successHandler;
}

function callHandlerSync(processor: BatchProcessorSync, invocation: Invocation, record: BaseRecord): unknown {
  const result = callHandler(processor, invocation, record);
  if (isThenable(result)) throw refusePromise(result);
  return result;
}

function callHandler(
  processor: BatchProcessor | BatchProcessorSync,
  invocation: Invocation,
  record: BaseRecord,
): unknown {
  // Not called as a method: a class method without its own `this` has to fail, not to run on ours.
  const handler = invocation.handler as RecordHandler;
  const before = processor['~invocations'].enter(invocation);
  try {
    return handler(record, invocation.options?.context);
  } finally {
    processor['~invocations'].leave(before);
  }
}

function asyncOnly(processor: object): BatchProcessingError {
  return new BatchProcessingError(
    `${processor.constructor.name} is asynchronous: use processPartialResponse() or process(), or a sync processor class.`,
  );
}

function syncOnly(processor: object): BatchProcessingError {
  return new BatchProcessingError(
    `${processor.constructor.name} is synchronous: use processPartialResponseSync() or processSync(), or an async processor class.`,
  );
}

function refusePromise(promise: PromiseLike<unknown>): BatchProcessingError {
  quietly(() => promise);
  return new BatchProcessingError(
    'The record handler returned a promise to a sync processor, which cannot wait for it: use an async one.',
  );
}
