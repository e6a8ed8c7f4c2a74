import type { Outcome } from '../engine/outcome';
import { nameOf, summaryOf, withoutPayload } from '../errors/without-payload';
import { reasons, stopOf } from './stop';
import { quietly } from './thenable';

/** Where a batch writes its lines, as `console` and the Logger of Powertools take them: `error(message, error)`. */
export interface BatchLogger {
  /** What is of use only where somebody looks for it, such as the stack of an error. */
  debug(message: string, ...data: unknown[]): unknown;
  /** What changes no outcome, and has to be seen to: a setting that does not fit, a delay that was not made. */
  warn(message: string, ...data: unknown[]): unknown;
  /** A record that failed, or a batch that was answered early: `error(message, error)`. */
  error(message: string, ...data: unknown[]): unknown;
}

const ignore = (): void => undefined;

/** Says nothing: the class API's default. */
export const silent: BatchLogger = { debug: ignore, warn: ignore, error: ignore };

/**
 * The lines of one batch about records that failed: each record by its identifier, receive count and error, never its
 * body. An error that repeats is counted, and told of once more at the end; so is what is more than a log can take.
 */
export class FailureLog {
  readonly #logger: BatchLogger;
  /** By error, and by the name of those that have no line of their own. */
  #seen: Map<string, Repeated> | undefined;
  #lines = 0;

  constructor(logger: BatchLogger) {
    this.#logger = logger;
  }

  /** @param what has become of the record, in words */
  add(delivery: LoggedDelivery, error: Error, what = 'failed'): void {
    if (this.#logger === silent) return;
    quietly(() => {
      const identifier = shown(delivery.itemIdentifier);
      this.#seen ??= new Map();
      const key = `${what} ${summaryOf(error)}`;
      const seen = this.#seen.get(key) ?? (this.#lines < MOST_LINES ? undefined : this.#byName(error, what));
      if (seen !== undefined) {
        if (seen.count++ < MOST_NAMED) seen.first.push(identifier);
        return undefined;
      }
      this.#lines++;
      this.#seen.set(key, { what: `${what} with the error of record ${identifier}`, count: 0, first: [] });
      const { receiveCount } = delivery;
      const count = receiveCount === undefined ? '' : ` (receive ${receiveCount})`;
      return this.#logger.error(`Record ${identifier} ${what}${count}.`, withoutPayload(error));
    });
  }

  end(): void {
    for (const { what, count, first } of this.#seen?.values() ?? []) {
      if (count === 0) continue;
      const named = `${first.join(', ')}${count > MOST_NAMED ? ' and others' : ''}`;
      quietly(() => this.#logger.error(`${count} more ${what.replace(' was ', ' were ')}: ${named}.`));
    }
  }

  #byName(error: Error, what: string): Repeated {
    const key = `${what} with other errors (${nameOf(error)})`;
    const seen = this.#seen!.get(key) ?? { what: key, count: 0, first: [] };
    this.#seen!.set(key, seen);
    return seen;
  }
}

/** Records that have no line of their own. */
interface Repeated {
  readonly what: string;
  count: number;
  readonly first: string[];
}

/** How many records of a batch have a line of their own: a log service takes some megabytes a second. */
const MOST_LINES = 50;

/** How many records of the same error are named. */
const MOST_NAMED = 10;

/** What a line tells of a record. */
interface LoggedDelivery {
  readonly itemIdentifier: string | undefined;
  readonly receiveCount?: number | undefined;
}

const shown = (identifier: string | undefined): string => identifier ?? '(without identifier)';

/** A line for all records that were not run for the same reason, if there are any. */
export function logUnprocessed(logger: BatchLogger, outcomes: readonly Outcome[]): void {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    if (outcome.status !== 'unprocessed') continue;
    const why = reasons[stopOf(outcome.cause)];
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  for (const [why, count] of counts) {
    logWarning(
      logger,
      `${count} of ${outcomes.length} records were not run, because ${why}; they are reported as failed.`,
    );
  }
}

export function logWarning(logger: BatchLogger, message: string): void {
  quietly(() => logger.warn(message));
}
