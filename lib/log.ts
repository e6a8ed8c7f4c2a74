import type { Outcome } from './engine/outcome';
import { StoppedBeforeTimeoutError } from './errors';
import { withoutPayload } from './without-payload';

/** Where a batch writes its lines, as `console` and the Logger of Powertools take them: `error(message, error)`. */
export interface BatchLogger {
  debug(...data: unknown[]): unknown;
  warn(...data: unknown[]): unknown;
  error(...data: unknown[]): unknown;
}

const ignore = (): void => undefined;

/** Says nothing: the class API's default. */
export const silent: BatchLogger = { debug: ignore, warn: ignore, error: ignore };

/** One line for a record that failed: its identifier and the error, never its body. */
export function logFailure(logger: BatchLogger, identifier: string | undefined, error: Error): void {
  quietly(() => logger.error(`Record ${identifier ?? '(without identifier)'} failed.`, withoutPayload(error)));
}

/** One line for all records that were not run, if there are any. */
export function logUnprocessed(logger: BatchLogger, outcomes: readonly Outcome[]): void {
  let count = 0;
  let first: Error | undefined;
  for (const outcome of outcomes) {
    if (outcome.status !== 'unprocessed') continue;
    count++;
    first ??= outcome.cause;
  }
  if (count === 0) return;
  const why = first instanceof StoppedBeforeTimeoutError ? "the function's timeout was near" : 'an earlier one failed';
  logWarning(
    logger,
    `${count} of ${outcomes.length} records were not run, because ${why}; they are reported as failed.`,
  );
}

export function logWarning(logger: BatchLogger, message: string): void {
  quietly(() => logger.warn(message));
}

/** Calls an observer: whatever it throws, or rejects with, changes nothing. */
export function quietly<T>(observe: () => T): T | undefined {
  try {
    const result = observe();
    if (isThenable(result)) result.then(undefined, ignore);
    return result;
  } catch {
    return undefined;
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
