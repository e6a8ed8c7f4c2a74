import type { Batch } from './batch';
import type { Outcome } from '../engine/outcome';
import { report } from '../engine/report';
import { type Identifier, textOf } from '../sources/detect';
import { kindOf } from '../sources/records';
import { BatchProcessingError, UnprocessedRecordError } from '../errors';
import type { Plan } from './plan';
import { reasons, stopOf } from './stop';

/** What Lambda is answered: the identifiers of all records that did not succeed. */
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: Identifier }[];
}

/**
 * The answer to a batch, a fresh object each time.
 *
 * @throws BatchProcessingError where a record to report has no identifier: then the whole batch has to come back
 */
export function answerOf(batch: Batch, outcomes: readonly Outcome[]): BatchResponse {
  const { source, identifiers } = batch;
  const isWhole = source.isAllOrNothing === true;
  const reportable = isWhole ? identifiers.map(() => undefined) : identifiers;
  const { batchItemFailures, unidentified } = report<Identifier>(reportable, outcomes, (each) => textOf(source, each));
  if (unidentified.length > 0) {
    const why = isWhole
      ? `${source.name} takes no partial answer, and records failed`
      : 'Failed records without an identifier cannot be reported';
    throw new BatchProcessingError(
      `${why} (index ${unidentified.slice(0, 10).join(', ')}), so the whole batch is returned.`,
      { cause: errorOf(outcomes[unidentified[0]!] as Exclude<Outcome, { status: 'success' }>) },
    );
  }
  return { batchItemFailures };
}

/**
 * The answer that somebody's code gave, or passed on: to Lambda none is complete success, so that is an error.
 *
 * @param who names that code
 * @throws BatchProcessingError where it is none: then the whole batch comes back
 */
export function checkedAnswer(who: string, answer: unknown): BatchResponse {
  if (Array.isArray((answer as BatchResponse | null | undefined)?.batchItemFailures)) return answer as BatchResponse;
  throw new BatchProcessingError(
    `${who}: expected the answer { batchItemFailures: [...] } to be returned, received ${kindOf(answer)}.`,
  );
}

/** A full failure: a batch with records, of which none succeeded. */
export function isFullFailure(outcomes: readonly Outcome[]): boolean {
  return outcomes.length > 0 && !outcomes.some((outcome) => outcome.status === 'success');
}

/** The errors of a batch by index; undefined where the record succeeded. What the same cause stopped shares one error. */
export function errorsOf(outcomes: readonly Outcome[], plan: Plan): (Error | undefined)[] {
  const stopped = new Map<Error, UnprocessedRecordError>();
  return outcomes.map((outcome) => {
    if (outcome.status !== 'unprocessed') return outcome.status === 'failure' ? outcome.error : undefined;
    const error = stopped.get(outcome.cause) ?? unprocessed(outcome.cause, plan);
    stopped.set(outcome.cause, error);
    return error;
  });
}

function errorOf(outcome: Exclude<Outcome, { status: 'success' }>): Error {
  return outcome.status === 'failure' ? outcome.error : outcome.cause;
}

/** What is wrong with the plan for where this batch comes from; undefined where nothing is. */
export function orderingMismatch(batch: Batch, plan: Plan): string | undefined {
  if (batch.records.length === 0) return undefined;
  return batch.source.orderingMismatch?.(batch.records[0], plan.ordering.failureStopsLane);
}

function unprocessed(cause: Error, plan: Plan): UnprocessedRecordError {
  const stop = stopOf(cause);
  return stop === 'failure' ? new plan.Unprocessed({ cause }) : new UnprocessedRecordError({ cause }, reasons[stop]);
}
