import type { With } from './deployment';
import type { Rule } from './rules';
import { allows, disallow } from './statements';

/** What holds for a queue, whoever reads it. */
export const queueRules: readonly Rule<With<'source'>>[] = [
  {
    fault: 'the visibility timeout is below six times the function timeout and the batching window',
    holds: ({ fn: { Timeout = 3 }, source, batching }) =>
      (source.properties.VisibilityTimeout ?? 30) >= 6 * Timeout + (batching.MaximumBatchingWindowInSeconds ?? 0),
    breach: ({ source }) => source.properties.VisibilityTimeout!--,
  },
  {
    fault: 'messages do not leave for a dead-letter queue after two retries',
    holds: ({ source, deadLetters }) =>
      deadLetters?.type === 'AWS::SQS::Queue' && source.properties.RedrivePolicy?.maxReceiveCount === 3,
    breach: ({ source }) => delete source.properties.RedrivePolicy,
  },
  {
    fault: 'the dead-letter queue is not of the same kind as the queue',
    holds: ({ source, deadLetters }) => deadLetters?.properties.FifoQueue === source.properties.FifoQueue,
    breach: ({ source, deadLetters }) => (deadLetters!.properties.FifoQueue = !source.properties.FifoQueue),
  },
  {
    fault: 'the queue is not encrypted',
    holds: ({ source }) => source.properties.SqsManagedSseEnabled === true,
    breach: ({ source }) => delete source.properties.SqsManagedSseEnabled,
  },
];

export const queueMappingRules: readonly Rule<With<'mapping' | 'source'>>[] = [
  {
    fault: 'the concurrency has no limit, or one that Lambda refuses',
    holds: ({ mapping: { ScalingConfig: { MaximumConcurrency: limit = 0 } = {} } }) => limit >= 2 && limit <= 1_000,
    breach: ({ mapping }) => delete mapping.ScalingConfig,
  },
  {
    fault: 'the function may not read its queue',
    holds: ({ statements, source }) =>
      allows(statements, ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], source),
    breach: ({ statements }) => disallow(statements, 'sqs:DeleteMessage'),
  },
];

export const fifoQueueRules: readonly Rule[] = [
  {
    fault: 'the batch of a FIFO queue is above 10, or waits for a window',
    holds: ({ batching }) => (batching.BatchSize ?? 10) <= 10 && !batching.MaximumBatchingWindowInSeconds,
    breach: ({ batching }) => (batching.MaximumBatchingWindowInSeconds = 5),
  },
];
