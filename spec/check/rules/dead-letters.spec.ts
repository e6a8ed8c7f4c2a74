import { open } from '../../../lib/check/model';
import { describeRule } from '../support/describe-rule';
import {
  deadLetters,
  dynamodb,
  entry,
  kafka,
  kinesis,
  ours,
  queue,
  redrive,
  silent,
  sqs,
  unknown,
} from '../support/model';

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
const redrivePolicy = 'RedrivePolicy: { deadLetterTargetArn: <ARN of another queue>, maxReceiveCount: 5 }';
const destination = 'DestinationConfig: { OnFailure: { Destination: <ARN of a standard queue> } }';

describeRule('no-dead-letter-queue', {
  finds: {
    'a queue without a redrive policy, whoever the handler is': {
      mapping: sqs({ queue: { redrive: undefined } }),
      handler: silent,
      is: 'warning',
      says: 'The queue has no RedrivePolicy: a message that always fails comes back until it expires after 345600 seconds, and is gone',
      fix: redrivePolicy,
      at: 'queue',
      needs: ['queue', 'queue.redrive'],
    },
    'one that nobody knows how long it keeps its messages': {
      mapping: sqs({ queue: { redrive: undefined, retention: open } }),
      is: 'warning',
      says: 'The queue has no RedrivePolicy: a message that always fails comes back until it expires, and is gone',
      fix: redrivePolicy,
      at: 'queue',
      needs: ['queue', 'queue.redrive'],
    },
  },
  passes: {
    'a redrive policy': { mapping: sqs() },
    'a redrive policy to a queue of elsewhere': {
      mapping: sqs({ queue: { redrive: redrive({ deadLetterQueue: undefined }) } }),
    },
    'a dead-letter queue': { mapping: sqs({ queue: { redrive: undefined, isDeadLetterQueue: true } }) },
    'a stream': { mapping: kinesis() },
  },
});

const never =
  'The dead-letter queue of the function is for asynchronous invocations: no record of an event source mapping ever goes there';

describeRule('function-dead-letter-queue', {
  finds: {
    'a queue without a redrive policy': {
      mapping: sqs({ function: { hasDeadLetterQueue: true }, queue: { redrive: undefined } }),
      is: 'warning',
      says: never,
      fix: `${redrivePolicy} on the queue`,
      at: 'function',
      needs: ['function', 'function.hasDeadLetterQueue', 'queue', 'queue.redrive'],
    },
    'a stream without a destination': {
      mapping: kinesis({ function: { hasDeadLetterQueue: true }, onFailure: undefined }),
      handler: unknown,
      is: 'warning',
      says: never,
      fix: destination,
      at: 'function',
      needs: ['function', 'function.hasDeadLetterQueue', 'onFailure'],
    },
    'a topic without a destination': {
      mapping: kafka({ function: { hasDeadLetterQueue: true }, onFailure: undefined }),
      is: 'warning',
      says: never,
      fix: destination,
      at: 'function',
      needs: ['function', 'function.hasDeadLetterQueue', 'onFailure'],
    },
  },
  passes: {
    'a queue with a redrive policy': { mapping: sqs({ function: { hasDeadLetterQueue: true } }) },
    'a stream with a destination': { mapping: dynamodb({ function: { hasDeadLetterQueue: true } }) },
    'a function without one': { mapping: sqs({ queue: { redrive: undefined } }) },
  },
});

describeRule('max-receive-count-1', {
  finds: {
    'a single receive, whoever the handler is': {
      mapping: sqs({ queue: { redrive: redrive({ maxReceiveCount: 1 }) } }),
      handler: silent,
      is: 'warning',
      says: 'A message that fails once, or is throttled once without having been handled, goes to the dead-letter queue',
      fix: 'maxReceiveCount: 5',
      at: 'queue',
      needs: ['queue', 'queue.redrive', 'queue.redrive.maxReceiveCount'],
    },
  },
  passes: {
    'two receives': { mapping: sqs({ queue: { redrive: redrive({ maxReceiveCount: 2 }) } }) },
    'no redrive policy': { mapping: sqs({ queue: { redrive: undefined } }) },
    'a stream': { mapping: kinesis() },
  },
});

const few = { redrive: redrive({ maxReceiveCount: 2 }) };

