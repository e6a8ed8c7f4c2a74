import { expect } from 'chai';

import { linkHandlers } from '../../../lib/check/link';
import type { Entry, Handler } from '../../../lib/check/model';
import { bundled, deployedIn, functionOf, isStandard } from './functions';

/** An entry that is for SQS, and has no other option. */
const plain: Entry = {
  source: 'SQS',
  fifo: false,
  order: undefined,
  stopBeforeTimeout: undefined,
  concurrency: undefined,
  chunkSize: 1,
  delaysRetries: false,
  deadLetterQueues: [],
};

const perCall: Entry = { ...plain, isPerCall: true };

/** What an answer that came as JSON is equal to. */
const withoutUndefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const environment = { DEAD: 'https://sqs.eu-west-1.amazonaws.com/1/dead' };

async function linked(folder: string): Promise<Handler> {
  const handlers = await linkHandlers([functionOf({ place: deployedIn(folder), environment })], { load: true });
  return [...handlers.values()][0]!;
}

const ordersWith = (options: string): string => `
  import { BatchHandler } from 'lambda-batch-handler';
  class Orders {
    @BatchHandler(${options})
    async handle(record) { await record; }
  }`;

/** A decorator for both dialects that wraps a method, and carries nothing over. */
const wrapping = `
  function wrapping(target, _key, descriptor) {
    const method = descriptor === undefined ? target : descriptor.value;
    const wrapped = async function (event, context) { return method.call(this, event, context); };
    if (descriptor === undefined) return wrapped;
    descriptor.value = wrapped;
    return descriptor;
  }`;

const forms: Readonly<Record<string, readonly [source: string, entries: readonly Entry[]]>> = {
  'a detached method': [`${ordersWith("{ source: 'SQS' }")} export const handler = new Orders().handle;`, [plain]],
  lambdaHandler: [
    `${ordersWith("{ source: 'SQS', fifo: true }")}
     import { lambdaHandler } from 'lambda-batch-handler';
     export const handler = lambdaHandler(new Orders(), 'handle');`,
    [{ ...plain, fifo: true, concurrency: 1 }],
  ],
  'a static method': [
    `import { BatchHandler } from 'lambda-batch-handler';
     class Orders {
       @BatchHandler({ source: 'DynamoDBStreams', order: 'key', concurrency: 4 })
       static async handle(record) { await record; }
     }
     export const handler = Orders.handle;`,
    [{ ...plain, source: 'DynamoDBStreams', order: 'key', concurrency: 4 }],
  ],
  createBatchHandler: [
    `import { createBatchHandler } from 'lambda-batch-handler';
     export const handler = createBatchHandler({ source: 'KinesisDataStreams', order: 'shard' }, async () => {});`,
    [{ ...plain, source: 'KinesisDataStreams', order: 'shard', concurrency: 1 }],
  ],
  'middy around an entry': [
    `${ordersWith("{ source: 'SQS', stopBeforeTimeout: 1500 }")}
     import middy from '@middy/core';
     export const handler = middy().handler(new Orders().handle);`,
    [{ ...plain, stopBeforeTimeout: 1_500 }],
  ],
  'a decorator above': [
    `import { BatchHandler } from 'lambda-batch-handler';
     ${wrapping}
     class Orders {
       @wrapping
       @BatchHandler({ source: 'SQS', processInParallel: false })
       async handle(record) { await record; }
     }
     export const handler = new Orders().handle;`,
    [{ ...plain, concurrency: 1 }],
  ],
  'two entries in one function': [
    `${ordersWith("{ source: 'SQS' }")}
     class Changes {
       @BatchHandler({ source: 'DynamoDBStreams' })
       async handle(record) { await record; }
     }
     const orders = new Orders(), changes = new Changes();
     export const handler = (event, context) =>
       (event.Records[0].eventSource === 'aws:sqs' ? orders : changes).handle(event, context);`,
    [plain, { ...plain, source: 'DynamoDBStreams' }],
  ],
  'a processor': [
    `import { BatchProcessor, processPartialResponse } from 'lambda-batch-handler';
     const processor = new BatchProcessor('KinesisDataStreams');
     export const handler = (event, context) => processPartialResponse(event, async () => {}, processor, { context });`,
    [{ ...perCall, source: 'KinesisDataStreams' }],
  ],
  'a processor for FIFO queues': [
    `import { SqsFifoPartialProcessorAsync, processPartialResponse } from 'lambda-batch-handler';
     const processor = new SqsFifoPartialProcessorAsync();
     export const handler = (event, context) => processPartialResponse(event, async () => {}, processor, { context });`,
    [{ ...perCall, fifo: true }],
  ],
  'a synchronous processor for FIFO queues': [
    `import { SqsFifoPartialProcessor, processPartialResponseSync } from 'lambda-batch-handler';
     const processor = new SqsFifoPartialProcessor();
     export const handler = async (event, context) => processPartialResponseSync(event, () => {}, processor, { context });`,
    [{ ...perCall, fifo: true, concurrency: 1 }],
  ],
  'a processor class of its own, for a row': [
    `import { BatchProcessor, processPartialResponse } from 'lambda-batch-handler';
     import { kafka } from 'lambda-batch-handler/kafka';
     class Mine extends BatchProcessor { calls = 0; }
     const processor = new Mine(kafka);
     export const handler = (event, context) => processPartialResponse(event, async () => {}, processor, { context });`,
    [{ ...perCall, source: 'Kafka' }],
  ],
  'a processor whose records tell their source': [
    `import { BasePartialProcessor } from 'lambda-batch-handler';
     class Mine extends BasePartialProcessor {
       prepare() {} clean() {}
       async processRecord(record) { return ['success', undefined, record]; }
       processRecordSync(record) { return ['success', undefined, record]; }
     }
     const processor = new Mine();
     export const handler = async (event) => {
       await processor.register(event.Records, () => {}).process();
       return processor.response();
     };`,
    ['SQS', 'KinesisDataStreams', 'DynamoDBStreams'].map((source) => ({ ...perCall, source })),
  ],
  'the option processor': [
    `import { BatchHandler, BatchProcessorSync } from 'lambda-batch-handler';
     class Orders {
       @BatchHandler({ source: 'SQS', processor: new BatchProcessorSync('SQS') })
       handle(record) {}
     }
     export const handler = new Orders().handle;`,
    [{ ...plain, concurrency: 1 }],
  ],
  'middy around an entry with the option processor': [
    `import { BatchHandler, SqsFifoPartialProcessorAsync } from 'lambda-batch-handler';
     import middy from '@middy/core';
     class Orders {
       @BatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true, processor: new SqsFifoPartialProcessorAsync() })
       async handle(record) { await record; }
     }
     export const handler = middy(new Orders().handle);`,
    [{ ...plain, fifo: true, concurrency: 1 }],
  ],
  'options that do something': [
    `${ordersWith(`{
      source: 'SQS',
      concurrency: 5,
      retryDelay: exponentialBackoff({ base: 5 }),
      nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl: process.env.DEAD }) }),
    }`)}
     import { deadLetter, sqsQueue } from 'lambda-batch-handler/dead-letter';
     import { exponentialBackoff } from 'lambda-batch-handler/retry-delay';
     export const handler = new Orders().handle;`,
    [
      {
        ...plain,
        concurrency: 5,
        delaysRetries: true,
        deadLetterQueues: ['https://sqs.eu-west-1.amazonaws.com/1/dead'],
      },
    ],
  ],
  chunks: [
    `import { createBatchHandler } from 'lambda-batch-handler';
     import { chunksOf } from 'lambda-batch-handler/chunk';
     export const handler = createBatchHandler({ source: 'SQS', concurrency: 2, chunk: chunksOf(25) }, async () => {});`,
    [{ ...plain, concurrency: 2, chunkSize: 25 }],
  ],
  'a pipe': [
    `import { createBatchHandler } from 'lambda-batch-handler';
     import { pipe } from 'lambda-batch-handler/pipes';
     export const handler = createBatchHandler({ source: pipe('SQS') }, async () => {});`,
    [{ ...plain, source: 'pipe(SQS)' }],
  ],
  'options that were put at the class': [
    `${ordersWith("{ source: 'SQS' }")}
     import 'reflect-metadata';
     Reflect.defineMetadata(Symbol.for('lambda-batch-handler:options'), { source: 'SQS', fifo: true }, Orders.prototype, 'handle');
     export const handler = new Orders().handle;`,
    [{ ...plain, fifo: true, concurrency: 1 }],
  ],
  'an export beside other entries': [
    `${ordersWith("{ source: 'SQS' }")}
     import { createBatchHandler } from 'lambda-batch-handler';
     export const changes = createBatchHandler({ source: 'DynamoDBStreams' }, async () => {});
     export const handler = new Orders().handle;`,
    [plain],
  ],
};

