import type { Job } from './engine/run';
import { deliveringJob, type DeliveringBatch, type NonRetryable } from './non-retryable';
import type { Observation } from './observers';

/** A job with what options add to it: seen by observers, and records that cannot succeed delivered elsewhere. */
export function extendedJob(
  job: Job,
  nonRetryable: NonRetryable | undefined,
  observation: Observation | undefined,
  batch: DeliveringBatch,
): Job {
  const seen = observation?.aroundAttempts(job, batch.failureOf) ?? job;
  const delivering = nonRetryable === undefined ? seen : deliveringJob(seen, nonRetryable, batch);
  return observation?.afterAttempts(delivering) ?? delivering;
}