describeRule('max-receive-count-low', {
  finds: {
    'two receives': {
      mapping: sqs({ queue: few }),
      is: 'hint',
      says: 'A message goes to the dead-letter queue after 2 receives, and a throttled batch uses up one of each',
      fix: 'maxReceiveCount: 5',
      at: 'queue',
      needs: ['queue', 'queue.redrive', 'queue.redrive.maxReceiveCount', 'maximumConcurrency'],
    },
    'four receives': {
      mapping: sqs({ queue: { redrive: redrive({ maxReceiveCount: 4 }) } }),
      handler: silent,
      is: 'hint',
      says: 'A message goes to the dead-letter queue after 4 receives, and a throttled batch uses up one of each',
      fix: 'maxReceiveCount: 5',
      at: 'queue',
      needs: ['queue', 'queue.redrive', 'queue.redrive.maxReceiveCount', 'maximumConcurrency'],
    },
    'fewer reserved than Lambda calls at once': {
      mapping: sqs({ queue: few, maximumConcurrency: 10, function: { reservedConcurrency: 9 } }),
      is: 'hint',
      says: 'A message goes to the dead-letter queue after 2 receives, and a throttled batch uses up one of each',
      fix: 'maxReceiveCount: 5',
      at: 'queue',
      needs: [
        ...['queue', 'queue.redrive', 'queue.redrive.maxReceiveCount', 'maximumConcurrency'],
        ...['function', 'function.reservedConcurrency'],
      ],
    },
    'a limit where nothing is reserved': {
      mapping: sqs({ queue: few, maximumConcurrency: 10 }),
      is: 'hint',
      says: 'A message goes to the dead-letter queue after 2 receives, and a throttled batch uses up one of each',
      fix: 'maxReceiveCount: 5',
      at: 'queue',
      needs: [
        ...['queue', 'queue.redrive', 'queue.redrive.maxReceiveCount', 'maximumConcurrency'],
        ...['function', 'function.reservedConcurrency'],
      ],
    },
  },
  passes: {
    'five receives': { mapping: sqs() },
    'a single one, which max-receive-count-1 finds': {
      mapping: sqs({ queue: { redrive: redrive({ maxReceiveCount: 1 }) } }),
    },
    'as much reserved as Lambda calls at once': {
      mapping: sqs({ queue: few, maximumConcurrency: 10, function: { reservedConcurrency: 10 } }),
    },
    'more reserved than Lambda calls at once': {
      mapping: sqs({ queue: few, maximumConcurrency: 10, function: { reservedConcurrency: 20 } }),
    },
    'no redrive policy': { mapping: sqs({ queue: { redrive: undefined } }) },
  },
});

const dies = (retention: string, count: number, visibility: string) =>
  `A message that always fails expires after ${retention}, before its ${count} receives, each for ${visibility}, are over: it never reaches the dead-letter queue`;
const expiryNeeds = [
  'queue',
  'queue.redrive',
  'queue.redrive.maxReceiveCount',
  'queue.visibilityTimeout',
  'queue.retention',
];
const dying = { retention: 899, redrive: redrive({ maxReceiveCount: 5 }) };

describeRule('expires-before-dead-letter', {
  finds: {
    'a second less': {
      mapping: sqs({ queue: dying }),
      is: 'error',
      says: dies('899 seconds', 5, '180 seconds'),
      fix: 'MessageRetentionPeriod: 1209600',
      at: 'queue',
      needs: expiryNeeds,
    },
    'receives that take longer than SQS keeps any message': {
      mapping: sqs({ queue: { visibilityTimeout: 43_200, redrive: redrive({ maxReceiveCount: 30 }) } }),
      handler: silent,
      is: 'error',
      says: dies('345600 seconds', 30, '43200 seconds'),
      fix: 'MessageRetentionPeriod: 1209600, maxReceiveCount: 28',
      at: 'queue',
      needs: expiryNeeds,
    },
    'receives that do not fit into what SQS keeps a message at the most': {
      mapping: sqs({ queue: { visibilityTimeout: 43_000, redrive: redrive({ maxReceiveCount: 29 }) } }),
      is: 'error',
      says: dies('345600 seconds', 29, '43000 seconds'),
      fix: 'MessageRetentionPeriod: 1209600, maxReceiveCount: 28',
      at: 'queue',
      needs: expiryNeeds,
    },
    'receives that take as long as SQS keeps a message at the most': {
      mapping: sqs({ queue: { visibilityTimeout: 43_200, redrive: redrive({ maxReceiveCount: 28 }) } }),
      is: 'error',
      says: dies('345600 seconds', 28, '43200 seconds'),
      fix: 'MessageRetentionPeriod: 1209600',
      at: 'queue',
      needs: expiryNeeds,
    },
    'it where another entry delays retries, of another source': {
      mapping: sqs({ queue: dying }),
      handler: ours({}, { source: 'KinesisDataStreams', delaysRetries: true }),
      is: 'error',
      says: dies('899 seconds', 5, '180 seconds'),
      fix: 'MessageRetentionPeriod: 1209600',
      at: 'queue',
      needs: expiryNeeds,
    },
  },
  passes: {
    'as much': { mapping: sqs({ queue: { ...dying, retention: 900 } }) },
    'a handler that says when messages come back': {
      mapping: sqs({ queue: dying }),
      handler: ours({ delaysRetries: true }),
    },
    'one of two entries that says so': { mapping: sqs({ queue: dying }), handler: ours({}, { delaysRetries: true }) },
    'options that are given with each call': { mapping: sqs({ queue: dying }), handler: ours({ isPerCall: true }) },
    'no redrive policy': { mapping: sqs({ queue: { retention: 60, redrive: undefined } }) },
    'a stream': { mapping: kinesis() },
  },
});

