import { checkCombination, checkValue, checkValues, optionNames } from '../batch/checks';
import type { BatchLogger } from '../batch/log';
import { type Chunk, chunksBy } from '../batch/chunking';
import { planFor } from '../batch/plan';
import type { CarryingProcessor, Processor } from '../batch/processor';
import { type AnyReader, type Reader, reads } from '../batch/reader';
import type { DeadLetter } from '../dead-letter/dead-letter';
import { refuseUnknown } from '../errors/known-options';
import { show } from '../errors/show';
import type { Guard } from '../guard/partial-responses';
import type { Observer } from '../observing/observe';
import type { RetryDelay } from '../retry-delay/delay-by';
import {
  type AnySource,
  type EventSourceDataClassTypes,
  type OrderOf,
  type RawOf,
  type RecordOf,
  type Source,
  type SourceName,
  sourceOf,
} from '../sources';

/** What a method handles that is called with one record after another. */
interface SingleOptions {
  /**
   * Has the method called with an array of records, or of what a reader makes of them: `chunksOf(size, { ... })` of
   * `lambda-batch-handler/chunk`. Default: the method is called with one record.
   */
  readonly chunk?: undefined;
}

/** What a method handles that is called with several records at once; `T` is what is handed over of each. */
export type ChunkedOptions<T> = {
  /**
   * Has the method called with an array of records, or of what a reader makes of them: `chunksOf(size, { ... })` of
   * `lambda-batch-handler/chunk`. `concurrency` is then how many chunks run at once, and `recordTimeout` how long one may run.
   * Default: the method is called with one record.
   */
  readonly chunk: Chunk<T>;
  readonly processor?: never;
};

/** Options that every source takes; `R` is its record, and `Payload` the type of the reader. */
export type CommonOptions<R, Payload> = {
  /** Whether a batch in which no record succeeded throws FullBatchFailureError instead of reporting each. Default: true. */
  readonly throwOnFullBatchFailure?: boolean | undefined;
  /**
   * Milliseconds to keep in reserve: when no more are left before the function's timeout, no record starts,
   * `delivery.signal` aborts, and what is still running is reported as failed. More than 0, at most 900,000 (the longest
   * timeout of Lambda). Default: off.
   */
  readonly stopBeforeTimeout?: number | undefined;
  /**
   * Milliseconds that a record may run: then it fails with RecordTimeoutError, its `delivery.signal` aborts, and its lane goes
   * on as behind any failure. Its method may still go on, and what it does then changes nothing. More than 0, at most 900,000.
   * Refused in durable functions. Default: off.
   */
  readonly recordTimeout?: number | undefined;
  /** Where each failed record is logged, without its body: `error(message, error)`. Default: `console`. */
  readonly logger?: BatchLogger | undefined;
  /**
   * A processor of the class API that does the work, hooks included; the method becomes its record handler. Its event
   * type must be the source.
   */
  readonly processor?: Processor | undefined;
  /**
   * Reads the payload of each record, with which the method is then called in place of the record. Readers come from
   * `lambda-batch-handler/payload`: `json(schema)`, ..., or `reader(function)`. Default: the method is called with the record.
   */
  readonly payload?: Payload | undefined;
  /**
   * What happens to records that cannot succeed, however often they come: `deadLetter({ ... })` of
   * `lambda-batch-handler/dead-letter`. Refused in durable functions. Default: they are reported, as all failures.
   */
  readonly nonRetryable?: DeadLetter<R> | undefined;
  /**
   * Who sees what becomes of the batch and its records, and changes nothing: `observe({ ... })`, `openTelemetry()`. The first
   * surrounds the others. Refused in durable functions. Default: nobody.
   */
  readonly observers?: readonly Observer[] | undefined;
  /**
   * Keeps what failed from being deleted where the event source mapping lacks ReportBatchItemFailures: `partialResponses()` of
   * `lambda-batch-handler/guard`. Default: the answer is given, whatever Lambda makes of it.
   */
  readonly guard?: Guard | undefined;
};

