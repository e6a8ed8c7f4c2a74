import { checkRecordFunction } from '../batch/checks';
import { recordsOf } from '../sources/records';
import type { Invocations } from './invocation';
import type { Runnable } from './runnable';
import type { BaseRecord, BatchProcessingOptions, PartialItemFailureResponse } from './types';

/** Registers, processes and answers one event. */
export async function respond(
  event: unknown,
  recordHandler: CallableFunction,
  processor: Runnable,
  options: BatchProcessingOptions | undefined,
): Promise<PartialItemFailureResponse> {
  const records = checkedRecords(event, recordHandler, processor);
  return serve(processor, options, async () => {
    processor.register(records, recordHandler, options);
    const answer = answerer(processor);
    await processor.process();
    return answer();
  });
}

/** The same for a synchronous record handler and processor. */
export function respondSync(
  event: unknown,
  recordHandler: CallableFunction,
  processor: Runnable,
  options: BatchProcessingOptions | undefined,
): PartialItemFailureResponse {
  const records = checkedRecords(event, recordHandler, processor);
  return serve(processor, options, () => {
    processor.register(records, recordHandler, options);
    const answer = answerer(processor);
    processor.processSync();
    return answer();
  });
}

function checkedRecords(event: unknown, recordHandler: unknown, processor: Runnable): BaseRecord[] {
  const source = processor['~source'];
  const records = source === undefined ? recordsOf(event) : source.records(event);
  checkRecordFunction('the record handler', recordHandler);
  return records as BaseRecord[];
}

function serve<T>(processor: Runnable, options: BatchProcessingOptions | undefined, call: () => T): T {
  const shared = sharedBy(processor);
  return shared === undefined ? call() : shared.serve(options?.stopBeforeTimeout !== undefined, call);
}

/** Asks for the response of the invocation that is registered now. */
function answerer(processor: Runnable): () => PartialItemFailureResponse {
  const shared = sharedBy(processor);
  const invocation = shared?.current;
  return () =>
    invocation === undefined ? processor.response() : shared!.within(invocation, () => processor.response());
}

/** Undefined for a stub of a processor, which no constructor has made. */
function sharedBy(processor: Runnable): Invocations | undefined {
  const own: Invocations | undefined = processor['~invocations'];
  return own;
}
