import { open } from '../../../lib/check/model';
import { describeRule } from '../support/describe-rule';
import { kinesis, redrive, silent, sqs } from '../support/model';

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: at least six times the timeout, plus the window.
describeRule('visibility-below-timeout', {
  finds: {
    'a second less': {
      mapping: sqs({ queue: { visibilityTimeout: 29 }, function: { timeout: 30 } }),
      is: 'error',
      says: 'Messages come back after 29 seconds, and the function may handle them for 30 seconds: Lambda refuses the mapping, or they are handled twice',
      fix: 'VisibilityTimeout: 180',
      at: 'queue',
      needs: ['queue', 'queue.visibilityTimeout', 'function', 'function.timeout'],
    },
    'no visibility timeout at all, whoever the handler is': {
      mapping: sqs({ queue: { visibilityTimeout: 0 }, function: { timeout: 1 }, window: 20 }),
      handler: silent,
      is: 'error',
      says: 'Messages come back after 0 seconds, and the function may handle them for 1 second: Lambda refuses the mapping, or they are handled twice',
      fix: 'VisibilityTimeout: 26',
      at: 'queue',
      needs: ['queue', 'queue.visibilityTimeout', 'function', 'function.timeout'],
    },
    'it where the window is not known': {
      mapping: sqs({ queue: { visibilityTimeout: 30 }, function: { timeout: 60 }, window: open }),
      is: 'error',
      says: 'Messages come back after 30 seconds, and the function may handle them for 60 seconds: Lambda refuses the mapping, or they are handled twice',
      fix: 'VisibilityTimeout: 360',
      at: 'queue',
      needs: ['queue', 'queue.visibilityTimeout', 'function', 'function.timeout'],
    },
  },
  passes: {
    'as much': { mapping: sqs({ queue: { visibilityTimeout: 30 }, function: { timeout: 30 } }) },
    more: { mapping: sqs({ queue: { visibilityTimeout: 31 }, function: { timeout: 30 } }) },
    'a stream': { mapping: kinesis() },
  },
});

const needs = ['queue', 'queue.visibilityTimeout', 'function', 'function.timeout', 'window'];

describeRule('visibility-below-six-timeouts', {
  finds: {
    'a second less, where few receives are left': {
      mapping: sqs({ queue: { visibilityTimeout: 179, redrive: redrive({ maxReceiveCount: 4 }) } }),
      is: 'warning',
      says: 'Messages come back after 179 seconds, less than six timeouts of 30 seconds: those of a throttled batch use up a receive without having been handled',
      fix: 'VisibilityTimeout: 180',
      at: 'queue',
      needs,
    },
    'a second less, as a hint where five receives are left': {
      mapping: sqs({ queue: { visibilityTimeout: 179, redrive: redrive({ maxReceiveCount: 5 }) } }),
      is: 'hint',
      says: 'Messages come back after 179 seconds, less than six timeouts of 30 seconds: those of a throttled batch use up a receive without having been handled',
      fix: 'VisibilityTimeout: 180',
      at: 'queue',
      needs,
    },
    'a second less, as a hint where messages are received for ever': {
      mapping: sqs({ queue: { visibilityTimeout: 179, redrive: undefined } }),
      is: 'hint',
      says: 'Messages come back after 179 seconds, less than six timeouts of 30 seconds: those of a throttled batch use up a receive without having been handled',
      fix: 'VisibilityTimeout: 180',
      at: 'queue',
      needs,
    },
    'a second less, as a hint where nobody knows how many are left': {
      mapping: sqs({ queue: { visibilityTimeout: 179, redrive: redrive({ maxReceiveCount: open }) } }),
      is: 'hint',
      says: 'Messages come back after 179 seconds, less than six timeouts of 30 seconds: those of a throttled batch use up a receive without having been handled',
      fix: 'VisibilityTimeout: 180',
      at: 'queue',
      needs,
    },
    'no more than the timeout, as a hint': {
      mapping: sqs({ queue: { visibilityTimeout: 30 } }),
      is: 'hint',
      says: 'Messages come back after 30 seconds, less than six timeouts of 30 seconds: those of a throttled batch use up a receive without having been handled',
      fix: 'VisibilityTimeout: 180',
      at: 'queue',
      needs,
    },
    'what leaves out the batching window': {
      mapping: sqs({ window: 60, queue: { redrive: redrive({ maxReceiveCount: 1 }) } }),
      is: 'warning',
      says: 'Messages come back after 180 seconds, less than six timeouts of 30 seconds and the batching window of 60 seconds: those of a throttled batch use up a receive without having been handled',
      fix: 'VisibilityTimeout: 240',
      at: 'queue',
      needs,
    },
    'what is over before a batch that waited was handled, however many receives are left': {
      mapping: sqs({ window: 60, queue: { visibilityTimeout: 89, redrive: undefined } }),
      is: 'warning',
      says: 'Messages come back after 89 seconds, and may wait for 60 seconds and be handled for 30 seconds: then they are handled twice',
      fix: 'VisibilityTimeout: 240',
      at: 'queue',
      needs,
    },
    'what is over once a batch that waited was handled, as a hint': {
      mapping: sqs({ window: 60, queue: { visibilityTimeout: 90 } }),
      is: 'hint',
      says: 'Messages come back after 90 seconds, less than six timeouts of 30 seconds and the batching window of 60 seconds: those of a throttled batch use up a receive without having been handled',
      fix: 'VisibilityTimeout: 240',
      at: 'queue',
      needs,
    },
  },
  passes: {
    'six timeouts': { mapping: sqs({ queue: { visibilityTimeout: 180, redrive: redrive({ maxReceiveCount: 2 }) } }) },
    'six timeouts and the window': { mapping: sqs({ window: 60, queue: { visibilityTimeout: 240 } }) },
    'what visibility-below-timeout finds': { mapping: sqs({ queue: { visibilityTimeout: 29 } }) },
    'a stream': { mapping: kinesis() },
  },
});
