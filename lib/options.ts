import { types } from 'node:util';

import type { BatchLogger } from './log';
import type { NonRetryable } from './non-retryable';
import type { BatchObserver } from './observers';
import type { OrderingOptions } from './plan';
import type { BasePartialProcessor } from './processors/base-partial-processor';
import { type AnyReader, checkReader } from './reader';
import type { RetryDelay } from './retry-delay';
import { show } from './show';
import { isSourceName, type SourceName, sourceNames, sourceOf } from './sources';
import type { EventSourceDataClassTypes } from './types';

/** Options that every source takes; `R` is its record, and `Payload` the type of the reader. */
export interface CommonOptions<R, Payload> {
  /** Whether a batch in which no record succeeded throws FullBatchFailureError instead of reporting each. Default: true. */
  readonly throwOnFullBatchFailure?: boolean;
  /**
   * Milliseconds to keep in reserve: when no more are left before the function's timeout, no record starts,
   * `delivery.signal` aborts, and what is still running is reported as failed. More than 0, at most 900,000 (the longest
   * timeout of Lambda). Default: off.
   */
  readonly stopBeforeTimeout?: number;
  /** Where each failed record is logged, without its body: `error(message, error)`. Default: `console`. */
  readonly logger?: BatchLogger;
  /**
   * A processor of the class API that does the work, hooks included; the method becomes its record handler. Its event
   * type must be the source.
   */
  readonly processor?: BasePartialProcessor;
  /**
   * Reads the payload of each record, with which the method is then called in place of the record. Readers come from
   * `lambda-batch-handler/payload`, or are functions of your own. Default: the method is called with the record.
   */
  readonly payload?: Payload;
  /** What happens to records that cannot succeed, however often they come. Default: they are reported, as all failures. */
  readonly nonRetryable?: NonRetryable<R>;
  /** Who sees what becomes of the batch and its records; they change nothing. Default: nobody. */
  readonly observers?: readonly BatchObserver[];
}

/** Records run side by side, and a failure stops none. */
export type UnorderedOptions =
  | {
      /** How many records run at once: a positive integer or Infinity. Default: Infinity. */
      readonly concurrency?: number;
      readonly processInParallel?: true;
    }
  | {
      readonly concurrency?: 1;
      /** `false` runs one record after another, as `concurrency: 1` does. Default: true. */
      readonly processInParallel: false;
    };

interface NoUnorderedOptions {
  readonly concurrency?: never;
  readonly processInParallel?: never;
}

/** Options of a handler for Amazon SQS. */
export type SqsOptions<R, Payload> = CommonOptions<R, Payload> & {
  readonly source: 'SQS';
  readonly order?: never;
  /** When messages that failed are tried again. Default: when their visibility timeout is over. */
  readonly retryDelay?: RetryDelay;
} & (
    | ({ readonly fifo?: false; readonly skipGroupOnError?: never } & UnorderedOptions)
    | ({
        /** One message after another; the first failure leaves the rest of the batch unprocessed. */
        readonly fifo: true;
        readonly skipGroupOnError?: false;
      } & NoUnorderedOptions)
    | {
        readonly fifo: true;
        /** A failure leaves only the rest of its message group unprocessed. */
        readonly skipGroupOnError: true;
        /** How many message groups run at once: a positive integer or Infinity. Default: 1. */
        readonly concurrency?: number;
        readonly processInParallel?: never;
      }
  );

/** Options of a handler for a stream. */
export type StreamOptions<S extends 'KinesisDataStreams' | 'DynamoDBStreams', R, Payload> = CommonOptions<
  R,
  Payload
> & {
  readonly source: S;
  readonly retryDelay?: never;
  readonly fifo?: never;
  readonly skipGroupOnError?: never;
} & (
    | ({ readonly order?: undefined } & UnorderedOptions)
    | ({
        /** One record after another; the first failure leaves the rest of the batch unprocessed. */
        readonly order: 'shard';
      } & NoUnorderedOptions)
    | {
        /** In order within a partition key or item key; a failure leaves the rest of its key unprocessed. */
        readonly order: 'key';
        /** How many keys run at once: a positive integer or Infinity. Default: Infinity. */
        readonly concurrency?: number;
        readonly processInParallel?: never;
      }
  );

/**
 * What `@BatchHandler` takes; with a payload reader, `BatchHandlerOptions<Reader<string, Order>>`. `R` is the record that
 * `nonRetryable.deliverTo` is called with.
 */
export type BatchHandlerOptions<Payload = undefined, R = EventSourceDataClassTypes> =
  | SqsOptions<R, Payload>
  | StreamOptions<'KinesisDataStreams', R, Payload>
  | StreamOptions<'DynamoDBStreams', R, Payload>;

/** The same once they are checked, with whatever reader, and for whatever record. */
export type CheckedOptions = BatchHandlerOptions<AnyReader, never>;

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

