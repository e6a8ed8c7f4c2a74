import type { StandardSchemaV1 } from '@standard-schema/spec';

import { KIND, named } from './named';
import { summaryOf, withoutPayload } from './without-payload';

/**
 * `instanceof`, by name: a function and its layer, or a test and what it tests, can have a copy of the package each. False for
 * what can't be looked at, such as a revoked proxy.
 */
function isInstance(this: { readonly prototype: object }, value: unknown): boolean {
  try {
    const kind = kindOf(this.prototype);
    if (kind === undefined) return Function.prototype[Symbol.hasInstance].call(this as never, value); // a user's subclass
    for (let at = value; typeof at === 'object' && at !== null; at = Object.getPrototypeOf(at)) {
      if (kindOf(at) === kind) return true;
    }
  } catch {
    // it is none
  }
  return false;
}

const kindOf = (prototype: object): unknown =>
  Object.hasOwn(prototype, KIND) ? (prototype as Record<symbol, unknown>)[KIND] : undefined;

/** The base of every error of this library. Copies of the package know each other's errors by `instanceof`. */
export class BatchProcessingError extends Error {
  static {
    named(this, 'BatchProcessingError');
    Object.defineProperty(this, Symbol.hasInstance, { value: isInstance }); // its subclasses inherit it
  }
}

/**
 * The error of a record that was not run, or whose result does not count since it stands behind a failure of its chunk, and is
 * reported as failed. `cause` is why: the error of an earlier record, or StoppedBeforeTimeoutError.
 */
export class UnprocessedRecordError extends BatchProcessingError {
  static {
    named(this, 'UnprocessedRecordError');
  }

  constructor(options?: ErrorOptions, because = 'an earlier record failed and order must be kept') {
    super(`Not run, because ${because}.`, options);
  }
}

/** The error of a FIFO record that was not run because an earlier record of the batch failed. */
export class SqsFifoShortCircuitError extends UnprocessedRecordError {
  static {
    named(this, 'SqsFifoShortCircuitError');
  }

  constructor(options?: ErrorOptions) {
    super(options, 'an earlier message of this FIFO batch failed and order must be kept');
  }
}

/** The error of a FIFO record that was not run because an earlier record of its message group failed. */
export class SqsFifoMessageGroupShortCircuitError extends UnprocessedRecordError {
  static {
    named(this, 'SqsFifoMessageGroupShortCircuitError');
  }

  constructor(options?: ErrorOptions) {
    super(options, 'an earlier message of its message group failed and order must be kept');
  }
}

/**
 * The error of a record that was still running when `stopBeforeTimeout` was reached, the cause of those that were not
 * run then, and the reason of `delivery.signal`.
 */
export class StoppedBeforeTimeoutError extends BatchProcessingError {
  static {
    named(this, 'StoppedBeforeTimeoutError');
  }

  /** @param leftMs what was left when the batch began */
  constructor(reserveMs: number, leftMs = Infinity) {
    super(
      leftMs > reserveMs
        ? `Not finished ${reserveMs} ms before the function's timeout, when the batch had to be answered.`
        : `stopBeforeTimeout (${reserveMs} ms) leaves no record any time: the batch began ${leftMs} ms before the function's timeout.`,
    );
  }
}

/**
 * The error of a record that ran longer than `recordTimeout`, and the reason of its `delivery.signal`. Its method may still
 * go on: nothing can stop it but the signal.
 */
export class RecordTimeoutError extends BatchProcessingError {
  static {
    named(this, 'RecordTimeoutError');
  }

  constructor(timeoutMs: number) {
    super(`Not finished within the ${timeoutMs} ms of recordTimeout.`);
  }
}

/**
 * Thrown by a method for a record whose downstream is away: it fails, and no other record of the batch starts, whatever the
 * order. What was not run is reported, and comes again; none of it goes to a dead-letter queue by `nonRetryable`.
 *
 * @example
 * ```ts
 * await orders.place(order).catch((cause: unknown) => {
 *   throw new StopBatchError('The order service is away.', { cause });
 * });
 * ```
 */
