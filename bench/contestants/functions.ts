/** One-handler functions as a user writes them, to be bundled and loaded. */
export const functions: Readonly<Record<string, string>> = {
  decorator: `
    import { BatchHandler } from 'lambda-batch-handler';
    class Orders {
      @BatchHandler({ source: 'SQS' })
      async handle(record) { return record.body; }
    }
    export const handler = new Orders().handle;`,
  Powertools: `
    import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
    const processor = new BatchProcessor(EventType.SQS);
    const handle = async (record) => record.body;
    export const handler = (event, context) => processPartialResponse(event, handle, processor, { context });`,
};
