import { describeRule } from '../support/describe-rule';
import { kinesis, ours, oursFor, reporting, sqs } from '../support/model';

const keeps = (reserve: string, timeout: string) =>
  `stopBeforeTimeout keeps ${reserve} of the function's timeout of ${timeout}`;
const keeping = (stopBeforeTimeout: number) => ours({ stopBeforeTimeout });
const needs = ['function', 'function.timeout'];

describeRule('stop-before-timeout-too-long', {
  finds: {
    'all of the timeout': {
      mapping: sqs({ function: { timeout: 3 } }),
      handler: keeping(3_000),
      is: 'error',
      says: `${keeps('3000 milliseconds', '3 seconds')}: no record ever starts`,
      fix: 'Timeout: 6',
      at: 'function',
      needs,
    },
    'more than a timeout can be long enough for': {
      mapping: sqs({ function: { timeout: 300 } }),
      handler: keeping(450_001),
      is: 'error',
      says: `${keeps('450001 milliseconds', '300 seconds')}: no record ever starts`,
      fix: 'stopBeforeTimeout: 150000',
      needs,
    },
    'twice which is the longest timeout there is': {
      mapping: sqs({ function: { timeout: 300 } }),
      handler: keeping(450_000),
      is: 'error',
      says: `${keeps('450000 milliseconds', '300 seconds')}: no record ever starts`,
      fix: 'Timeout: 900',
      at: 'function',
      needs,
    },
    'what each of two entries keeps, by the one that keeps less': {
      mapping: sqs({ function: { timeout: 3 } }),
      handler: ours({ stopBeforeTimeout: 9_000 }, { stopBeforeTimeout: 4_000 }),
      is: 'error',
      says: `${keeps('4000 milliseconds', '3 seconds')}: no record ever starts`,
      fix: 'Timeout: 8',
      at: 'function',
      needs,
    },
  },
  passes: {
    'a millisecond less than the timeout': { mapping: sqs({ function: { timeout: 3 } }), handler: keeping(2_999) },
    'one of two entries that keeps less': {
      mapping: sqs({ function: { timeout: 3 } }),
      handler: ours({ stopBeforeTimeout: 3_000 }, { stopBeforeTimeout: 1_000 }),
    },
    'one of two entries that keeps nothing': {
      mapping: sqs({ function: { timeout: 3 } }),
      handler: ours({ stopBeforeTimeout: 3_000 }, { stopBeforeTimeout: undefined }),
    },
    'an entry for another source': {
      mapping: sqs({ function: { timeout: 3 } }),
      handler: ours({ stopBeforeTimeout: 3_000, source: 'Kafka' }),
    },
    'a handler of other code': { mapping: sqs(), handler: reporting },
  },
});

describeRule('stop-before-timeout-long', {
  finds: {
    'a millisecond more than half of the timeout': {
      mapping: sqs({ function: { timeout: 3 } }),
      handler: keeping(1_501),
      is: 'warning',
      says: `${keeps('1501 milliseconds', '3 seconds')}: records for which there is time come back without having been handled`,
      fix: 'Timeout: 4',
      at: 'function',
      needs,
    },
    'a millisecond less than the longest timeout': {
      mapping: sqs({ function: { timeout: 900 } }),
      handler: keeping(899_999),
      is: 'warning',
      says: `${keeps('899999 milliseconds', '900 seconds')}: records for which there is time come back without having been handled`,
      fix: 'stopBeforeTimeout: 450000',
      needs,
    },
  },
  passes: {
    'half of the timeout': { mapping: sqs({ function: { timeout: 3 } }), handler: keeping(1_500) },
    'all of it, which stop-before-timeout-too-long finds': {
      mapping: sqs({ function: { timeout: 3 } }),
      handler: keeping(3_000),
    },
    nothing: { mapping: sqs(), handler: ours({ stopBeforeTimeout: undefined }) },
  },
});

const comesBack =
  'A batch that runs into the timeout of its function comes back as a whole, with the records that have succeeded';

