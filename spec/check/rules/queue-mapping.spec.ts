import { open } from '../../../lib/check/model';
import { describeRule } from '../support/describe-rule';
import { deadLetters, kafka, kinesis, ours, redrive, silent, sqs, toQueue, unknown } from '../support/model';

const fifoQueue = { isFifo: true, redrive: redrive({ deadLetterQueue: deadLetters({ isFifo: true }) }) };
const inOrder = ours({ fifo: true });

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
describeRule('fifo-window', {
  finds: {
    'a second': {
      mapping: sqs({ queue: fifoQueue, window: 1 }),
      handler: silent,
      is: 'error',
      says: 'A FIFO queue has no batching window: Lambda refuses the mapping with 1 second',
      fix: 'MaximumBatchingWindowInSeconds: 0',
      needs: ['queue', 'queue.isFifo', 'window'],
    },
  },
  passes: {
    'no window': { mapping: sqs({ queue: fifoQueue }), handler: inOrder },
    'a standard queue': { mapping: sqs({ window: 60 }) },
    'a stream': { mapping: kinesis({ window: 60 }) },
  },
});

describeRule('batch-too-large', {
  finds: {
    'eleven messages of a FIFO queue, whatever the window': {
      mapping: sqs({ queue: fifoQueue, batchSize: 11, window: 5 }),
      handler: inOrder,
      is: 'error',
      says: 'A batch of a FIFO queue has at most 10 messages: Lambda refuses the mapping with 11',
      fix: 'BatchSize: 10',
      // What it is of the two, nobody knows, but a standard queue takes it with this window.
      needs: ['batchSize', 'queue', 'queue.isFifo'],
    },
    'eleven messages of a standard queue without a window': {
      mapping: sqs({ batchSize: 11 }),
      handler: silent,
      is: 'error',
      says: 'A batch of more than 10 messages needs a batching window: Lambda refuses the mapping with 11',
      fix: 'MaximumBatchingWindowInSeconds: 1',
      needs: ['batchSize', 'window'],
    },
    'eleven messages without a window of a queue of elsewhere, which no kind of queue takes': {
      mapping: sqs({ batchSize: 11, queue: undefined }),
      is: 'error',
      says: 'A batch of more than 10 messages needs a batching window: Lambda refuses the mapping with 11',
      fix: 'MaximumBatchingWindowInSeconds: 1',
      needs: ['batchSize', 'window'],
    },
  },
  passes: {
    'ten messages': { mapping: sqs({ batchSize: 10 }) },
    'ten messages of a FIFO queue': { mapping: sqs({ queue: fifoQueue, batchSize: 10 }), handler: inOrder },
    'more with a window of a second': { mapping: sqs({ batchSize: 10_000, window: 1 }) },
    'a stream, of which a hundred records without a window are the default': { mapping: kinesis({ batchSize: 100 }) },
  },
});

// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html: SQS deletes what a filter leaves out.
const other = sqs({ id: 'OtherMapping', function: { id: 'OtherHandler' } });
const oneQueueEach = 'a queue for each function, all of them behind one SNS topic or one EventBridge rule';
const competes = 'Another mapping reads the same queue: each message goes to one of their functions only';
const deletes =
  'Another mapping reads the same queue, and a filter deletes what it leaves out: what is meant for the other mapping is lost';

