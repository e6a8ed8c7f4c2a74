import { describeRule } from '../support/describe-rule';
import {
  deadLetters,
  dynamodb,
  kafka,
  kinesis,
  missing,
  ours,
  oursFor,
  redrive,
  reporting,
  sqs,
  unknown,
} from '../support/model';

describeRule('handler-missing', {
  finds: {
    'a handler that is not in the code': {
      mapping: sqs(),
      handler: missing,
      is: 'error',
      says: 'Every invocation fails, and no record is ever handled: index.js has no export handler',
      fix: 'Handler: <file>.<export>, as they are in the code that is deployed',
      at: 'function',
    },
  },
  passes: {
    'a handler of ours': { mapping: sqs() },
    'a handler of other code': { mapping: sqs(), handler: reporting },
    'a handler of which nothing is known': { mapping: sqs(), handler: unknown },
  },
});

const isSent = (expected: string, received: string) =>
  `The handler is for ${expected}, and is sent ${received}: every batch throws UnexpectedBatchTypeError, and no record is ever handled`;

describeRule('source-mismatch', {
  finds: {
    'a handler for a stream at a queue': {
      mapping: sqs(),
      handler: ours({ source: 'KinesisDataStreams' }),
      is: 'error',
      says: isSent('KinesisDataStreams', 'SQS'),
      fix: "source: 'SQS'",
    },
    'a handler for a queue at a stream of Kinesis': {
      mapping: kinesis(),
      handler: ours({}),
      is: 'error',
      says: isSent('SQS', 'KinesisDataStreams'),
      fix: "source: 'KinesisDataStreams'",
    },
    'a handler for Kinesis at the stream of a table': {
      mapping: dynamodb(),
      handler: oursFor(kinesis()),
      is: 'error',
      says: isSent('KinesisDataStreams', 'DynamoDBStreams'),
      fix: "source: 'DynamoDBStreams'",
    },
    'a handler for a queue at a topic': {
      mapping: kafka(),
      handler: ours({}),
      is: 'error',
      says: isSent('SQS', 'Kafka'),
      fix: 'source: kafka',
    },
    'a handler for a pipe, which calls with an array': {
      mapping: sqs(),
      handler: ours({ source: 'pipe(SQS)' }),
      is: 'error',
      says: isSent('pipe(SQS)', 'SQS'),
      fix: "source: 'SQS'",
    },
    'a handler for a queue at a stream of which nothing tells whose it is': {
      mapping: kinesis({ isKindOpen: true, stream: undefined }),
      handler: ours({}),
      is: 'error',
      says: isSent('SQS', 'KinesisDataStreams or DynamoDBStreams'),
      fix: "source: 'KinesisDataStreams' or 'DynamoDBStreams'",
    },
    'several entries, each once, none of which is for it': {
      mapping: sqs(),
      handler: ours({ source: 'Kafka' }, { source: 'DynamoDBStreams' }, { source: 'Kafka' }),
      is: 'error',
      says: isSent('Kafka or DynamoDBStreams', 'SQS'),
      fix: "source: 'SQS'",
    },
  },
  passes: {
    'a queue': { mapping: sqs() },
    'a stream of Kinesis': { mapping: kinesis() },
    'the stream of a table': { mapping: dynamodb() },
    'a topic': { mapping: kafka() },
    'a stream of which nothing tells whose it is': {
      mapping: kinesis({ isKindOpen: true, stream: undefined }),
      handler: oursFor(dynamodb()),
    },
    'one entry of several that is for it': { mapping: sqs(), handler: ours({ source: 'Kafka' }, {}) },
    'a source of one’s own, which may be for anything': { mapping: sqs(), handler: ours({ source: 'Webhooks' }) },
    'no entry at all': { mapping: sqs(), handler: ours() },
    'a handler of other code': { mapping: sqs(), handler: reporting },
  },
});

const fifoQueue = { isFifo: true, redrive: redrive({ deadLetterQueue: deadLetters({ isFifo: true }) }) };
const keepsNone =
  'The handler does not keep the order of its FIFO queue: a message that failed comes back behind those of its group that have succeeded since';

