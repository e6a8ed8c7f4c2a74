import type { EventOf, OrderOf, ResponseOf, Source } from '../sources';
import type { BasePartialProcessor } from './base-partial-processor';
import { respond, respondSync } from './respond';
import type { BaseRecord, BatchProcessingOptions, PartialItemFailureResponse } from './types';

// A source of one's own is named, as for `lambdaHandler`: `processPartialResponse<typeof row>(event, ...)`. That signature
// comes first, because `Parameters` and `ReturnType` read the last.

/**
 * Runs the record handler for every record of the event, and answers which failed.
 *
 * @throws UnexpectedBatchTypeError before any record runs, where the event is no batch of the processor's source
 * @throws FullBatchFailureError where no record succeeded, unless `throwOnFullBatchFailure` is false
 * @throws BatchProcessingError where the processor is synchronous
 *
 * @example
 * ```ts
 * const processor = new BatchProcessor(EventType.SQS);
 *
 * export const handler = (event: SQSEvent, context: Context) =>
 *   processPartialResponse(event, (record: SQSRecord) => orders.place(JSON.parse(record.body)), processor, { context });
 * ```
 */
export function processPartialResponse<S extends Source = never>(
  event: EventOf<S>,
  recordHandler: CallableFunction,
  processor: Named<S>,
  options?: OptionsOf<S>,
): Promise<ResponseOf<S>>;
export function processPartialResponse<T extends BasePartialProcessor>(
  event: {
    /** The records of the batch. */
    Records: BaseRecord[];
  },
  recordHandler: CallableFunction,
  processor: T,
  options?: BatchProcessingOptions<T>,
): Promise<PartialItemFailureResponse>;
export function processPartialResponse(
  event: unknown,
  recordHandler: CallableFunction,
  processor: BasePartialProcessor,
  options?: OptionsOf<Source>,
): Promise<unknown> {
  return respond(event, recordHandler, processor, options as BatchProcessingOptions);
}

/**
 * The same for a synchronous record handler and processor.
 *
 * @example
 * ```ts
 * const processor = new BatchProcessorSync(EventType.SQS);
 *
 * export const handler = (event: SQSEvent, context: Context) =>
 *   processPartialResponseSync(event, (record: SQSRecord) => console.log(record.messageId), processor, { context });
 * ```
 */
export function processPartialResponseSync<S extends Source = never>(
  event: EventOf<S>,
  recordHandler: CallableFunction,
  processor: Named<S>,
  options?: OptionsOf<S>,
): ResponseOf<S>;
export function processPartialResponseSync<T extends BasePartialProcessor>(
  event: {
    /** The records of the batch. */
    Records: BaseRecord[];
  },
  recordHandler: CallableFunction,
  processor: T,
  options?: BatchProcessingOptions<T>,
): PartialItemFailureResponse;
export function processPartialResponseSync(
  event: unknown,
  recordHandler: CallableFunction,
  processor: BasePartialProcessor,
  options?: OptionsOf<Source>,
): unknown {
  return respondSync(event, recordHandler, processor, options as BatchProcessingOptions);
}

/** The options with the orders that a row knows. */
type OptionsOf<S extends Source> = Omit<BatchProcessingOptions, 'order'> & {
  /** In which order records of a stream run, as for `@BatchHandler`: one of the `orders` of its row. Default: side by side. */
  order?: OrderOf<S> | undefined;
};

/** A processor, where the source is named. */
type Named<S extends Source> = [S] extends [never] ? never : BasePartialProcessor;
