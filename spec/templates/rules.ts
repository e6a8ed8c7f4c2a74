import { type Deployment, deploymentOf, type Template } from './deployment';
import { eventRules } from './event-rules';
import { functionRules } from './function-rules';
import { kafkaRules, mskRules, selfManagedRules } from './kafka-rules';
import { pipeRules } from './pipe-rules';
import { queueMappingRules, queueRules } from './queue-rules';
import { shardRules, streamRules, tableRules } from './stream-rules';

/** What neither the validator of aws-cdk-lib nor the rules of lib/check see in a template. */
export interface Rule<D extends Deployment = Deployment> {
  /** What is wrong where the rule does not hold. */
  readonly fault: string;
  holds(deployment: D): boolean;
  /** Makes a deployment in which it does not hold. */
  breach(deployment: D): void;
}

export const allRules: readonly Rule[] = [
  ...functionRules,
  ...eventRules,
  ...queueRules,
  ...queueMappingRules,
  ...streamRules,
  ...shardRules,
  ...tableRules,
  ...kafkaRules,
  ...mskRules,
  ...selfManagedRules,
  ...pipeRules,
];

/** The rules that a deployment has to keep. */
export function rulesFor(deployment: Deployment): Rule[] {
  const { event, pipe } = deployment;
  return [...functionRules, ...(event ? eventRules : []), ...(pipe ? pipeRules : []), ...sourceRulesFor(deployment)];
}

function sourceRulesFor({ source, mapping }: Deployment): Rule[] {
  if (source === undefined) {
    return [...streamRules, ...kafkaRules, ...(mapping?.SelfManagedEventSource ? selfManagedRules : mskRules)];
  }
  const { type } = source;
  if (type !== 'AWS::SQS::Queue') {
    return [...streamRules, ...shardRules, ...(/^AWS::DynamoDB::/.test(type) ? tableRules : [])];
  }
  return [...queueRules, ...(mapping ? queueMappingRules : [])];
}

export function faultsOf(template: Template): string[] {
  const deployment = deploymentOf(template);
  return rulesFor(deployment)
    .filter((rule) => !rule.holds(deployment))
    .map(({ fault }) => fault);
}
