import { expect } from 'chai';

import { BatchProcessor, observe } from '../../lib';
import { checkCombination, checkRecordFunction, checkValue, checkValues, optionNames } from '../../lib/batch/checks';
import { deadLetter } from '../../lib/dead-letter';
import { json, reader } from '../../lib/payload';
import { delayBy, exponentialBackoff } from '../../lib/retry-delay';
import { parcels } from '../support/row';

/** Checks options as a front does. */
const check = (options: object) => (): void => {
  checkValues('Orders', { ...options }, optionNames);
  checkCombination('Orders', options);
};

const refuses = (problem: string, options: object, message: string): void => {
  it(`refuses ${problem}`, () => {
    expect(check(options))
      .to.throw(TypeError, message)
      .with.property('message')
      .that.matches(/^Orders: .*\.$/s);
  });
};

const shown = (options: object): string =>
  Object.entries(options)
    .map(([key, value]) => `${key}: ${typeof value === 'object' ? '...' : String(value)}`)
    .join(', ');

describe('The names of the options', () => {
  it('are those that a decorator takes', () => {
    expect(optionNames).to.have.members([
      'source',
      'fifo',
      'skipGroupOnError',
      'processInParallel',
      'throwOnFullBatchFailure',
      'order',
      'concurrency',
      'stopBeforeTimeout',
      'recordTimeout',
      'logger',
      'processor',
      'payload',
      'chunk',
      'nonRetryable',
      'retryDelay',
      'observers',
      'guard',
    ]);
  });
});

describe('The check of values', () => {
  it('looks at the options that it is told to, and at no others', () => {
    expect(() => {
      checkValues('Orders', { fifo: 'true', order: 'shard' }, ['order', 'concurrency']);
    }).not.to.throw();
    expect(() => {
      checkValues('Orders', { fifo: 'true', order: 'shard' }, ['order', 'fifo']);
    }).to.throw(TypeError, "Orders: expected fifo to be a boolean, received 'true' (string).");
  });

  it('takes undefined for an option that is absent, unless it is asked for that one', () => {
    expect(check(Object.fromEntries(optionNames.map((name) => [name, undefined])))).not.to.throw();
    expect(() => {
      checkValue('Orders', 'source', undefined);
    }).to.throw(TypeError, 'Orders: expected source to be one of SQS, KinesisDataStreams, DynamoDBStreams, or a row');
  });

  for (const [problem, options, message] of [
    ['an unknown source', { source: 'SNS' }, "received 'SNS' (string)"],
    ['a source from Object.prototype', { source: 'constructor' }, "received 'constructor' (string)"],
    [
      'a row with something missing',
      { source: { ...parcels(), records: undefined } },
      'or a row such as kafka of lambda-batch-handler/kafka, received {',
    ],
    ['fifo that is no boolean', { source: 'SQS', fifo: 'true' }, "fifo to be a boolean, received 'true' (string)"],
    [
      'skipGroupOnError that is no boolean',
      { source: 'SQS', fifo: true, skipGroupOnError: 1 },
      'skipGroupOnError to be a boolean, received 1 (number)',
    ],
    [
      'processInParallel that is no boolean',
      { source: 'SQS', processInParallel: null },
      'processInParallel to be a boolean, received null',
    ],
    [
      'throwOnFullBatchFailure that is no boolean',
      { source: 'SQS', throwOnFullBatchFailure: 1 },
      'received 1 (number)',
    ],
    ['an unknown order', { source: 'KinesisDataStreams', order: 'item' }, "expected order to be 'shard' or 'key'"],
    ['a reserve of zero', { source: 'SQS', stopBeforeTimeout: 0 }, 'above 0 and at most 900000, received 0 (number)'],
    ['a reserve over 15 minutes', { source: 'SQS', stopBeforeTimeout: 900_001 }, 'received 900001'],
    ['a reserve that is NaN', { source: 'SQS', stopBeforeTimeout: NaN }, 'received NaN'],
    ['a reserve that is a text', { source: 'SQS', stopBeforeTimeout: '1000' }, "received '1000' (string)"],
    [
      'a logger without warn',
      { source: 'SQS', logger: { debug() {}, error() {} } },
      'the functions debug, warn and error',
    ],
    ['a logger that is null', { source: 'SQS', logger: null }, 'received null'],
    ['a processor class', { source: 'SQS', processor: BatchProcessor }, 'an instance of a processor class'],
    ['a processor that is null', { source: 'SQS', processor: null }, 'an instance of a processor class, received null'],
  ] as const) {
    refuses(problem, options, message);
  }

  for (const concurrency of [0, -1, NaN, 1.5, '4', null, -Infinity]) {
    refuses(
      `concurrency: ${String(concurrency)} (3c 19)`,
      { source: 'SQS', concurrency },
      'a positive integer or Infinity, received ',
    );
  }

  describe('of options that do something', () => {
    it('takes what their functions make', () => {
      const made = {
        source: 'SQS',
        payload: reader(JSON.parse),
        nonRetryable: deadLetter({ deliverTo: 'discard' }),
        retryDelay: exponentialBackoff({ base: 1, max: 2 }),
        observers: [observe({})],
      };
      expect(check(made)).not.to.throw();
      expect(check({ ...made, payload: json(), retryDelay: delayBy(() => 1), observers: [] })).not.to.throw();
    });

    const names = {
      payload: 'made by json(), reader() or another of lambda-batch-handler/payload',
      nonRetryable: 'made by deadLetter() of lambda-batch-handler/dead-letter',
      retryDelay: 'made by exponentialBackoff() or delayBy() of lambda-batch-handler/retry-delay',
      observers: 'an array of what observe() makes, or openTelemetry()',
      guard: 'made by partialResponses() of lambda-batch-handler/guard',
    };
    const plain: [name: keyof typeof names, what: string, value: unknown][] = [
      ['payload', 'a function', JSON.parse],
      ['payload', 'null', null],
      ['payload', 'what was made for another', observe({})],
      ['nonRetryable', 'plain data', { errors: [TypeError], deliverTo: 'discard' }],
      ['nonRetryable', 'a function', () => ({})],
      ['nonRetryable', 'what was made for another', observe({})],
      ['nonRetryable', 'null', null],
      ['retryDelay', 'plain data', { seconds: () => 1 }],
      ['retryDelay', 'a number', 30],
      ['retryDelay', 'what was made for another', deadLetter({ deliverTo: 'discard' })],
      ['guard', 'plain data', { client: {} }],
      ['guard', 'what was made for another', observe({})],
      ['observers', 'one observer without an array', observe({})],
      ['observers', 'an array of plain data', [{ onBatchEnd() {} }]],
      ['observers', 'an array in which one is plain', [observe({}), {}]],
      ['observers', 'an array in which one was made for another', [deadLetter({ deliverTo: 'discard' })]],
    ];
    for (const [name, what, value] of plain) {
      refuses(
        `${what} for ${name}, and names what makes it`,
        { source: 'SQS', [name]: value },
        `expected ${name} to be ${name === 'payload' ? 'a payload reader, ' : ''}${names[name]}, received `,
      );
    }
  });
});

