import type { Context } from 'aws-lambda';

import { checkedAnswer } from '../batch/answer';
import { readBatch } from '../batch/batch';
import type { Entry } from '../batch/processor';
import type { RecordMethod } from '../batch/reader';
import { BatchProcessingError } from '../errors';
import { isSourceName, type Source } from '../sources';
import { respond, respondSync } from './respond';
import type { Runnable } from './runnable';
import type { BatchProcessingOptions } from './types';

/** @throws TypeError where the processor is for another source, or keeps another order than the options say */
export function checkFor(processor: Runnable, who: string, source: Source, fifo: boolean): void {
  if (processor['~source'] === undefined && !isSourceName(source.name)) {
    // Its records would tell, but only those of sources with a name do.
    throw new TypeError(`${who}: expected a processor for ${source.name}, received one without an event type.`);
  }
  const { name } = processor['~source'] ?? source;
  if (name !== source.name) {
    throw new TypeError(`${who}: expected a processor for ${source.name}, received one for ${name}.`);
  }
  if (processor['~payload'] !== undefined) {
    throw new TypeError(`${who}: give the payload reader to the decorator, not to its processor.`);
  }
  if (processor['~isFifo'] !== fifo) {
    throw new TypeError(`${who}: fifo: true and a processor for FIFO queues go together, received only one of them.`);
  }
}

/** The entry that has a processor do the work, with the method as its record handler. */
export function processorEntry(
  processor: Runnable,
  method: RecordMethod,
  source: Source,
  { logger = console, ...options }: BatchProcessingOptions,
): Entry {
  // These are the entry's own: the method reads already.
  const { source: _source, processor: _processor, payload: _payload, ...rest } = options as Record<string, unknown>;
  const answer = processor['~isSync'] ? respondSync : respond;

  return async function (this: unknown, event: unknown, context: Context) {
    if (processor['~source'] === undefined) readBatch(source, source.records(event)); // refuses what it would not
    const recordHandler = (record: unknown) => {
      const delivery = processor['~invocations'].current.deliveryOf(record);
      if (delivery === undefined) {
        throw new BatchProcessingError('The processor handed on a record that is not one of the batch.');
      }
      return method.call(this, record, context, delivery);
    };
    const response = await answer(event, recordHandler, processor, { ...rest, logger, context });
    return checkedAnswer('response()', response);
  };
}
