/**
 * What became of one record. A record that has no outcome is not done, and counts as failed.
 *
 * - `success`: it ran and succeeded, or failed with the error `delivered` and was delivered elsewhere: it is consumed.
 * - `failure`: it ran, or was running when the batch had to be answered, and did not succeed. Where it stops the batch, no
 *   other record starts.
 * - `unprocessed`: it was not run, because of `cause`: the error of an earlier record, or of the deadline.
 */
export type Outcome =
  | { readonly status: 'success'; readonly delivered?: Error }
  | Failure
  | { readonly status: 'unprocessed'; readonly cause: Error };

export interface Failure {
  readonly status: 'failure';
  readonly error: Error;
  readonly stopsBatch?: true;
}

/** One object for all: a batch has many of them. */
export const succeeded: Outcome = { status: 'success' };
