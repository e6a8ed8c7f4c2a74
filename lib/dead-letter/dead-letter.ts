import type { Delivery } from '../batch/delivery';
import { extension } from '../batch/extend';
import type { Attempt, ExtendedBatch, Extension, Participant } from '../batch/extension';
import { FailureLog } from '../batch/log';
import type { Computation } from '../batch/returned';
import { isThenable, quietly } from '../batch/thenable';
import { NonRetryableError, StopBatchError, UnprocessedRecordError } from '../errors';
import { toError } from '../errors/to-error';
import { DELIVERED, type DeliveredElsewhere } from '../errors/delivered';
import { nodeUtil, show } from '../errors/show';
import { isError } from '../errors/without-payload';
import { undeliveredBy } from './undelivered';

/** Where what delivers to a queue says to which, and the value of the option with it; copies of the package share it. */
export const queueUrlOf = Symbol.for('lambda-batch-handler:queue-url');

/** A class of errors, or a function that tells whether an error is meant. */
export type ErrorMatcher = (abstract new (...args: never[]) => Error) | ((error: Error) => boolean);

/**
 * Takes a record that cannot succeed to where it is to stay, such as a dead-letter queue; may be async. Where it throws or
 * rejects, or what it returns says that it has not delivered, the record is reported as failed: an Error, `false`, a
 * response that is not `ok`, an answer of AWS of which something failed, or what has not run, such as a function.
 */
export type DeliverTo<R = never, Result = unknown> = (record: R, error: Error, delivery: Delivery<R>) => Result;

/** Options of `deadLetter`; `Result` is what `deliverTo` returns. */
export interface DeadLetterOptions<R = never, Result = unknown> {
  /** Which errors are meant, beside NonRetryableError. A function that throws is one that says no. Default: none. */
  readonly errors?: readonly ErrorMatcher[];
  /** Where such a record goes; it is then not reported. `'discard'` drops it, with a line in the log. */
  readonly deliverTo: DeliverTo<R, Result> | 'discard';
}

/** A value of the option `nonRetryable`; `R` is the record that it delivers. */
export interface DeadLetter<R = never> extends Extension<'nonRetryable', R> {
  /** There is no such property: without it a message would do for a change of DynamoDB, of which all is optional. */
  readonly '~takes'?: (record: Required<Pick<R, keyof R & 'dynamodb'>>) => void;
}

/** A function for `any`, such as a mock, takes whatever record there is. */
type Known<R> = 0 extends 1 & R ? unknown : R;

/** `unknown`, unless what `deliverTo` returns, or resolves to, is known to have run nothing. */
type Run<Result> = RunOf<Awaited<Result>>;

type RunOf<Result> = unknown extends Result
  ? unknown
  : [Result] extends [never]
    ? unknown
    : [Result] extends [Computation]
      ? Refused
      : unknown;

interface Refused {
  readonly deliverTo: 'expected an async function that delivers, received one that returns what has not run';
}

/**
 * What happens to records that cannot succeed, however often they come, for the option `nonRetryable`: they are delivered
 * elsewhere, and not reported. Their lane waits for the delivery.
 *
 * @throws TypeError where an option is not what it should be
 *
 * @example
 * ```ts
 * createBatchHandler(
 *   {
 *     source: 'SQS',
 *     payload: json<Order>(),
 *     nonRetryable: deadLetter({ errors: [ParsingError], deliverTo: sqsQueue({ queueUrl }) }),
 *   },
 *   (order) => orders.place(order),
 * );
 * ```
 */