// An editor shows the text of an option only where all branches that are left of the union have it from one declaration. So
// what several take stands in a type of its own; and what has type parameters is no interface: each intersection makes of one
// its own.

interface Concurrency {
  /**
   * How many records run at once or, where they run in order within a key or a message group, how many of these: a positive
   * integer or Infinity. Default: Infinity; 1 for the message groups of a FIFO queue. In durable functions keys and message
   * groups run one at a time: 1.
   */
  readonly concurrency?: number | undefined;
}

/** Records run side by side, and a failure stops none. */
export type UnorderedOptions =
  | (Concurrency & {
      /** `true`, as without it: records run side by side. `false` runs one after another. Default: true. */
      readonly processInParallel?: true | undefined;
    })
  | {
      /** Records run one after another: more than 1 contradicts `processInParallel: false`. Default: 1. */
      readonly concurrency?: 1 | undefined;
      /** `false` runs one record after another, as `concurrency: 1` does. Default: true. */
      readonly processInParallel: false;
    };

interface NoUnorderedOptions {
  readonly concurrency?: never;
  readonly processInParallel?: never;
}

interface InOrder {
  /**
   * Messages run in the order of their FIFO queue: one after another, and the first failure leaves the rest of the batch
   * unprocessed; with `skipGroupOnError: true` only the rest of its message group. Default: false.
   */
  readonly fifo: true;
}

/** In which order messages of a queue run. */
export type QueueOrdering =
  | ({
      /** `true` has messages run in the order of their FIFO queue. Default: false. */
      readonly fifo?: false;
      readonly skipGroupOnError?: never;
    } & UnorderedOptions)
  | (InOrder & {
      /** `true` has a failure leave only the rest of its message group unprocessed. Default: false, the rest of the batch. */
      readonly skipGroupOnError?: false | undefined;
    } & NoUnorderedOptions)
  | (InOrder &
      Concurrency & {
        /** A failure leaves only the rest of its message group unprocessed; others go on. Default: false. */
        readonly skipGroupOnError: true;
        readonly processInParallel?: never;
      });

/** In which order records of a stream run; `Order` is what its row knows. */
export type StreamOrdering<Order extends string = 'shard' | 'key'> =
  | ({ readonly order?: undefined } & UnorderedOptions)
  | ({
      /** One record after another; the first failure leaves the rest of the batch unprocessed. */
      readonly order: Extract<Order, 'shard'> | undefined;
    } & NoUnorderedOptions)
  | (Concurrency & {
      /**
       * In order within a key: `'key'` goes by the partition key, the key of the item, or of the Kafka record; `'partition'`
       * by the partition of a Kafka topic. A failure leaves the rest of its key unprocessed.
       */
      readonly order: Exclude<Order, 'shard'> | undefined;
      readonly processInParallel?: never;
    });

/** What only queues take. */
interface QueueOptions {
  /**
   * When messages that failed are tried again: `exponentialBackoff({ ... })` or `delayBy(...)` of
   * `lambda-batch-handler/retry-delay`. Refused in durable functions. Default: when their visibility timeout is over.
   */
  readonly retryDelay?: RetryDelay | undefined;
}

interface NoQueueOptions {
  readonly retryDelay?: never;
  readonly fifo?: never;
  readonly skipGroupOnError?: never;
}

/** Options of a handler for Amazon SQS. */
export type SqsOptions<R, Payload> = CommonOptions<R, Payload> &
  QueueOptions &
  QueueOrdering & {
    /** Amazon SQS. */
    readonly source: 'SQS';
    readonly order?: never;
  };

/** Options of a handler for a stream. */
export type StreamOptions<S extends 'KinesisDataStreams' | 'DynamoDBStreams', R, Payload> = CommonOptions<R, Payload> &
  NoQueueOptions &
  StreamOrdering & {
    /** Kinesis Data Streams, or DynamoDB Streams. */
    readonly source: S;
  };

