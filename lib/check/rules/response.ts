import { open, type Handler, type MappingKind, type Rule } from '../model';
import { error, hint } from './breach';
import { lambdaGuide } from './pages';

const reports = 'ReportBatchItemFailures';

/** SAM makes the mapping of an SNS event with `SqsSubscription`, and has no setting for it there. */
const insteadOfSubscription = ', in an event of Type: SQS for a queue that is subscribed to the topic';

/** What becomes of the records that an answer reports as failed, where nobody reads it. */
export const losesWhatFailed: { readonly [K in MappingKind]: string } = {
  sqs: 'deletes what failed',
  kinesis: 'skips what failed',
  dynamodb: 'skips what failed',
  kafka: 'commits what failed',
};

/** Whether a handler says in its answers what has failed; undefined where that is not known. */
export function reportsFailures(handler: Handler): boolean | undefined {
  if (handler.kind === 'ours') return true;
  return handler.kind === 'foreign' ? handler.reports : undefined;
}

export const partialResponseOff: Rule = {
  id: 'partial-response-off',
  source: `${lambdaGuide}/services-sqs-errorhandling.html#services-sqs-batchfailurereporting`,
  check({ kind, responseTypes, canReport, isProvisioned }, { handler }) {
    if (responseTypes === open || (canReport && responseTypes.includes(reports))) return undefined;
    // Lambda would refuse it: kafka-not-provisioned says what there is to do first.
    if (kind === 'kafka' && isProvisioned === false) return undefined;
    const isRead = reportsFailures(handler);
    if (isRead === false) return undefined;
    const message =
      `FunctionResponseTypes has no ${reports}:` +
      ` Lambda takes every answer for a success, and ${losesWhatFailed[kind]}`;
    const fix = `FunctionResponseTypes: [${reports}]${canReport ? '' : insteadOfSubscription}`;
    return isRead ? error(message, fix) : hint(message, fix);
  },
};
