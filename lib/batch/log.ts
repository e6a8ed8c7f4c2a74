import type { Outcome } from '../engine/outcome';
import { StoppedBeforeTimeoutError } from '../errors';
import { withoutPayload } from '../errors/without-payload';
import { quietly } from './thenable';

/** Where a batch writes its lines, as `console` and the Logger of Powertools take them: `error(message, error)`. */
export interface BatchLogger {
  debug(...data: unknown[]): unknown;
  warn(...data: unknown[]): unknown;
  error(...data: unknown[]): unknown;
}

const ignore = (): void => undefined;

/** Says nothing: the class API's default. */
export const silent: BatchLogger = { debug: ignore, warn: ignore, error: ignore };

/**
 * The lines of one batch about records that failed: each record by its identifier, receive count and error, never its
 * body. An error that repeats is counted, and told of once more at the end.
 */
export class FailureLog {
  readonly #logger: BatchLogger;
  #seen: Map<string, { readonly first: string; readonly others: string[] }> | undefined;

  constructor(logger: BatchLogger) {
    this.#logger = logger;
  }

  add(delivery: LoggedDelivery, error: Error): void {
    if (this.#logger === silent) return;
    quietly(() => {
      const safe = withoutPayload(error);
      const key = summaryOf(safe);
      const identifier = shown(delivery.itemIdentifier);
      this.#seen ??= new Map();
      const seen = this.#seen.get(key);
      if (seen !== undefined) return seen.others.push(identifier);
      this.#seen.set(key, { first: identifier, others: [] });
      const { receiveCount } = delivery;
      const count = receiveCount === undefined ? '' : ` (receive ${receiveCount})`;
      return this.#logger.error(`Record ${identifier} failed${count}.`, safe);
    });
  }

  end(): void {
    for (const { first, others } of this.#seen?.values() ?? []) {
      if (others.length === 0) continue;
      const named = `${others.slice(0, MOST_NAMED).join(', ')}${others.length > MOST_NAMED ? ' and others' : ''}`;
      quietly(() => this.#logger.error(`${others.length} more failed with the error of record ${first}: ${named}.`));
    }
  }
}

/** How many records of the same error are named. */
const MOST_NAMED = 10;

/** What a line tells of a record. */
interface LoggedDelivery {
  readonly itemIdentifier: string | undefined;
  readonly receiveCount: number | undefined;
}

const shown = (identifier: string | undefined): string => identifier ?? '(without identifier)';

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

/** Name and message of an error; a name can be anything, and not all can be shown. */
export function summaryOf({ name, message }: Error): string {
  return `${typeof name === 'string' ? name : 'Error'}: ${message}`;
}
