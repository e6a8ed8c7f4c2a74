import { checkCombination } from '../batch/checks';
import { type Plan, planFor } from '../batch/plan';
import { EventType } from '../sources';
import type { BatchProcessingOptions, ProcessorOptions } from './types';
import { BatchProcessor, BatchProcessorSync } from './batch-processor';

/**
 * Keeps the order of a FIFO queue: the first failure leaves the rest of the batch unprocessed or, with
 * `skipGroupOnError`, the rest of its message group.
 *
 * @example
 * ```ts
 * const processor = new SqsFifoPartialProcessor();
 *
 * export const handler = (event: SQSEvent, context: Context) =>
 *   processPartialResponseSync(event, (record: SQSRecord) => console.log(record.messageId), processor, {
 *     context,
 *     skipGroupOnError: true,
 *   });
 * ```
 */
export class SqsFifoPartialProcessor extends BatchProcessorSync {
  /** @internal */
  override readonly '~isFifo': boolean = true;

  constructor(options?: ProcessorOptions) {
    super(EventType.SQS, options);
  }

  /** @internal */
  override '~planOf'(options: BatchProcessingOptions): Plan {
    return fifoPlan(this, options);
  }
}

/**
 * The same for a record handler that returns a promise.
 *
 * @example
 * ```ts
 * const processor = new SqsFifoPartialProcessorAsync();
 *
 * export const handler = (event: SQSEvent, context: Context) =>
 *   processPartialResponse(event, (record: SQSRecord) => orders.place(JSON.parse(record.body)), processor, { context });
 * ```
 */
export class SqsFifoPartialProcessorAsync extends BatchProcessor {
  /** @internal */
  override readonly '~isFifo': boolean = true;

  constructor(options?: ProcessorOptions) {
    super(EventType.SQS, options);
  }

  /** @internal */
  override '~planOf'(options: BatchProcessingOptions): Plan {
    return fifoPlan(this, options);
  }
}

function fifoPlan(processor: object, { skipGroupOnError, concurrency, order }: BatchProcessingOptions): Plan {
  const options = {
    source: EventType.SQS,
    fifo: true,
    skipGroupOnError,
    concurrency,
    order,
  };
  checkCombination(processor.constructor.name, options);
  return planFor(options);
}
