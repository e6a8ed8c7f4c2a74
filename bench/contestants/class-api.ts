import type { SQSEvent, SQSRecord } from 'aws-lambda';
import {
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  type FailureResponse,
  processPartialResponse,
  processPartialResponseSync,
  type SuccessResponse,
} from 'lambda-batch-handler';

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

class Overridden extends BatchProcessor {
  override async processRecord(record: SQSRecord): Promise<SuccessResponse | FailureResponse> {
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
