import { recordsOf } from '../batch';
import { checkRecordFunction } from '../options';
import type { BaseRecord, BatchProcessingOptions, PartialItemFailureResponse } from '../types';
import type { BasePartialProcessor } from './base-partial-processor';
import { invocations } from './keys';

/**
 * Runs the record handler for every record of the event, and answers which failed.
 *
 * @throws UnexpectedBatchTypeError before any record runs, where the event is no batch of the processor's source
 * @throws FullBatchFailureError where no record succeeded, unless `throwOnFullBatchFailure` is false
 * @throws BatchProcessingError where the processor is synchronous
 */
export async function processPartialResponse<T extends BasePartialProcessor>(
  event: { Records: BaseRecord[] },
  recordHandler: CallableFunction,
  processor: T,
  options?: BatchProcessingOptions<T>,
): Promise<PartialItemFailureResponse> {
  register(event, recordHandler, processor, options);
  try {
    await processor.process();
    return processor.response();
  } finally {
    processor[invocations].current.answered = true;
  }
}

/** The same for a synchronous record handler and processor. */
export function processPartialResponseSync<T extends BasePartialProcessor>(
  event: { Records: BaseRecord[] },
  recordHandler: CallableFunction,
  processor: T,
  options?: BatchProcessingOptions<T>,
): PartialItemFailureResponse {
  register(event, recordHandler, processor, options);
  try {
    processor.processSync();
    return processor.response();
  } finally {
    processor[invocations].current.answered = true;
  }
}

function register(
  event: { Records: BaseRecord[] },
  recordHandler: CallableFunction,
  processor: BasePartialProcessor,
  options: BatchProcessingOptions | undefined,
): void {
  const records = recordsOf(event) as BaseRecord[];
  checkRecordFunction('the record handler', recordHandler);
  processor.register(records, recordHandler, options);
}