describeRule('competing-mappings', {
  finds: {
    'two functions at one queue': {
      mapping: sqs(),
      handler: silent,
      others: [other],
      is: 'warning',
      says: competes,
      fix: oneQueueEach,
      needs: ['sourceKey'],
    },
    'two functions, one of which is not among what was read': {
      mapping: sqs({ queue: undefined }),
      others: [sqs({ id: 'OtherMapping', function: undefined })],
      is: 'warning',
      says: competes,
      fix: oneQueueEach,
      needs: ['sourceKey', 'function'],
    },
    'functions of one template that is nested twice': {
      mapping: sqs(),
      others: [sqs({ key: 'parent.yaml#Nested#OrdersMapping', function: { key: 'parent.yaml#Nested#OrderHandler' } })],
      is: 'warning',
      says: competes,
      fix: oneQueueEach,
      needs: ['sourceKey'],
    },
    'functions of two templates by the same name': {
      mapping: sqs(),
      others: [sqs({ file: 'other.yaml', function: { file: 'other.yaml' } })],
      is: 'warning',
      says: competes,
      fix: oneQueueEach,
      needs: ['sourceKey'],
    },
    'a third function, once': {
      mapping: sqs(),
      others: [other, sqs({ id: 'ThirdMapping', function: { id: 'ThirdHandler' } })],
      is: 'warning',
      says: competes,
      fix: oneQueueEach,
      needs: ['sourceKey'],
    },
    'a filter that nobody knows, as if it were none': {
      mapping: sqs({ filters: open }),
      others: [other],
      is: 'warning',
      says: competes,
      fix: oneQueueEach,
      needs: ['sourceKey'],
    },
    'a list of no filters, as if there were none': {
      mapping: sqs({ filters: 0 }),
      others: [other],
      is: 'warning',
      says: competes,
      fix: oneQueueEach,
      needs: ['sourceKey'],
    },
    'a filter of its own': {
      mapping: sqs({ filters: 1 }),
      handler: unknown,
      others: [other],
      is: 'error',
      says: deletes,
      fix: oneQueueEach,
      needs: ['sourceKey'],
    },
    'a filter of the other': {
      mapping: sqs(),
      others: [{ ...other, filters: 2 }],
      is: 'error',
      says: deletes,
      fix: oneQueueEach,
      needs: ['sourceKey'],
    },
    'filters of one function': {
      mapping: sqs({ filters: 1 }),
      others: [sqs({ id: 'OtherMapping', filters: 1 })],
      is: 'error',
      says: deletes,
      fix: oneQueueEach,
      needs: ['sourceKey'],
    },
  },
  passes: {
    'a mapping by itself': { mapping: sqs({ filters: 1 }) },
    'one that is disabled, and reads nothing': { mapping: sqs({ isEnabled: false, filters: 1 }), others: [other] },
    'another one that is disabled': { mapping: sqs({ filters: 1 }), others: [{ ...other, isEnabled: false }] },
    'another one that may be disabled': { mapping: sqs({ filters: 1 }), others: [{ ...other, isEnabled: open }] },
    'two queues': { mapping: sqs(), others: [{ ...other, sourceKey: 'template.yaml#Returns' }] },
    'two mappings of one function, which gets every message': { mapping: sqs(), others: [sqs({ id: 'OtherMapping' })] },
    'two functions of elsewhere, which may be one': {
      mapping: sqs({ function: undefined }),
      others: [sqs({ id: 'OtherMapping', function: undefined })],
    },
    'two queues of which nothing is known': {
      mapping: sqs({ sourceKey: undefined }),
      others: [{ ...other, sourceKey: undefined }],
    },
    'two functions at one stream, which get every record': {
      mapping: kinesis(),
      others: [kinesis({ id: 'OtherMapping', function: { id: 'OtherHandler' } })],
    },
  },
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
const throttled = (calls: string, reserved: number) =>
  `Lambda calls the function ${calls} times at once, and its reserved concurrency is ${reserved}: messages of throttled calls use up a receive without having been handled`;
const concurrencyNeeds = ['queue', 'queue.redrive', 'function', 'function.reservedConcurrency', 'maximumConcurrency'];

describeRule('concurrency-above-reserved', {
  finds: {
    'one call more than is reserved': {
      mapping: sqs({ maximumConcurrency: 11, function: { reservedConcurrency: 10 } }),
      handler: silent,
      is: 'warning',
      says: throttled('up to 11', 10),
      fix: 'ScalingConfig: { MaximumConcurrency: 10 }',
      needs: concurrencyNeeds,
    },
    'as much reserved as the lowest limit there can be': {
      mapping: sqs({ maximumConcurrency: 3, function: { reservedConcurrency: 2 } }),
      is: 'warning',
      says: throttled('up to 3', 2),
      fix: 'ScalingConfig: { MaximumConcurrency: 2 }',
      needs: concurrencyNeeds,
    },
    'less reserved than any limit can be': {
      mapping: sqs({ maximumConcurrency: 2, function: { reservedConcurrency: 1 } }),
      is: 'warning',
      says: throttled('up to 2', 1),
      fix: 'ReservedConcurrentExecutions: 2',
      at: 'function',
      needs: concurrencyNeeds,
    },
    'less reserved than Lambda starts with, where there is no limit': {
      mapping: sqs({ function: { reservedConcurrency: 4 } }),
      is: 'warning',
      says: throttled('at least 5', 4),
      fix: 'ReservedConcurrentExecutions: 5',
      at: 'function',
      needs: concurrencyNeeds,
    },
  },
  passes: {
    'as much reserved as the limit': {
      mapping: sqs({ maximumConcurrency: 10, function: { reservedConcurrency: 10 } }),
    },
    'as much reserved as Lambda starts with': { mapping: sqs({ function: { reservedConcurrency: 5 } }) },
    'a limit below what Lambda starts with': {
      mapping: sqs({ maximumConcurrency: 2, function: { reservedConcurrency: 2 } }),
    },
    'nothing reserved': { mapping: sqs({ maximumConcurrency: 10 }) },
    'no redrive policy, so that no receive matters': {
      mapping: sqs({ function: { reservedConcurrency: 1 }, queue: { redrive: undefined } }),
    },
    'a stream': { mapping: kinesis({ function: { reservedConcurrency: 1 } }) },
  },
});

const ignored = (settings: string) =>
  `A queue has no ${settings}: what happens to messages that fail is up to its RedrivePolicy alone`;
const onTheQueue = 'RedrivePolicy: { deadLetterTargetArn: <ARN of another queue>, maxReceiveCount: 5 } on the queue';

describeRule('sqs-ignores-stream-setting', {
  finds: {
    'each of them': {
      mapping: sqs({
        maximumRetryAttempts: 2,
        maximumRecordAge: 3_600,
        onFailure: toQueue(),
        bisects: true,
        parallelizationFactor: 2,
        tumblingWindow: 60,
      }),
      handler: silent,
      is: 'warning',
      says: ignored(
        'MaximumRetryAttempts, MaximumRecordAgeInSeconds, DestinationConfig, BisectBatchOnFunctionError, ParallelizationFactor, TumblingWindowInSeconds',
      ),
      fix: onTheQueue,
    },
    'no retries': {
      mapping: sqs({ maximumRetryAttempts: 0 }),
      is: 'warning',
      says: ignored('MaximumRetryAttempts'),
      fix: onTheQueue,
      needs: ['maximumRetryAttempts'],
    },
    'a queue of elsewhere': {
      mapping: sqs({ onFailure: toQueue(), queue: undefined }),
      is: 'warning',
      says: ignored('DestinationConfig'),
      fix: onTheQueue,
      needs: ['onFailure'],
    },
  },
  passes: {
    'none of them': { mapping: sqs() },
    'what is the default anyway': {
      mapping: sqs({
        maximumRetryAttempts: -1,
        maximumRecordAge: -1,
        bisects: false,
        parallelizationFactor: 1,
        tumblingWindow: 0,
      }),
    },
    'a stream': { mapping: kinesis({ parallelizationFactor: 2 }) },
    'a topic': { mapping: kafka() },
  },
});