const kindNeeds = [
  ...[
    'queue',
    'queue.isFifo',
    'queue.redrive',
    'queue.redrive.deadLetterQueue',
    'queue.redrive.deadLetterQueue.isFifo',
  ],
];

describeRule('dead-letter-queue-kind', {
  finds: {
    'a standard one of a FIFO queue': {
      mapping: sqs({ queue: { isFifo: true } }),
      handler: unknown,
      is: 'error',
      says: 'The queue is a FIFO queue, and its dead-letter queue is not: SQS refuses the RedrivePolicy',
      fix: 'FifoQueue: true',
      at: 'deadLetters',
      needs: kindNeeds,
    },
    'a FIFO one of a standard queue': {
      mapping: sqs({ queue: { redrive: redrive({ deadLetterQueue: deadLetters({ isFifo: true }) }) } }),
      is: 'error',
      says: 'The queue is a standard queue, and its dead-letter queue is not: SQS refuses the RedrivePolicy',
      fix: 'no FifoQueue, and a QueueName without .fifo',
      at: 'deadLetters',
      needs: kindNeeds,
    },
  },
  passes: {
    'two standard queues': { mapping: sqs() },
    'two FIFO queues': {
      mapping: sqs({ queue: { isFifo: true, redrive: redrive({ deadLetterQueue: deadLetters({ isFifo: true }) }) } }),
      handler: ours({ fifo: true }),
    },
  },
});

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
const keeping = (source: number, kept: number, isFifo = false) =>
  sqs({
    queue: {
      isFifo,
      retention: source,
      redrive: redrive({ deadLetterQueue: deadLetters({ isFifo, retention: kept }) }),
    },
  });
const keeps = (kept: number, source: number) =>
  `The dead-letter queue keeps messages for ${kept} seconds, counted from when they were first sent, and the queue for ${source} seconds`;
const retentionNeeds = [
  ...['queue', 'queue.isFifo', 'queue.retention', 'queue.redrive'],
  ...['queue.redrive.deadLetterQueue', 'queue.redrive.deadLetterQueue.retention'],
];

describeRule('dead-letter-retention', {
  finds: {
    'less than the queue': {
      mapping: keeping(345_600, 345_599),
      handler: silent,
      is: 'warning',
      says: `${keeps(345_599, 345_600)}: what arrives there late is gone`,
      fix: 'MessageRetentionPeriod: 1209600',
      at: 'deadLetters',
      needs: retentionNeeds,
    },
    'as much as the queue, as a hint': {
      mapping: keeping(345_600, 345_600),
      is: 'hint',
      says: `${keeps(345_600, 345_600)}: what arrives there late is gone soon`,
      fix: 'MessageRetentionPeriod: 1209600',
      at: 'deadLetters',
      needs: retentionNeeds,
    },
  },
  passes: {
    'more than the queue': { mapping: keeping(345_600, 345_601) },
    'fourteen days each, which is all that SQS has': { mapping: keeping(1_209_600, 1_209_600) },
    'a FIFO queue, whose time begins anew': {
      mapping: keeping(345_600, 60, true),
      handler: ours(entry({ fifo: true })),
    },
    'no redrive policy': { mapping: sqs({ queue: queue({ redrive: undefined }) }) },
  },
});