describe('The check of combinations', () => {
  for (const options of [
    { source: 'SQS' },
    { source: 'SQS', fifo: false },
    { source: 'SQS', fifo: true, skipGroupOnError: false },
    { source: 'SQS', fifo: true, skipGroupOnError: true, concurrency: 4 },
    { source: 'SQS', concurrency: Infinity, processInParallel: true },
    { source: 'SQS', concurrency: 1, processInParallel: false },
    { source: 'KinesisDataStreams', order: 'key', concurrency: 1 },
    { source: 'DynamoDBStreams', order: 'shard', throwOnFullBatchFailure: false },
    { source: parcels('queue'), fifo: true },
    { source: parcels('queue'), retryDelay: exponentialBackoff({ base: 1, max: 2 }) },
    { source: parcels('stream'), order: 'key' },
    { order: 'shard' },
  ]) {
    it(`takes ${shown(options)}`, () => {
      expect(check(options)).not.to.throw();
    });
  }

  const retryDelay = exponentialBackoff({ base: 1, max: 2 });
  for (const [problem, options, message] of [
    ['fifo on a stream', { source: 'KinesisDataStreams', fifo: true }, "are for source 'SQS'"],
    [
      'fifo on a row that is a stream',
      { source: parcels('stream'), fifo: true },
      "received source: 'Parcels' (string)",
    ],
    ['fifo without a source', { fifo: true }, 'received source: undefined'],
    ['skipGroupOnError on a stream', { source: 'DynamoDBStreams', skipGroupOnError: true }, "are for source 'SQS'"],
    [
      'skipGroupOnError without fifo',
      { source: 'SQS', skipGroupOnError: true },
      'needs fifo: true, received fifo: undefined',
    ],
    ['order on SQS', { source: 'SQS', order: 'key' }, "order is for streams; with source 'SQS' use fifo"],
    ['order on a row that is a queue', { source: parcels('queue'), order: 'key' }, 'order is for streams'],
    [
      'a retry delay on a stream',
      { source: 'KinesisDataStreams', retryDelay },
      "retryDelay is for source 'SQS', whose messages have a visibility timeout, received 'KinesisDataStreams'",
    ],
    ['a retry delay on a row that is a stream', { source: parcels('stream'), retryDelay }, "received 'Parcels'"],
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
  ] as const) {
    refuses(problem, options, message);
  }
});

describe('The check of a record function', () => {
  const refusal = (value: unknown) => () => {
    checkRecordFunction('the record handler', value);
  };

  it('takes functions, async ones too', () => {
    expect(refusal(() => undefined)).not.to.throw();
    expect(refusal(async () => undefined)).not.to.throw();
  });

  it('refuses what is no function', () => {
    expect(refusal('handle')).to.throw(
      TypeError,
      "Expected the record handler to be a function, received 'handle' (string).",
    );
  });

  it('refuses generators, which would run nothing (3c 25)', () => {
    const message = 'received a generator function, which runs nothing when it is called.';
    expect(refusal(function* () {})).to.throw(TypeError, message);
    expect(refusal(async function* () {})).to.throw(TypeError, message);
  });
});
