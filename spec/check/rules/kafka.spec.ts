import { describeRule } from '../support/describe-rule';
import { kafka, kinesis, missing, reporting, silent, sqs, toQueue, unknown } from '../support/model';

// https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html: all of these are of provisioned mode.
const bare = {
  isProvisioned: false,
  responseTypes: [],
  maximumRetryAttempts: undefined,
  maximumRecordAge: undefined,
  onFailure: undefined,
  bisects: undefined,
} as const;
const fix = 'ProvisionedPollerConfig: { MinimumPollers: 1 }';
const refuses = (settings: string) =>
  `The mapping is not in provisioned mode, in which alone Lambda takes ${settings}: it is refused`;
const commits =
  'The mapping is not in provisioned mode: Lambda takes every answer for a success, and commits what failed';
const holdsUp =
  'The mapping is not in provisioned mode: a batch that fails holds up its partitions until its records expire';

describeRule('kafka-not-provisioned', {
  finds: {
    'settings that Lambda takes in provisioned mode only': {
      mapping: kafka({ isProvisioned: false, onFailure: toQueue({ kind: 'kafka', queue: undefined }) }),
      handler: silent,
      is: 'error',
      says: refuses(
        'FunctionResponseTypes, MaximumRetryAttempts, MaximumRecordAgeInSeconds, BisectBatchOnFunctionError, a topic as the destination',
      ),
      fix,
      needs: ['isProvisioned'],
    },
    'a flag that is refused': {
      mapping: kafka({ ...bare, responseTypes: ['ReportBatchItemFailures'] }),
      handler: silent,
      is: 'error',
      says: refuses('FunctionResponseTypes'),
      fix,
      needs: ['isProvisioned'],
    },
    'no retries, which are refused': {
      mapping: kafka({ ...bare, maximumRetryAttempts: 0 }),
      handler: silent,
      is: 'error',
      says: refuses('MaximumRetryAttempts'),
      fix,
      needs: ['isProvisioned'],
    },
    'a handler of ours': {
      mapping: kafka(bare),
      is: 'error',
      says: commits,
      fix: `${fix}, FunctionResponseTypes: [ReportBatchItemFailures]`,
      needs: ['isProvisioned'],
    },
    'a handler of other code that reports failures': {
      mapping: kafka(bare),
      handler: reporting,
      is: 'error',
      says: commits,
      fix: `${fix}, FunctionResponseTypes: [ReportBatchItemFailures]`,
      needs: ['isProvisioned'],
    },
    'a handler of which nothing is known, as a hint': {
      mapping: kafka(bare),
      handler: unknown,
      is: 'hint',
      says: holdsUp,
      fix,
      needs: ['isProvisioned'],
    },
    'a handler that is missing, as a hint': {
      mapping: kafka(bare),
      handler: missing,
      is: 'hint',
      says: holdsUp,
      fix,
      needs: ['isProvisioned'],
    },
    'a handler that never says what has failed, as a hint': {
      mapping: kafka({ ...bare, maximumRetryAttempts: -1, maximumRecordAge: -1, bisects: false, onFailure: toQueue() }),
      handler: silent,
      is: 'hint',
      says: holdsUp,
      fix,
      needs: ['isProvisioned'],
    },
  },
  passes: {
    'provisioned mode': { mapping: kafka() },
    'any other source': { mapping: kinesis() },
    'a queue': { mapping: sqs() },
  },
});