export class StopBatchError extends BatchProcessingError {
  static {
    named(this, 'StopBatchError');
  }
}

/**
 * Thrown by a method for a record that cannot succeed, however often it comes: see the option `nonRetryable`.
 *
 * @example
 * ```ts
 * if (order.id === '') throw new NonRetryableError('An order without an id cannot be placed.');
 * ```
 */
export class NonRetryableError extends BatchProcessingError {
  static {
    named(this, 'NonRetryableError');
  }
}

/**
 * The error of a record whose payload could not be read, or does not fit its schema.
 *
 * The message names the paths of the issues, but quotes nothing of the payload; `cause` is never what a parser or a
 * schema threw, because that can.
 */
export class ParsingError extends BatchProcessingError {
  static {
    named(this, 'ParsingError');
  }

  /** What a schema found, as Standard Schema gives it; the messages can quote the payload, so loggers do not see it. */
  declare readonly issues: readonly StandardSchemaV1.Issue[] | undefined;

  constructor(
    message = 'The payload could not be read.',
    {
      issues,
      ...options
    }: ErrorOptions & {
      /** What a schema found. */
      readonly issues?: readonly StandardSchemaV1.Issue[] | undefined;
    } = {},
  ) {
    super(message, options);
    Object.defineProperty(this, 'issues', { value: issues, writable: true, configurable: true });
  }
}

/** Thrown before any record runs: the event is no batch of the expected source. */
export class UnexpectedBatchTypeError extends BatchProcessingError {
  static {
    named(this, 'UnexpectedBatchTypeError');
  }

  constructor(
    message = 'Expected an event of Amazon SQS, Kinesis Data Streams or DynamoDB Streams: { Records: [...] }.',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Thrown when no record of a batch succeeded, unless `throwOnFullBatchFailure` is false.
 *
 * `recordErrors`, which are also `errors` as in AggregateError, has the error of every record in record order; `cause`
 * is the first of them, and the message names it. JSON.stringify names the first ten.
 */
export class FullBatchFailureError extends BatchProcessingError {
  static {
    named(this, 'FullBatchFailureError');
  }

  /** The error of every record, in record order: also of those that were not run. */
  declare readonly recordErrors: Error[];

  constructor(recordErrors: readonly Error[] = []) {
    const notRun = recordErrors.filter((error) => error instanceof UnprocessedRecordError).length;
    const counts = `${recordErrors.length - notRun} failed, ${notRun} not run`;
    const [first] = recordErrors;
    const example = first === undefined ? '' : ` The first error is ${summaryOf(first).slice(0, LONGEST_SUMMARY)}`;
    super(`No record of the batch succeeded (${counts}); see recordErrors for each.${example}`, { cause: first });
    // Not enumerable, as `errors` of AggregateError: loggers copy enumerable properties, messages and all.
    Object.defineProperty(this, 'recordErrors', { value: [...recordErrors], writable: true, configurable: true });
  }

  /** The same, under the name that AggregateError gives it. */
  get errors(): Error[] {
    return this.recordErrors;
  }

  /** What Lambda's runtime logs of an error, in both log formats, and what became of the first records. */
  toJSON(): object {
    const { name, message } = this;
    const stack = String(this.stack).split('\n');
    const recordErrors = this.recordErrors.slice(0, MOST_NAMED).map(shown);
    return { name, message, errorType: name, errorMessage: message, stack, stackTrace: stack, recordErrors };
  }
}

function shown(error: Error): { name: string; message: string } {
  const { name, message } = withoutPayload(error);
  return { name, message };
}

/** How many errors of records are named: the runtime's log line has no room for those of thousands. */
const MOST_NAMED = 10;

const LONGEST_SUMMARY = 200;
