import { open, type Mapping, type Rule } from '../model';
import { error, hint } from './breach';
import { lambdaGuide } from './pages';
import { losesWhatFailed, reportsFailures } from './response';

/** The settings of a mapping that Lambda takes for Kafka in provisioned mode only. */
function provisionedOnly(mapping: Mapping): string[] {
  const { responseTypes, maximumRetryAttempts, maximumRecordAge, bisects, onFailure } = mapping;
  const isSet: readonly (readonly [name: string, isSet: boolean])[] = [
    ['FunctionResponseTypes', responseTypes !== open && responseTypes.length > 0],
    ['MaximumRetryAttempts', isLimit(maximumRetryAttempts)],
    ['MaximumRecordAgeInSeconds', isLimit(maximumRecordAge)],
    ['BisectBatchOnFunctionError', bisects === true],
    ['a topic as the destination', onFailure !== open && onFailure?.kind === 'kafka'],
  ];
  return isSet.filter(([, is]) => is).map(([name]) => name);
}

function isLimit(value: Mapping['maximumRetryAttempts']): boolean {
  return typeof value === 'number' && value !== -1;
}

export const kafkaNotProvisioned: Rule = {
  id: 'kafka-not-provisioned',
  source: `${lambdaGuide}/kafka-scaling-modes.html`,
  check(mapping, { handler }) {
    if (mapping.kind !== 'kafka' || mapping.isProvisioned !== false) return undefined;
    const fix = 'ProvisionedPollerConfig: { MinimumPollers: 1 }';
    const refused = provisionedOnly(mapping);
    if (refused.length > 0) {
      return error(
        `The mapping is not in provisioned mode, in which alone Lambda takes ${refused.join(', ')}: it is refused`,
        fix,
      );
    }
    if (reportsFailures(handler) === true) {
      return error(
        'The mapping is not in provisioned mode:' +
          ` Lambda takes every answer for a success, and ${losesWhatFailed.kafka}`,
        `${fix}, FunctionResponseTypes: [ReportBatchItemFailures]`,
      );
    }
    return hint(
      'The mapping is not in provisioned mode: a batch that fails holds up its partitions until its records expire',
      fix,
    );
  },
};
