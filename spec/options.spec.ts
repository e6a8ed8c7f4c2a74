import { expect } from 'chai';

import { BatchHandler, type BatchHandlerOptions, BatchProcessor } from '../lib';
import { checkOptions, checkRecordFunction } from '../lib/options';

const apply = (options: unknown) => () => BatchHandler(options as BatchHandlerOptions);

describe('The options of @BatchHandler', () => {
  it('are copied and frozen', () => {
    const given = { source: 'SQS', fifo: true } as const;
    const checked = checkOptions(given);

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
  ]) {
    it(`take ${Object.entries(options)
      .map(([key, value]) => `${key}: ${typeof value === 'object' ? '...' : String(value)}`)
      .join(', ')}`, () => {
      expect(apply(options)()).to.be.a('function');
    });
  }

  const refused: [problem: string, options: unknown, message: string][] = [
    ['nothing', undefined, "expected options such as { source: 'SQS' }, received undefined"],
    ['null', null, 'received null'],
    ['a string', 'SQS', "received 'SQS' (string)"],
    ['no source', {}, 'expected source to be one of SQS, KinesisDataStreams, DynamoDBStreams, received undefined'],
    ['an unknown source', { source: 'SNS' }, "received 'SNS' (string)"],
    ['a source from Object.prototype', { source: 'constructor' }, "received 'constructor' (string)"],
    ['an unknown option', { source: 'SQS', skipGroup: true }, 'unknown option skipGroup; expected one of source, fifo'],
    ['an option from Object.prototype', { source: 'SQS', toString: true }, 'unknown option toString'],
    [
      'fifo that is no boolean',
      { source: 'SQS', fifo: 'true' },
      "expected fifo to be a boolean, received 'true' (string)",
    ],
    ['fifo on a stream', { source: 'KinesisDataStreams', fifo: true }, "are for source 'SQS'"],
    ['skipGroupOnError on a stream', { source: 'DynamoDBStreams', skipGroupOnError: true }, "are for source 'SQS'"],
    [
      'skipGroupOnError without fifo',
      { source: 'SQS', skipGroupOnError: true },
      'needs fifo: true, received fifo: undefined',
    ],
    ['order on SQS', { source: 'SQS', order: 'key' }, 'order is for streams'],
    ['an unknown order', { source: 'KinesisDataStreams', order: 'item' }, "expected order to be 'shard' or 'key'"],
    ['concurrency with one lane', { source: 'SQS', fifo: true, concurrency: 2 }, 'needs more than one lane'],
    [
      'concurrency of a shard',
      { source: 'KinesisDataStreams', order: 'shard', concurrency: 2 },
      'needs more than one lane',
    ],
    [
      'processInParallel with fifo',
      { source: 'SQS', fifo: true, processInParallel: false },
      'is for batches without order',
    ],
    [
      'processInParallel with order',
      { source: 'KinesisDataStreams', order: 'key', processInParallel: true },
      'without order',
    ],
    ['sequential with many', { source: 'SQS', processInParallel: false, concurrency: 5 }, 'contradict each other'],
    ['parallel with one', { source: 'SQS', processInParallel: true, concurrency: 1 }, 'contradict each other'],
    ['a reserve of zero', { source: 'SQS', stopBeforeTimeout: 0 }, 'above 0 and at most 900000, received 0 (number)'],
    ['a reserve over 15 minutes', { source: 'SQS', stopBeforeTimeout: 900_001 }, 'received 900001'],
    ['a reserve that is NaN', { source: 'SQS', stopBeforeTimeout: NaN }, 'received NaN'],
    [
      'a logger without warn',
      { source: 'SQS', logger: { debug() {}, error() {} } },
      'the functions debug, warn and error',
    ],
    ['a logger that is null', { source: 'SQS', logger: null }, 'received null'],
    ['a processor class', { source: 'SQS', processor: BatchProcessor }, 'an instance of a processor class'],
    [
      'throwOnFullBatchFailure that is no boolean',
      { source: 'SQS', throwOnFullBatchFailure: 1 },
      'received 1 (number)',
    ],
  ];
  for (const [problem, options, message] of refused) {
    it(`refuse ${problem}`, () => {
      expect(apply(options)).to.throw(TypeError, message);
    });
  }

  for (const concurrency of [0, -1, NaN, 1.5, '4', null, -Infinity]) {
    it(`refuse concurrency: ${String(concurrency)} (3c 19)`, () => {
      expect(apply({ source: 'SQS', concurrency })).to.throw(TypeError, 'a positive integer or Infinity, received ');
    });
  }

  it('refuse a record function that is none', () => {
    expect(() => {
      checkRecordFunction('the record handler', 'handle');
    }).to.throw(TypeError, "Expected the record handler to be a function, received 'handle' (string).");
  });
});