/** What each option must be, in words and as a test; an option that is undefined is as good as absent. */
const rules: Record<string, readonly [expected: string, test: (value: unknown) => boolean]> = {
  source: [`one of ${sourceNames.join(', ')}`, isSourceName],
  fifo: ['a boolean', isBoolean],
  skipGroupOnError: ['a boolean', isBoolean],
  processInParallel: ['a boolean', isBoolean],
  throwOnFullBatchFailure: ['a boolean', isBoolean],
  order: ["'shard' or 'key'", (value) => value === 'shard' || value === 'key'],
  concurrency: ['a positive integer or Infinity', (value) => value === Infinity || isPositiveInteger(value)],
  stopBeforeTimeout: [
    'a number of milliseconds above 0 and at most 900000',
    (value) => typeof value === 'number' && value > 0 && value <= 900_000,
  ],
  logger: ['an object with the functions debug, warn and error', isLogger],
  processor: ['an instance of a processor class', isProcessor],
  payload: ['a payload reader (a function)', isFunction],
  nonRetryable: ["{ errors?: [class or function, ...], deliverTo: function or 'discard' }", isNonRetryable],
  retryDelay: ['{ seconds: function, client?: SQSClient, queueUrl?: string }', isRetryDelay],
  observers: ['an array of objects', (value) => Array.isArray(value) && value.every(isObject)],
};

/**
 * The checked, frozen options of a decorator.
 *
 * @throws TypeError that says what was expected and what was received
 */
export function checkOptions(options: unknown): CheckedOptions {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`@BatchHandler: expected options such as { source: 'SQS' }, received ${show(options)}.`);
  }
  const given = { ...options } as Record<string, unknown>;
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(rules, key)) {
      throw new TypeError(`@BatchHandler: unknown option ${key}; expected one of ${Object.keys(rules).join(', ')}.`);
    }
  }
  checkValues('@BatchHandler', given, Object.keys(rules));
  if (given.source === undefined) throw refusal('@BatchHandler', 'source', rules.source![0], undefined);
  checkCombination('@BatchHandler', given);
  if (given.payload !== undefined) {
    checkReader('@BatchHandler', given.payload, sourceOf(given.source as SourceName).payload.kind);
  }
  return Object.freeze(given) as unknown as CheckedOptions;
}

/** @throws TypeError where one of the named options has a value it can't have */
export function checkValues(who: string, given: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  for (const name of names) {
    const [expected, test] = rules[name]!;
    if (given[name] !== undefined && !test(given[name])) throw refusal(who, name, expected, given[name]);
  }
}

/** @throws TypeError where options contradict each other or the source */
export function checkCombination(
  who: string,
  given: OrderingOptions & { readonly source?: unknown; readonly retryDelay?: unknown },
): void {
  const { source, fifo, skipGroupOnError, order, concurrency, processInParallel, retryDelay } = given;
  const refuse = (problem: string) => new TypeError(`${who}: ${problem}.`);
  if (retryDelay !== undefined && source !== 'SQS') {
    throw refuse(`retryDelay is for source 'SQS', whose messages have a visibility timeout, received ${show(source)}`);
  }
  if (source === 'SQS' ? order !== undefined : (fifo ?? skipGroupOnError) !== undefined) {
    throw refuse(
      source === 'SQS'
        ? `order is for streams; with source 'SQS' use fifo, received order: ${show(order)}`
        : `fifo and skipGroupOnError are for source 'SQS'; for streams use order: 'shard' or 'key', received source: ${show(source)}`,
    );
  }
  if (skipGroupOnError !== undefined && fifo !== true) {
    throw refuse(`skipGroupOnError needs fifo: true, received fifo: ${show(fifo)}`);
  }
  const oneLane = (fifo === true && !skipGroupOnError) || order === 'shard';
  if (oneLane && concurrency !== undefined) {
    throw refuse(
      `concurrency needs more than one lane (fifo with skipGroupOnError: true, or order: 'key'), received ${show(concurrency)}`,
    );
  }
  if ((fifo === true || order !== undefined) && processInParallel !== undefined) {
    throw refuse(`processInParallel is for batches without order, received ${show(processInParallel)}`);
  }
  if (concurrency !== undefined && processInParallel === (concurrency === 1)) {
    throw refuse(
      `processInParallel: ${show(processInParallel)} and concurrency: ${show(concurrency)} contradict each other`,
    );
  }
}

/** @throws TypeError where what should handle a record is no function, or a generator, which would never run */
export function checkRecordFunction(who: string, value: unknown): void {
  if (typeof value === 'function' && !types.isGeneratorFunction(value)) return;
  const received =
    typeof value === 'function' ? 'a generator function, which runs nothing when it is called' : show(value);
  throw new TypeError(`Expected ${who} to be a function, received ${received}.`);
}

function refusal(who: string, name: string, expected: string, received: unknown): TypeError {
  return new TypeError(`${who}: expected ${name} to be ${expected}, received ${show(received)}.`);
}

function isPositiveInteger(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}

function isLogger(value: unknown): boolean {
  return hasMethods(value, ['debug', 'warn', 'error']);
}

// By its methods, because the processors import this file.
function isProcessor(value: unknown): boolean {
  return hasMethods(value, ['register', 'process', 'response']);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isNonRetryable(value: unknown): boolean {
  const { errors = [], deliverTo } = (value ?? {}) as { errors?: unknown; deliverTo?: unknown };
  return Array.isArray(errors) && errors.every(isFunction) && (deliverTo === 'discard' || isFunction(deliverTo));
}

function isRetryDelay(value: unknown): boolean {
  const { seconds, client, queueUrl } = (value ?? {}) as { seconds?: unknown; client?: unknown; queueUrl?: unknown };
  const hasClient = client === undefined || hasMethods(client, ['send']);
  return isFunction(seconds) && hasClient && (queueUrl === undefined || typeof queueUrl === 'string');
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return names.every((name) => typeof (value as Record<string, unknown> | null)?.[name] === 'function');
}
