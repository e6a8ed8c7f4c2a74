import type { StandardSchemaV1 } from '@standard-schema/spec';

import { withoutPayload } from './without-payload';

/** The base of every error of this library. */
export class BatchProcessingError extends Error {
  static {
    // On the prototype, so that the name is neither an own property nor at the mercy of a minifier.
    this.prototype.name = 'BatchProcessingError';
  }
}

/**
 * The error of a record that was not run, and is reported as failed. `cause` is what kept it from running: the error of
 * an earlier record, or StoppedBeforeTimeoutError.
 */
export class UnprocessedRecordError extends BatchProcessingError {
  static {
    this.prototype.name = 'UnprocessedRecordError';
  }

  constructor(options?: ErrorOptions, message = 'Not run, because an earlier record failed and order must be kept.') {
    super(message, options);
  }
}

/** The error of a FIFO record that was not run because an earlier record of the batch failed. */
export class SqsFifoShortCircuitError extends UnprocessedRecordError {
  static {
    this.prototype.name = 'SqsFifoShortCircuitError';
  }

  constructor(options?: ErrorOptions) {
    super(options, 'Not run, because an earlier message of this FIFO batch failed and order must be kept.');
  }
}

/** The error of a FIFO record that was not run because an earlier record of its message group failed. */
export class SqsFifoMessageGroupShortCircuitError extends UnprocessedRecordError {
  static {
    this.prototype.name = 'SqsFifoMessageGroupShortCircuitError';
  }

  constructor(options?: ErrorOptions) {
    super(options, 'Not run, because an earlier message of its message group failed and order must be kept.');
  }
}

/**
 * The error of a record that was still running when `stopBeforeTimeout` was reached, the cause of those that were not
 * run then, and the reason of `delivery.signal`.
 */
export class StoppedBeforeTimeoutError extends BatchProcessingError {
  static {
    this.prototype.name = 'StoppedBeforeTimeoutError';
  }

  constructor(reserveMs: number) {
    super(`Not finished ${reserveMs} ms before the function's timeout, when the batch had to be answered.`);
  }
}

/** Thrown by a method for a record that cannot succeed, however often it comes: see the option `nonRetryable`. */
export class NonRetryableError extends BatchProcessingError {
  static {
    this.prototype.name = 'NonRetryableError';
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
    this.prototype.name = 'ParsingError';
  }

  /** What a schema found, as Standard Schema gives it; the messages can quote the payload, so loggers do not see it. */
  declare readonly issues: readonly StandardSchemaV1.Issue[] | undefined;

  constructor(
    message = 'The payload could not be read.',
    { issues, ...options }: ErrorOptions & { readonly issues?: readonly StandardSchemaV1.Issue[] | undefined } = {},
  ) {
    super(message, options);
    Object.defineProperty(this, 'issues', { value: issues, writable: true, configurable: true });
  }
}

/** Thrown before any record runs: the event is no batch of the expected source. */
export class UnexpectedBatchTypeError extends BatchProcessingError {
  static {
    this.prototype.name = 'UnexpectedBatchTypeError';
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
 * is the first of them. JSON.stringify gives their names and messages.
 */
export class FullBatchFailureError extends BatchProcessingError {
  static {
    this.prototype.name = 'FullBatchFailureError';
  }

  declare readonly recordErrors: Error[];

  constructor(recordErrors: readonly Error[] = []) {
    const notRun = recordErrors.filter((error) => error instanceof UnprocessedRecordError).length;
    const counts = `${recordErrors.length - notRun} failed, ${notRun} not run`;
    super(`No record of the batch succeeded (${counts}); see recordErrors for each.`, { cause: recordErrors[0] });
    // Not enumerable, as `errors` of AggregateError: loggers copy enumerable properties, messages and all.
    Object.defineProperty(this, 'recordErrors', { value: [...recordErrors], writable: true, configurable: true });
  }

  get errors(): Error[] {
    return this.recordErrors;
  }

  toJSON(): object {
    const { name, message, stack } = this;
    return { name, message, stack, recordErrors: this.recordErrors.map(summary) };
  }
}

function summary(error: Error): { name: string; message: string } {
  const { name, message } = withoutPayload(error);
  return { name, message };
}
