import { type Entry, open, type Mapping, type Queue, type Redrive, type Rule } from '../model';
import { error, hint, warning } from './breach';
import { entriesFor } from './entries';
import { given, or } from './given';
import { sqsGuide, templateReference } from './pages';
import { destination, longestRetention, redrivePolicy, seconds } from './words';

const source = `${sqsGuide}/sqs-dead-letter-queues.html`;

/** The queue of a mapping, where it is known, with its redrive policy, where it is known to have one. */
function redriven<B>({ queue }: Mapping, breach: (queue: Queue, redrive: Redrive) => B | undefined): B | undefined {
  return given([queue, queue?.redrive], breach);
}

export const noDeadLetterQueue: Rule = {
  id: 'no-dead-letter-queue',
  source,
  check({ queue }) {
    if (queue === undefined || queue.redrive !== undefined || queue.isDeadLetterQueue) return undefined;
    const { retention } = queue;
    const after = retention === open ? '' : ` after ${seconds(retention)}`;
    return warning(
      `The queue has no RedrivePolicy: a message that always fails comes back until it expires${after}, and is gone`,
      redrivePolicy,
      queue,
    );
  },
};

export const functionDeadLetterQueue: Rule = {
  id: 'function-dead-letter-queue',
  source: `${templateReference}/aws-properties-lambda-function-deadletterconfig.html`,
  check({ kind, queue, onFailure, function: fn }) {
    if (fn?.hasDeadLetterQueue !== true) return undefined;
    const hasNone = kind === 'sqs' ? queue !== undefined && queue.redrive === undefined : onFailure === undefined;
    if (!hasNone) return undefined;
    return warning(
      'The dead-letter queue of the function is for asynchronous invocations:' +
        ' no record of an event source mapping ever goes there',
      kind === 'sqs' ? `${redrivePolicy} on the queue` : destination,
      fn,
    );
  },
};

export const maxReceiveCount1: Rule = {
  id: 'max-receive-count-1',
  source,
  check: (mapping) =>
    redriven(mapping, (queue, { maxReceiveCount }) => {
      if (maxReceiveCount !== 1) return undefined;
      return warning(
        'A message that fails once, or is throttled once without having been handled, goes to the dead-letter queue',
        'maxReceiveCount: 5',
        queue,
      );
    }),
};

export const maxReceiveCountLow: Rule = {
  id: 'max-receive-count-low',
  source,
  check: (mapping) =>
    redriven(mapping, (queue, { maxReceiveCount }) =>
      given([maxReceiveCount], (count) => {
        if (count <= 1 || count >= 5 || mayNeverBeThrottled(mapping)) return undefined;
        return hint(
          `A message goes to the dead-letter queue after ${count} receives, and a throttled batch uses up one of each`,
          'maxReceiveCount: 5',
          queue,
        );
      }),
    ),
};

/** Whether the mapping calls the function no more often at once than is reserved for it, as far as one knows. */
function mayNeverBeThrottled({ maximumConcurrency, function: fn }: Mapping): boolean {
  if (maximumConcurrency === undefined) return false;
  if (fn === undefined) return true;
  return given([maximumConcurrency, or(fn.reservedConcurrency, 0)], (limit, reserved) => limit <= reserved) ?? true;
}

export const expiresBeforeDeadLetter: Rule = {
  id: 'expires-before-dead-letter',
  source,
  check: (mapping, { handler }) =>
    redriven(mapping, (queue, { maxReceiveCount }) =>
      given([maxReceiveCount, queue.visibilityTimeout, queue.retention], (count, visibility, retention) => {
        if (count * visibility <= retention) return undefined;
        if (entriesFor(mapping, handler).some(mayDelayRetries)) return undefined;
        return error(
          `A message that always fails expires after ${seconds(retention)}, before its ${count} receives, each for` +
            ` ${seconds(visibility)}, are over: it never reaches the dead-letter queue`,
          fixForExpiry(count, visibility),
          queue,
        );
      }),
    ),
};

/** Whether messages that fail come back when the handler says, which may be at once: that is not known. */
function mayDelayRetries({ delaysRetries, isPerCall = false }: Entry): boolean {
  return delaysRetries || isPerCall;
}

function fixForExpiry(count: number, visibility: number): string {
  const retention = `MessageRetentionPeriod: ${longestRetention}`;
  if (count * visibility <= longestRetention) return retention;
  return `${retention}, maxReceiveCount: ${Math.floor(longestRetention / visibility)}`;
}

export const deadLetterQueueKind: Rule = {
  id: 'dead-letter-queue-kind',
  source,
  check: (mapping) =>
    redriven(mapping, (queue, { deadLetterQueue }) =>
      given([deadLetterQueue, queue.isFifo, deadLetterQueue?.isFifo], (deadLetters, isFifo, isDeadLettersFifo) => {
        if (isFifo === isDeadLettersFifo) return undefined;
        const kind = isFifo ? 'FIFO' : 'standard';
        return error(
          `The queue is a ${kind} queue, and its dead-letter queue is not: SQS refuses the RedrivePolicy`,
          isFifo ? 'FifoQueue: true' : 'no FifoQueue, and a QueueName without .fifo',
          deadLetters,
        );
      }),
    ),
};

export const deadLetterRetention: Rule = {
  id: 'dead-letter-retention',
  source: `${sqsGuide}/setting-up-dead-letter-queue-retention.html`,
  check: (mapping) =>
    redriven(mapping, (queue, { deadLetterQueue }) =>
      given(
        [deadLetterQueue, queue.isFifo, queue.retention, deadLetterQueue?.retention],
        (deadLetters, isFifo, retention, kept) => {
          // In a FIFO queue the time begins anew when a message is moved there.
          if (isFifo || kept > retention || kept === longestRetention) return undefined;
          const message =
            `The dead-letter queue keeps messages for ${seconds(kept)}, counted from when they were first sent,` +
            ` and the queue for ${seconds(retention)}`;
          const fix = `MessageRetentionPeriod: ${longestRetention}`;
          return kept < retention
            ? warning(`${message}: what arrives there late is gone`, fix, deadLetters)
            : hint(`${message}: what arrives there late is gone soon`, fix, deadLetters);
        },
      ),
    ),
};
