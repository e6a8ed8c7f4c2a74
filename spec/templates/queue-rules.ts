import type { With } from './deployment';
import type { Rule } from './rules';
import { allows, disallow } from './statements';

/** What holds for a queue, whoever reads it. */
export const queueRules: readonly Rule<With<'source'>>[] = [
  {
    fault: 'messages are not tried three times',
    holds: ({ source }) => source.properties.RedrivePolicy?.maxReceiveCount === 3,
    breach: ({ source }) => (source.properties.RedrivePolicy!.maxReceiveCount = 4),
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
