import { StopBatchError, StoppedBeforeTimeoutError } from '../errors';

/** Why a record was not run: the timeout was near, a record has stopped the batch, or an earlier one of its lane failed. */
export type Stop = 'timeout' | 'stop-batch' | 'failure';

/** @param cause of what was not run */
export function stopOf(cause: Error): Stop {
  if (cause instanceof StoppedBeforeTimeoutError) return 'timeout';
  return cause instanceof StopBatchError ? 'stop-batch' : 'failure';
}

/** Why in words, for what was not run behind it. */
export const reasons: Readonly<Record<Stop, string>> = {
  timeout: 'there was no time left',
  'stop-batch': 'an earlier one stopped the batch (StopBatchError)',
  failure: 'an earlier one failed',
};