describeRule('no-stop-before-timeout', {
  finds: {
    'an entry without it': {
      mapping: sqs(),
      handler: ours({ stopBeforeTimeout: undefined }),
      is: 'hint',
      says: comesBack,
      fix: 'stopBeforeTimeout: 1000',
    },
    'two entries without it, of a function of elsewhere': {
      mapping: sqs({ function: undefined }),
      handler: ours({ stopBeforeTimeout: undefined }, { stopBeforeTimeout: undefined }),
      is: 'hint',
      says: comesBack,
      fix: 'stopBeforeTimeout: 1000',
    },
  },
  passes: {
    'an entry with it': { mapping: sqs() },
    'one of two entries with it': { mapping: sqs(), handler: ours({ stopBeforeTimeout: undefined }, {}) },
    'options that are given with each call': {
      mapping: sqs(),
      handler: ours({ stopBeforeTimeout: undefined, isPerCall: true }),
    },
    'a handler of other code': { mapping: sqs(), handler: reporting },
  },
});

const leaves = (batchSize: number, timeout: string, time: string) =>
  `A batch of ${batchSize} records has ${timeout} until the function's timeout, which leaves ${time} for each`;
const timeNeeds = ['function', 'function.timeout', 'batchSize'];

describeRule('little-time-a-record', {
  finds: {
    'one after another': {
      mapping: kinesis({ function: { timeout: 3 }, batchSize: 31 }),
      handler: oursFor(kinesis(), { concurrency: 1 }),
      is: 'hint',
      says: leaves(31, '3 seconds', '96 milliseconds'),
      fix: 'BatchSize: 30',
      needs: timeNeeds,
    },
    'ten at once': {
      mapping: kinesis({ function: { timeout: 1 }, batchSize: 101 }),
      handler: oursFor(kinesis(), { concurrency: 10 }),
      is: 'hint',
      says: leaves(101, '1 second', '90 milliseconds'),
      fix: 'BatchSize: 100',
      needs: timeNeeds,
    },
    'chunks one after another, whose records share their time': {
      mapping: kinesis({ function: { timeout: 1 }, batchSize: 10_000 }),
      handler: oursFor(kinesis(), { concurrency: 2, chunkSize: 100 }),
      is: 'hint',
      says: leaves(10_000, '1 second', '20 milliseconds'),
      fix: 'BatchSize: 2000',
      needs: timeNeeds,
    },
    'two entries, by the one that is through first': {
      mapping: kinesis({ function: { timeout: 1 }, batchSize: 100 }),
      handler: ours({ source: 'KinesisDataStreams', concurrency: 1 }, { source: 'KinesisDataStreams', concurrency: 2 }),
      is: 'hint',
      says: leaves(100, '1 second', '20 milliseconds'),
      fix: 'BatchSize: 20',
      needs: timeNeeds,
    },
  },
  passes: {
    'a tenth of a second each': {
      mapping: kinesis({ function: { timeout: 3 }, batchSize: 30 }),
      handler: oursFor(kinesis(), { concurrency: 1 }),
    },
    'all at once': { mapping: kinesis({ function: { timeout: 1 }, batchSize: 10_000 }) },
    'chunks all at once': {
      mapping: kinesis({ function: { timeout: 1 }, batchSize: 10_000 }),
      handler: oursFor(kinesis(), { chunkSize: 100 }),
    },
    'a chunk for all': {
      mapping: kinesis({ function: { timeout: 1 }, batchSize: 100 }),
      handler: oursFor(kinesis(), { concurrency: 1, chunkSize: Number.MAX_SAFE_INTEGER }),
    },
    'options that are given with each call': {
      mapping: kinesis({ function: { timeout: 1 }, batchSize: 100 }),
      handler: oursFor(kinesis(), { concurrency: 1, isPerCall: true }),
    },
    'a handler of other code': { mapping: kinesis({ function: { timeout: 1 } }), handler: reporting },
  },
});
