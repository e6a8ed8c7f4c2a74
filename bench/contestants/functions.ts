/** A one-handler function with these options, and what has to be imported for them. */
const decorated = (options: string, imports = ''): string => `
    import { BatchHandler } from 'lambda-batch-handler';
    ${imports}
    class Orders {
      @BatchHandler({ source: 'SQS'${options} })
      async handle(record) { return record; }
    }
    export const handler = new Orders().handle;`;

const json = "import { json } from 'lambda-batch-handler/payload';";
const deadLetter = "import { deadLetter, sqsQueue } from 'lambda-batch-handler/dead-letter';";
const retryDelay = "import { exponentialBackoff } from 'lambda-batch-handler/retry-delay';";
const observe = "import { observe } from 'lambda-batch-handler';";
const delivering = ", nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl: 'https://sqs.test/1/dead' }) })";

/** One-handler functions as a user writes them, to be bundled and loaded. */
export const functions = {
  decorator: decorated(''),
  'json()': decorated(', payload: json()', json),
  'sqsQueue()': decorated(delivering, deadLetter),
  'exponentialBackoff()': decorated(', retryDelay: exponentialBackoff()', retryDelay),
  'all features': decorated(
    `, payload: json(), retryDelay: exponentialBackoff(), observers: [observe({ onBatchEnd() {} })]${delivering}`,
    [json, deadLetter, retryDelay, observe].join('\n'),
  ),
  'class API': `
    import { BatchProcessor, EventType, processPartialResponse } from 'lambda-batch-handler';
    const processor = new BatchProcessor(EventType.SQS);
    const handle = async (record) => record.body;
    export const handler = (event, context) => processPartialResponse(event, handle, processor, { context });`,
  Powertools: `
    import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
    const processor = new BatchProcessor(EventType.SQS);
    const handle = async (record) => record.body;
    export const handler = (event, context) => processPartialResponse(event, handle, processor, { context });`,
} as const satisfies Readonly<Record<string, string>>;
