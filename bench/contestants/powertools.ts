import {
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  processPartialResponse,
  processPartialResponseSync,
  SqsFifoPartialProcessorAsync,
} from '@aws-lambda-powertools/batch';
import type { SQSEvent, SQSRecord } from 'aws-lambda';

import type { Entry } from './entry';
import { handleBody } from './handlers';

const handle = async (record: SQSRecord): Promise<void> => handleBody(record.body);
const handleSync = (record: SQSRecord): void => handleBody(record.body);

const processor = new BatchProcessor(EventType.SQS);
export const parallel: Entry<SQSEvent> = (event, context) =>
  processPartialResponse(event, handle, processor, { context });
export const sequential: Entry<SQSEvent> = (event, context) =>
  processPartialResponse(event, handle, processor, { context, processInParallel: false });

const syncProcessor = new BatchProcessorSync(EventType.SQS);
export const sync: Entry<SQSEvent> = (event, context) =>
  processPartialResponseSync(event, handleSync, syncProcessor, { context });

const fifoProcessor = new SqsFifoPartialProcessorAsync();
export const failureStopsBatch: Entry<SQSEvent> = (event, context) =>
  processPartialResponse(event, handle, fifoProcessor, { context });
export const failureStopsGroup: Entry<SQSEvent> = (event, context) =>
  processPartialResponse(event, handle, fifoProcessor, { context, skipGroupOnError: true });

class Overridden extends BatchProcessor {
  override async processRecord(record: SQSRecord): ReturnType<BatchProcessor['processRecord']> {
    try {
      return this.successHandler(record, await (this.handler as typeof handle)(record));
    } catch (error) {
      return this.failureHandler(record, error as Error);
    }
  }
}
const overriddenProcessor = new Overridden(EventType.SQS);
export const overridden: Entry<SQSEvent> = (event, context) =>
  processPartialResponse(event, handle, overriddenProcessor, { context });
