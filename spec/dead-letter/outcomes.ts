import type { SQSRecord } from 'aws-lambda';

import type { Observer } from '../../lib';
import { readBatch } from '../../lib/batch/batch';
import { planFor } from '../../lib/batch/plan';
import { type Handling, runBatch } from '../../lib/batch/run-batch';
import { settingsFor } from '../../lib/batch/settings';
import type { DeadLetter } from '../../lib/dead-letter';
import { Deadline } from '../../lib/engine/deadline';
import type { Outcome } from '../../lib/engine/outcome';
import { sourceOf } from '../../lib/sources';
import { plainJudge } from '../support/engine';
import { sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';

/** What is put around attempts. */
interface Options {
  readonly nonRetryable?: DeadLetter<SQSRecord>;
  readonly observers?: readonly Observer[];
}

/** The messages of the batch. */
export const { Records } = sqsEvent('a', 'b', 'c');

/** The outcomes of a batch of three messages whose attempts are these. */
export function outcomesOf(
  options: Options,
  attempt: (index: number) => unknown,
  failureOf: Handling<unknown>['failureOf'] = () => undefined,
): Promise<readonly Outcome[]> {
  const settings = settingsFor({ ...options, throwOnFullBatchFailure: false }, planFor({}), fakeLogger(), options);
  return runBatch(() => ({
    settings,
    context: undefined,
    deadline: new Deadline(),
    batch: readBatch(sourceOf('SQS'), Records),
    attempt,
    failureOf,
    ...plainJudge,
    answer: (outcomes) => outcomes,
  }));
}
