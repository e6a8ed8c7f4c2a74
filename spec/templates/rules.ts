import { type Deployment, deploymentOf, type Template } from './deployment';
import { eventRules } from './event-rules';
import { functionRules } from './function-rules';
import { fifoQueueRules, queueRules } from './queue-rules';
import { streamRules, tableRules } from './stream-rules';

/** What the validator of aws-cdk-lib does not see in a template. */
export interface Rule {
  /** What is wrong where the rule does not hold. */
  readonly fault: string;
  holds(deployment: Deployment): boolean;
  /** Makes a deployment in which it does not hold. */
  breach(deployment: Deployment): void;
}

export const allRules: readonly Rule[] = [
  ...functionRules,
  ...eventRules,
  ...queueRules,
  ...fifoQueueRules,
  ...streamRules,
  ...tableRules,
];

/** The rules that a deployment has to keep. */
export function rulesFor({ source, event }: Deployment): Rule[] {
  const queue = source.type === 'AWS::SQS::Queue';
  return [
    ...functionRules,
    ...(event ? eventRules : []),
    ...(queue ? queueRules : streamRules),
    ...(source.properties.FifoQueue ? fifoQueueRules : []),
    ...(/^AWS::DynamoDB::/.test(source.type) ? tableRules : []),
  ];
}

export function faultsOf(template: Template): string[] {
  const deployment = deploymentOf(template);
  return rulesFor(deployment)
    .filter((rule) => !rule.holds(deployment))
    .map(({ fault }) => fault);
}
