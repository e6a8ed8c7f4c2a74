import { textOf } from './deployment';
import type { Rule } from './rules';
import { allows, disallow, isAboutNetworks, isAboutOne } from './statements';

const fourteenDays = 14 * 24 * 60 * 60;

/** What holds for every event source. */
export const functionRules: readonly Rule[] = [
  {
    fault: 'the runtime is not nodejs22.x',
    holds: ({ fn }) => fn.Runtime === 'nodejs22.x',
    breach: ({ fn }) => (fn.Runtime = 'nodejs22'),
  },
  {
    fault: 'the architecture is not arm64',
    holds: ({ fn }) => fn.Architectures?.join() === 'arm64',
    breach: ({ fn }) => delete fn.Architectures,
  },
  {
    fault: 'the function has no timeout of its own',
    holds: ({ fn }) => fn.Timeout !== undefined,
    breach: ({ fn }) => delete fn.Timeout,
  },
  {
    fault: 'the dead-letter queue does not keep its messages for 14 days',
    holds: ({ deadLetters }) => deadLetters?.properties.MessageRetentionPeriod === fourteenDays,
    breach: ({ deadLetters }) => delete deadLetters?.properties.MessageRetentionPeriod,
  },
  {
    fault: 'the dead-letter queue is not encrypted',
    holds: ({ deadLetters }) => deadLetters?.properties.SqsManagedSseEnabled === true,
    breach: ({ deadLetters }) => delete deadLetters?.properties.SqsManagedSseEnabled,
  },
  {
    fault: 'no alarm watches the dead-letter queue',
    holds: ({ alarms, deadLetters }) =>
      alarms.some(
        ({ MetricName, Dimensions: [queue] }) =>
          MetricName === 'ApproximateNumberOfMessagesVisible' &&
          textOf(queue?.Value) === `${String(deadLetters?.name)}.QueueName`,
      ),
    breach: ({ alarms }) => (alarms[0]!.Dimensions[0]!.Value = { 'Fn::GetAtt': 'Other.QueueName' }),
  },
  {
    fault: 'the logs are kept for ever',
    holds: ({ logGroup }) => logGroup?.properties.RetentionInDays !== undefined,
    breach: ({ logGroup }) => delete logGroup?.properties.RetentionInDays,
  },
  {
    fault: 'the function may not write its logs',
    holds: ({ statements, logGroup }) => allows(statements, ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup),
    breach: ({ statements }) => disallow(statements, 'logs:PutLogEvents'),
  },
  {
    fault: 'the role is the one that SAM makes, which may read every queue and stream',
    holds: ({ role }) => role !== undefined,
    breach: ({ fn }) => delete fn.Role,
  },
  {
    fault: 'the role has a managed policy',
    holds: ({ role }) => !role?.ManagedPolicyArns?.length,
    breach: ({ role }) => role && (role.ManagedPolicyArns = ['arn:aws:iam::aws:policy/AmazonSQSFullAccess']),
  },
  {
    fault: 'a statement allows actions that it does not name',
    holds: ({ statements }) => !statements.flatMap(({ Action }) => Action).some((action) => action.includes('*')),
    breach: ({ statements }) => (statements[0]!.Action = 'logs:*'),
  },
  {
    fault: 'a statement is about other things than one that the template has or is given',
    holds: ({ statements, mapping }) =>
      statements.every((statement) => isAboutOne(statement) || (mapping?.Topics && isAboutNetworks(statement))),
    breach: ({ statements }) => (statements[0]!.Resource = '*'),
  },
];