describeRule('fifo-mismatch', {
  finds: {
    'a handler without order at a FIFO queue': {
      mapping: sqs({ queue: fifoQueue }),
      is: 'error',
      says: keepsNone,
      fix: 'fifo: true',
      needs: ['queue', 'queue.isFifo'],
    },
    'one whose other options are given with each call': {
      mapping: sqs({ queue: fifoQueue }),
      handler: ours({ isPerCall: true }),
      is: 'error',
      says: keepsNone,
      fix: 'fifo: true',
      needs: ['queue', 'queue.isFifo'],
    },
    'one whose other entry is for a stream': {
      mapping: sqs({ queue: fifoQueue }),
      handler: ours({}, { source: 'KinesisDataStreams', fifo: true }),
      is: 'error',
      says: keepsNone,
      fix: 'fifo: true',
      needs: ['queue', 'queue.isFifo'],
    },
    'a handler with an order that a standard queue has not': {
      mapping: sqs(),
      handler: ours({ fifo: true }),
      is: 'warning',
      says: 'The handler keeps an order that its queue does not have: messages behind one that failed come back without having been handled, and use up a receive',
      fix: 'fifo: false',
      needs: ['queue', 'queue.isFifo'],
    },
  },
  passes: {
    'a FIFO queue in order': { mapping: sqs({ queue: fifoQueue }), handler: ours({ fifo: true }) },
    'a standard queue without order': { mapping: sqs() },
    'one of two entries that fits': { mapping: sqs({ queue: fifoQueue }), handler: ours({}, { fifo: true }) },
    'a source of one’s own': { mapping: sqs({ queue: fifoQueue }), handler: ours({ source: 'Webhooks' }) },
    'a handler for another source': { mapping: sqs({ queue: fifoQueue }), handler: ours({ source: 'Kafka' }) },
    'a handler of other code': { mapping: sqs({ queue: fifoQueue }), handler: reporting },
    'a stream': { mapping: kinesis() },
  },
});

describeRule('tumbling-window', {
  finds: {
    'a second': {
      mapping: kinesis({ tumblingWindow: 1 }),
      is: 'error',
      says: 'The answer to a tumbling window needs a state, which the handler has not: every batch throws UnexpectedBatchTypeError, and no record is ever handled',
      fix: 'TumblingWindowInSeconds: 0',
      needs: ['tumblingWindow'],
    },
  },
  passes: {
    'no window': { mapping: kinesis({ tumblingWindow: 0 }) },
    'nothing said of it': { mapping: dynamodb() },
    'a handler of other code, which may answer with a state': {
      mapping: kinesis({ tumblingWindow: 60 }),
      handler: reporting,
    },
    'a queue, which has none': { mapping: sqs({ tumblingWindow: 60 }) },
  },
});

describeRule('shard-order-with-parallelization', {
  finds: {
    'two batches of a shard at once': {
      mapping: kinesis({ parallelizationFactor: 2 }),
      handler: ours({ source: 'KinesisDataStreams', order: 'shard' }),
      is: 'warning',
      says: 'Lambda hands over 2 batches of a shard at once, in order only within a key: the handler keeps no order of the shard, and a failure holds up records of other keys',
      fix: "order: 'key'",
      needs: ['parallelizationFactor'],
    },
  },
  passes: {
    'one batch at once': {
      mapping: kinesis({ parallelizationFactor: 1 }),
      handler: ours({ source: 'KinesisDataStreams', order: 'shard' }),
    },
    'nothing said of it': { mapping: kinesis(), handler: ours({ source: 'KinesisDataStreams', order: 'shard' }) },
    'order within a key': { mapping: dynamodb({ parallelizationFactor: 10 }) },
    'one of two entries with order within a key': {
      mapping: kinesis({ parallelizationFactor: 2 }),
      handler: ours({ source: 'KinesisDataStreams', order: 'shard' }, { source: 'KinesisDataStreams', order: 'key' }),
    },
    'a handler of other code': { mapping: kinesis({ parallelizationFactor: 2 }), handler: reporting },
  },
});

const noOrder =
  'The handler keeps no order of the stream: records behind one that fails are handled before it, of its key too';

describeRule('no-order-on-stream', {
  finds: {
    'a stream of Kinesis without order': {
      mapping: kinesis(),
      handler: ours({ source: 'KinesisDataStreams' }),
      is: 'hint',
      says: noOrder,
      fix: "order: 'key'",
    },
    'a topic without order': {
      mapping: kafka(),
      handler: ours({ source: 'Kafka' }),
      is: 'hint',
      says: noOrder,
      fix: "order: 'partition'",
    },
  },
  passes: {
    'order within a key': { mapping: dynamodb() },
    'options that are given with each call': {
      mapping: kinesis(),
      handler: ours({ source: 'KinesisDataStreams', isPerCall: true }),
    },
    'a handler of other code': { mapping: kinesis(), handler: reporting },
    'a queue': { mapping: sqs() },
  },
});
