import { recordsOf } from '../batch';
import { checkRecordFunction } from '../options';
import type { BaseRecord, BatchProcessingOptions, PartialItemFailureResponse } from '../types';
import type { BasePartialProcessor } from './base-partial-processor';
import type { Invocations } from './invocation';

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
  const records = checkedRecords(event, recordHandler);
  return serve(processor, options, async () => {
    processor.register(records, recordHandler, options);
    const respond = responder(processor);
    await processor.process();
    return respond();
  });
}

/** The same for a synchronous record handler and processor. */
export function processPartialResponseSync<T extends BasePartialProcessor>(
  event: { Records: BaseRecord[] },
  recordHandler: CallableFunction,
  processor: T,
  options?: BatchProcessingOptions<T>,
): PartialItemFailureResponse {
  const records = checkedRecords(event, recordHandler);
  return serve(processor, options, () => {
    processor.register(records, recordHandler, options);
    const respond = responder(processor);
    processor.processSync();
    return respond();
  });
}

function checkedRecords(event: unknown, recordHandler: unknown): BaseRecord[] {
  const records = recordsOf(event) as BaseRecord[];
  checkRecordFunction('the record handler', recordHandler);
  return records;
}

function serve<T>(processor: BasePartialProcessor, options: BatchProcessingOptions | undefined, call: () => T): T {
  const shared = sharedBy(processor);
  return shared === undefined ? call() : shared.serve(options?.stopBeforeTimeout !== undefined, call);
}

/** Asks for the response of the invocation that is registered now. */
function responder(processor: BasePartialProcessor): () => PartialItemFailureResponse {
  const shared = sharedBy(processor);
  const invocation = shared?.current;
  return () =>
    invocation === undefined ? processor.response() : shared!.within(invocation, () => processor.response());
}

/** Undefined for a stub of a processor, which no constructor has made. */
function sharedBy(processor: BasePartialProcessor): Invocations | undefined {
  const own: Invocations | undefined = processor['~invocations'];
  return own;
}