export function deadLetter<R, Result = unknown>(
  options: DeadLetterOptions<R, Result> & Run<Result>,
): DeadLetter<Known<R>> {
  const { errors = [], deliverTo } = (options as Partial<DeadLetterOptions<R>> | null | undefined) ?? {};
  if (!Array.isArray(errors) || !errors.every((each) => typeof each === 'function')) {
    throw new TypeError(`deadLetter: expected errors to be [class or function, ...], received ${show(errors)}.`);
  }
  if (deliverTo !== 'discard' && typeof deliverTo !== 'function') {
    throw new TypeError(`deadLetter: expected deliverTo to be a function or 'discard', received ${show(deliverTo)}.`);
  }
  if (nodeUtil().types.isGeneratorFunction(deliverTo)) {
    throw new TypeError('deadLetter: expected deliverTo to be an async function, received a generator function.');
  }
  // The options themselves, because `deliverTo` can be a method that needs them.
  const given = options as unknown as DeadLetterOptions;
  return Object.assign(
    extension('nonRetryable', (batch: ExtendedBatch<Known<R>>) => new DeadLetters(given, batch)),
    { [queueUrlOf]: (deliverTo as { readonly [queueUrlOf]?: unknown })[queueUrlOf] },
  );
}

/** Takes part in one batch: what becomes of its records that cannot succeed. */
class DeadLetters implements Participant {
  readonly #options: DeadLetterOptions;
  readonly #batch: ExtendedBatch;
  readonly #log: FailureLog;

  constructor(options: DeadLetterOptions, batch: ExtendedBatch) {
    this.#options = options;
    this.#batch = batch;
    this.#log = new FailureLog(batch.logger);
  }

  around(index: number, attempt: Attempt): unknown {
    const settled = (error: Error | undefined, otherwise: () => unknown): unknown =>
      error !== undefined && isNonRetryable(error, this.#options)
        ? this.#deliver(index, error, otherwise)
        : otherwise();
    const returned = (value: unknown): unknown => settled(this.#batch.failureOf(index, value), () => value);
    const threw = (thrown: unknown): unknown =>
      settled(toError(thrown), () => {
        throw thrown;
      });
    let value: unknown;
    try {
      value = attempt(index);
      if (isThenable(value)) return Promise.resolve(value).then(returned, threw);
    } catch (thrown) {
      return threw(thrown);
    }
    return returned(value);
  }

  end(): void {
    this.#log.end();
  }

  /** Delivers a record, or does what would have been done otherwise. */
  async #deliver(index: number, error: Error, otherwise: () => unknown): Promise<unknown> {
    const delivery = this.#batch.deliveryOf(index);
    if (delivery.signal.aborted) return otherwise(); // it has been reported as failed, and will come again
    const { itemIdentifier } = delivery;
    try {
      await deliverOne(this.#options, delivery, error);
    } catch (thrown) {
      this.#log.add({ itemIdentifier }, toError(thrown), 'could not be delivered elsewhere');
      return otherwise();
    }
    tellOfDelivery(delivery, error);
    const where = this.#options.deliverTo === 'discard' ? 'discarded' : 'delivered elsewhere';
    this.#log.add({ itemIdentifier }, error, `failed for good and was ${where}`);
    return this.#batch.delivered(error);
  }
}

async function deliverOne(options: DeadLetterOptions, delivery: Delivery, error: Error): Promise<void> {
  if (options.deliverTo === 'discard') return;
  const answer = await options.deliverTo(delivery.record as never, error, delivery as never);
  // One for each of several calls can be a promise, where Promise.all was forgotten.
  const undelivered = undeliveredBy(await Promise.all([answer].flat(Infinity)));
  if (undelivered !== undefined) throw undelivered;
}

function tellOfDelivery({ itemIdentifier, record }: Delivery, error: Error): void {
  const delivered = process.getBuiltinModule('node:diagnostics_channel').channel(DELIVERED);
  if (delivered.hasSubscribers) delivered.publish({ itemIdentifier, record, error } satisfies DeliveredElsewhere);
}

function isNonRetryable(error: Error, { errors = [] }: DeadLetterOptions): boolean {
  // The record can succeed when its downstream is there again; and what does not count as run has not failed.
  if (error instanceof StopBatchError || error instanceof UnprocessedRecordError) return false;
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