// Powertools' own decorators are of this dialect alone.
const powertools = `
  import { Logger } from '@aws-lambda-powertools/logger';
  import { BatchHandler } from 'lambda-batch-handler';
  const logger = new Logger();
  class Orders {
    @logger.injectLambdaContext()
    @BatchHandler({ source: 'SQS' })
    async handle(record) { await record; }
  }
  const orders = new Orders();
  export const handler = orders.handle.bind(orders);`;

const all = isStandard
  ? forms
  : { ...forms, 'an entry below a decorator of Powertools': [powertools, [plain]] as const };

describe(`The entries of a handler, bundled and minified, with ${isStandard ? 'standard' : 'experimental'} decorators`, () => {
  for (const format of ['cjs', 'esm'] as const) {
    describe(`as ${format}`, () => {
      let folderOf: (form: string) => string;

      before(() => {
        folderOf = bundled(Object.fromEntries(Object.entries(all).map(([form, [source]]) => [form, source])), format);
      });

      for (const [form, [, entries]] of Object.entries(all)) {
        it(`are seen in ${form}`, async () => {
          expect(await linked(folderOf(form))).to.deep.equal(withoutUndefined({ kind: 'ours', entries }));
        });
      }
    });
  }

  it('are none where the library announces nothing while it is loaded: the word in the code decides', async () => {
    const source = `
      import { BatchProcessor, processPartialResponse } from 'lambda-batch-handler';
      export const handler = (event, context) =>
        processPartialResponse(event, async () => {}, new BatchProcessor('SQS'), { context });`;

    expect(await linked(bundled({ source }, 'cjs')('source'))).to.deep.equal({ kind: 'foreign', reports: true });
  });

  it('are those of each function, where several share a folder', async () => {
    const source = `
      import { createBatchHandler } from 'lambda-batch-handler';
      export const orders = createBatchHandler({ source: 'SQS' }, async () => {});
      export const changes = createBatchHandler({ source: 'DynamoDBStreams' }, async () => {});`;
    const place = { ...deployedIn(bundled({ source }, 'cjs')('source')), isShared: true } as const;

    const handlers = await linkHandlers(
      ['orders', 'changes'].map((name) => functionOf({ place, handler: `index.${name}` }, name)),
      { load: true },
    );

    const sources = [...handlers].map(([key, handler]) => [
      /#(\w+)/.exec(key)![1],
      handler.kind === 'ours' && handler.entries[0]!.source,
    ]);
    expect(sources).to.deep.equal([
      ['orders', 'SQS'],
      ['changes', 'DynamoDBStreams'],
    ]);
  });
});
