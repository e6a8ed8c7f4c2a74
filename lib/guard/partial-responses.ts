import type { AwsClient } from '../aws/command';
import { extension } from '../batch/extend';
import { type ExtendedBatch, type Extension, hostOf } from '../batch/extension';
import type { Outcome } from '../engine/outcome';
import { BatchProcessingError } from '../errors';
import { knownOptions } from '../errors/known-options';
import { show } from '../errors/show';
import { hasMethods } from '../sources';
import { type Flag, Flags, type Origin } from './flags';

/** Options of `partialResponses`. */
export interface PartialResponsesOptions {
  /**
   * A LambdaClient of the AWS SDK for JavaScript, 3.300 or later. Default: one that is configured by the environment, of the
   * package `@aws-sdk/client-lambda`, made when Lambda is first asked.
   */
  readonly client?: AwsClient;
}

/** A value of the option `guard`. */
export type Guard = Extension<'guard'>;

/**
 * Keeps records that failed from being deleted where the event source mapping lacks `ReportBatchItemFailures`, without which
 * Lambda takes any answer for a success: for the option `guard`. Before the first answer of an environment that lists failures
 * it asks Lambda (ListEventSourceMappings) for the mappings of this function, and where one of the batch's source has not that
 * setting, the entry throws BatchProcessingError: the whole batch comes back.
 *
 * Needs the permission `lambda:ListEventSourceMappings`, whose resource has to be `*`. An answer waits for it for 5 seconds at
 * the most, and for no more than half of the time that is left. Where Lambda refuses or is slow, there is one warning, and the
 * answer as ever; so there is, without a warning, where no mapping of the source is found, as in an invocation by hand. That the
 * setting is there is asked once; anything else again, with the next answer that lists failures after a minute. Of a batch
 * behind a pipe, or in a container, where there is no such setting, nothing is asked.
 *
 * @example
 * ```ts
 * class OrderHandler {@BatchHandler({ source: 'SQS', guard: partialResponses() })
 *   async handle(record: SQSRecord): Promise<void> {
 *     console.log(record.body);
 *   }
 * }
 * ```
 *
 * @throws TypeError where an option is not what it should be
 */
export function partialResponses(options: PartialResponsesOptions = {}): Guard {
  const { client } = knownOptions('partialResponses', options, '{ client }', ['client']);
  if (client !== undefined && !hasMethods(client, ['send'])) {
    throw new TypeError(`partialResponses: expected client to be a LambdaClient, received ${show(client)}.`);
  }
  const flags = new Flags(client); // one for the option, so that what Lambda said is known to every batch
  return extension('guard', (batch) => ({
    conclude: (outcomes) => {
      const origin = listsFailures(batch, outcomes) ? originOf(batch) : undefined;
      if (origin === undefined) return undefined;
      const flag = flags.flagOf(batch, origin);
      return flag === 'on' ? undefined : refuseWithout(flag, origin, outcomes);
    },
  }));
}

/** @throws BatchProcessingError where Lambda would take the answer for a success */
async function refuseWithout(
  flag: Flag | Promise<Flag>,
  { source }: Origin,
  outcomes: readonly Outcome[],
): Promise<void> {
  if ((await flag) !== 'off') return;
  const failed = outcomes.filter((outcome) => outcome.status !== 'success');
  const [first] = failed as [Failed];
  throw new BatchProcessingError(
    `The event source mapping of ${source} has no ReportBatchItemFailures: Lambda would take the answer for a success, and` +
      ` ${failed.length} of ${outcomes.length} records that failed would be lost. So the whole batch is returned; set` +
      ' FunctionResponseTypes: [ReportBatchItemFailures].',
    { cause: first.status === 'failure' ? first.error : first.cause },
  );
}

type Failed = Exclude<Outcome, { status: 'success' }>;

/** Whether the answer will list failures, which a full failure does only where it does not throw. */
function listsFailures({ throwsFullFailure }: ExtendedBatch, outcomes: readonly Outcome[]): boolean {
  const hasFailed = ({ status }: Outcome): boolean => status !== 'success';
  return outcomes.some(hasFailed) && !(throwsFullFailure && outcomes.every(hasFailed));
}

/** Undefined where nobody can be asked: behind a pipe, in a container, or where a test's context or records say nothing. */
function originOf({ source: name, context, records }: ExtendedBatch): Origin | undefined {
  if (name.startsWith('pipe(') || hostOf(context) !== undefined) return undefined;
  const { invokedFunctionArn: functionArn } = Object(context) as Partial<Record<string, unknown>>;
  const record = Object(records[0]) as Partial<Record<string, unknown>>;
  const source = record.eventSourceARN ?? record.eventSourceArn ?? record.topic;
  return typeof functionArn === 'string' && typeof source === 'string' ? { functionArn, source } : undefined;
}
