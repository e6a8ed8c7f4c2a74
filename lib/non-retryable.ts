import { DELIVERED, type DeliveredElsewhere } from './delivered';
import type { Delivery } from './delivery';
import type { Outcome } from './engine/outcome';
import type { Job } from './engine/run';
import { NonRetryableError, toError } from './errors';
import { type BatchLogger, isThenable, logDelivery, logFailedDelivery, quietly } from './log';
import { isError } from './without-payload';

/** A class of errors, or a function that tells whether an error is meant. */
export type ErrorMatcher = (abstract new (...args: never[]) => Error) | ((error: Error) => boolean);

/**
 * Takes a record that cannot succeed to where it is to stay, such as a dead-letter queue; may be async. Where it throws,
 * rejects, or returns an Error, the record is reported as failed.
 */
export type DeliverTo<R = never> = (record: R, error: Error, delivery: Delivery<R>) => unknown;

/** What happens to records that cannot succeed, however often they come. */
export interface NonRetryable<R = never> {
  /** Which errors are meant, beside NonRetryableError. A function that throws is one that says no. Default: none. */
  readonly errors?: readonly ErrorMatcher[];
  /** Where such a record goes; it is then not reported. `'discard'` drops it, with a line in the log. */
  readonly deliverTo: DeliverTo<R> | 'discard';
}

/** What an attempt comes to where its record was delivered elsewhere. */
class Delivered {
  constructor(readonly error: Error) {}
}

/** Who the records of a job are, and how what an attempt returned says that it failed. */
export interface DeliveringBatch {
  readonly logger: BatchLogger;
  deliveryOf: (index: number) => Delivery;
  /** The error of what an attempt returned; undefined where it has not failed. */
  failureOf: (index: number, value: unknown) => Error | undefined;
}

/** The job with records delivered elsewhere whose error is not worth another try; its lane waits for the delivery. */
export function deliveringJob(job: Job, options: NonRetryable, batch: DeliveringBatch): Job {
  const settled = (index: number, error: Error | undefined, otherwise: () => unknown): unknown =>
    error !== undefined && isNonRetryable(error, options) ? deliver(index, error, otherwise) : otherwise();

  const deliver = async (index: number, error: Error, otherwise: () => unknown): Promise<unknown> => {
    const delivery = batch.deliveryOf(index);
    if (delivery.signal.aborted) return otherwise(); // it has been reported as failed, and will come again
    try {
      await deliverOne(options, delivery, error);
    } catch (thrown) {
      logFailedDelivery(batch.logger, delivery.itemIdentifier, toError(thrown));
      return otherwise();
    }
    tellOfDelivery(delivery, error);
    logDelivery(batch.logger, delivery.itemIdentifier, error, options.deliverTo === 'discard');
    return new Delivered(error);
  };

  const attempt = (index: number): unknown => {
    const threw = (thrown: unknown): unknown =>
      settled(index, toError(thrown), () => {
        throw thrown;
      });
    const returned = (value: unknown): unknown => settled(index, batch.failureOf(index, value), () => value);
    try {
      const value = job.attempt(index);
      return isThenable(value) ? Promise.resolve(value).then(returned, threw) : returned(value);
    } catch (thrown) {
      return threw(thrown);
    }
  };
  const returned = (index: number, value: unknown): Outcome =>
    value instanceof Delivered ? { status: 'success', delivered: value.error } : job.returned(index, value);
  return { ...job, attempt, returned };
}

function tellOfDelivery({ itemIdentifier, record }: Delivery, error: Error): void {
  // Loaded on use: most functions deliver nothing elsewhere, and a cold start waits for every module.
  const delivered = process.getBuiltinModule('node:diagnostics_channel').channel(DELIVERED);
  if (delivered.hasSubscribers) delivered.publish({ itemIdentifier, record, error } satisfies DeliveredElsewhere);
}

function isNonRetryable(error: Error, { errors = [] }: NonRetryable): boolean {
  return (
    error instanceof NonRetryableError || errors.some((matcher) => quietly(() => matches(matcher, error)) === true)
  );
}

/** A class may say of itself what its instances are, as ZodError does, whose prototype is that of no error. */
function matches(matcher: ErrorMatcher, error: Error): boolean {
  if (quietly(() => error instanceof matcher) === true) return true;
  return !isErrorClass(matcher) && matcher(error);
}

function isErrorClass(matcher: ErrorMatcher): matcher is abstract new (...args: never[]) => Error {
  return isError(matcher.prototype) || (matcher as unknown) === Error;
}

async function deliverOne(options: NonRetryable, delivery: Delivery, error: Error): Promise<void> {
  if (options.deliverTo === 'discard') return;
  const answer: unknown = await options.deliverTo(delivery.record as never, error, delivery as never);
  if (isError(answer)) throw answer;
}
