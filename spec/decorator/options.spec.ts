import { expect } from 'chai';

import { BatchHandler, type BatchHandlerOptions, BatchProcessor, observe } from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { checkOptions } from '../../lib/decorator/options';
import { images, json, text } from '../../lib/payload';
import { exponentialBackoff } from '../../lib/retry-delay';
import { parcels } from '../support/row';

const apply = (options: unknown) => () => BatchHandler(options as BatchHandlerOptions);

describe('The options of @BatchHandler', () => {
  it('are copied and frozen', () => {
    const given = { source: 'SQS', fifo: true } as const;
    const checked = checkOptions('@BatchHandler', given);

    expect(checked).to.deep.equal(given);
    expect(checked).not.to.equal(given);
    expect(checked).to.be.frozen;
    expect(given).not.to.be.frozen;
  });

  for (const options of [
    { source: 'SQS' },
    { source: 'SQS', fifo: false },
    { source: 'SQS', fifo: undefined, concurrency: undefined },
    { source: 'SQS', fifo: true, skipGroupOnError: false },
    { source: 'SQS', fifo: true, skipGroupOnError: true, concurrency: 4 },
    { source: 'SQS', concurrency: Infinity, processInParallel: true },
    { source: 'SQS', concurrency: 1, processInParallel: false },
    { source: 'KinesisDataStreams', order: 'key', concurrency: 1 },
    { source: 'DynamoDBStreams', order: 'shard', throwOnFullBatchFailure: false },
    { source: 'DynamoDBStreams', stopBeforeTimeout: 900_000, logger: console },
    { source: 'SQS', processor: new BatchProcessor('SQS') },
    { source: parcels(), order: 'key' },
    { source: 'SQS', payload: json(), nonRetryable: deadLetter({ deliverTo: 'discard' }) },
    { source: 'SQS', retryDelay: exponentialBackoff({ base: 1, max: 2 }), observers: [observe({})] },
  ]) {
    it(`take ${Object.entries(options)
      .map(([key, value]) => `${key}: ${typeof value === 'string' || typeof value === 'number' ? value : '...'}`)
      .join(', ')}`, () => {
      expect(apply(options)()).to.be.a('function');
    });
  }

  const refused: [problem: string, options: unknown, message: string][] = [
    ['nothing', undefined, "expected options such as { source: 'SQS' }, received undefined"],
    ['null', null, 'received null'],
    ['a string', 'SQS', "received 'SQS' (string)"],
    [
      'no source',
      {},
      'expected source to be one of SQS, KinesisDataStreams, DynamoDBStreams, or a row such as kafka of lambda-batch-handler/kafka, received undefined',
    ],
    ['an unknown option', { source: 'SQS', skipGroup: true }, 'unknown option skipGroup; expected one of source, fifo'],
    ['an option from Object.prototype', { source: 'SQS', toString: true }, 'unknown option toString'],
    [
      'a value that an option cannot have',
      { source: 'SQS', fifo: 'true' },
      "expected fifo to be a boolean, received 'true' (string)",
    ],
    ['a contradiction', { source: 'KinesisDataStreams', fifo: true }, "are for source 'SQS'"],
    [
      'plain data in place of what a function makes',
      { source: 'SQS', nonRetryable: { deliverTo: 'discard' } },
      'expected nonRetryable to be made by deadLetter() of lambda-batch-handler/dead-letter',
    ],
    ['a plain function for payload', { source: 'SQS', payload: JSON.parse }, 'made by json(), reader() or another'],
    [
      'a reader of other payloads than the source has',
      { source: 'SQS', payload: images() },
      'expected a reader of text, received a reader of change.',
    ],
    [
      'a reader of other payloads than a row has',
      { source: { ...parcels(), payload: { ...parcels().payload, kind: 'change' } }, payload: text() },
      'expected a reader of change, received a reader of text or bytes.',
    ],
    [
      'a processor of another source',
      { source: 'SQS', processor: new BatchProcessor('DynamoDBStreams') },
      'expected a processor for SQS, received one for DynamoDBStreams',
    ],
    [
      'a processor of another order',
      { source: 'SQS', fifo: true, processor: new BatchProcessor('SQS') },
      'go together',
    ],
  ];
  for (const [problem, options, message] of refused) {
    it(`refuse ${problem}`, () => {
      expect(apply(options)).to.throw(TypeError, message);
    });
  }

  it('are refused in the name of the front that asks', () => {
    expect(() => checkOptions('createBatchHandler', { source: 'SNS' })).to.throw(
      TypeError,
      /^createBatchHandler: expected source to be one of /,
    );
    expect(apply({ source: 'SNS' })).to.throw(TypeError, /^@BatchHandler: expected source to be one of /);
  });
});