/** Options of a handler for a source that brings its code: it is a queue, or a stream, as its row says. */
export type RowOptions<R, Payload, Order extends string = string> = CommonOptions<R, Payload> & {
  /** The row itself. */
  readonly source: Source;
} & RowOrdering<Order>;

type RowOrdering<Order extends string> = [string] extends [Order]
  ? RowQueueOptions | (NoQueueOptions & StreamOrdering)
  : [Order] extends [never]
    ? RowQueueOptions
    : NoQueueOptions & StreamOrdering<Order>;

type RowQueueOptions = QueueOptions & QueueOrdering & { readonly order?: never };

/**
 * What `@BatchHandler` takes; with a payload reader, `BatchHandlerOptions<Reader<string, Order>>`. `R` is the record that
 * `nonRetryable` delivers.
 */
export type BatchHandlerOptions<Payload = undefined, R = EventSourceDataClassTypes> =
  | SqsOptions<R, Payload>
  | StreamOptions<'KinesisDataStreams', R, Payload>
  | StreamOptions<'DynamoDBStreams', R, Payload>;

/** Stands for the payload where there is no reader. */
export interface Unread {
  readonly '~unread': never;
}

/** What is handed over of a record. */
export type Handed<S extends AnySource, P> = [P] extends [Unread] ? RecordOf<S> : P;

/** What a front takes for a source, such as `OptionsFor<typeof kafka>`: `P` is what its payload reader returns. */
export type OptionsFor<S extends AnySource, P = Unread> = AnyOptionsFor<S, P> & SingleOptions;

/** The same for a method that handles several records at once. */
export type ChunkOptionsFor<S extends AnySource, P = Unread> = AnyOptionsFor<S, P> &
  ChunkedOptions<Uninferred<Handed<S, P>>>;

/** Nothing is inferred from it: what TypeScript 5.4 has as NoInfer. */
type Uninferred<T> = [T][T extends unknown ? 0 : never];

type AnyOptionsFor<S extends AnySource, P> = {
  /**
   * Where records come from, which types the method: `'SQS'`, `'KinesisDataStreams'`, `'DynamoDBStreams'`, or a row such as
   * `kafka`, `pipe('SQS')` or one of your own.
   */
  readonly source: S;
} & CommonOptions<RecordOf<S>, Reader<RawOf<S>, P>> &
  OrderingFor<S>;

/** What else a source takes. */
type OrderingFor<S extends AnySource> = S extends 'SQS'
  ? RowQueueOptions
  : S extends SourceName
    ? NoQueueOptions & StreamOrdering
    : RowOrdering<OrderOf<S>>;

/** The same once they are checked, with whatever reader, and for whatever record. */
export type CheckedOptions = (BatchHandlerOptions<AnyReader, never> | RowOptions<never, AnyReader>) & {
  /** What has the method called with several records at once; undefined where it is called with one. */
  readonly chunk?: Chunk<never> | undefined;
};

/**
 * The checked, frozen options of a decorator, or of another front like it.
 *
 * @param who is named where something is wrong
 * @throws TypeError that says what was expected and what was received
 */
export function checkOptions(who: string, options: unknown): CheckedOptions {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${who}: expected options such as { source: 'SQS' }, received ${show(options)}.`);
  }
  const given = { ...options } as Record<string, unknown>;
  refuseUnknown(who, given, optionNames);
  checkValues(who, given, optionNames);
  checkValue(who, 'source', given.source);
  checkCombination(who, given);
  const source = sourceOf(given.source as AnySource);
  (given.payload as AnyReader | undefined)?.[reads].check(who, source.payload);
  (given.processor as CarryingProcessor | undefined)?.['~check'](who, source, given.fifo === true);
  (given.chunk as Chunk | undefined)?.[chunksBy].check(who, given, planFor(given));
  return Object.freeze(given) as unknown as CheckedOptions;
}
