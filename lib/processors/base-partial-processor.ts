import { announce } from '../batch/announce';
import { checkCombination } from '../batch/checks';
import type { BatchLogger } from '../batch/log';
import { type Plan, planFor } from '../batch/plan';
import type { Entry } from '../batch/processor';
import type { AnyReader, RecordMethod } from '../batch/reader';
import { toError } from '../errors/to-error';
import { type EventSourceDataClassTypes, type Source, type SourceName, sourceOf } from '../sources';
import { failure, withdraw } from './hooks';
import { Invocation, Invocations } from './invocation';
import { processBatch, processBatchSync } from './process-batch';
import { checkFor, processorEntry } from './processor-entry';
import { readingHandler } from './reading-handler';
import { responseOf } from './response';
import type { RecordAttempt } from './runnable';
import type {
  BaseRecord,
  BatchProcessingOptions,
  FailureResponse,
  PartialItemFailureResponse,
  SuccessResponse,
} from './types';

/**
 * The base of every processor: it runs `processRecord` for each record and owns the answer.
 *
 * The hooks may be overridden without calling `super`: only what they return or throw counts. A processor may be kept
 * for the life of the module; its state is that of the current invocation.
 */
export abstract class BasePartialProcessor {
  /** The source of the records; where it is not given, the records tell. */
  eventType?: SourceName;
  // What begins with ~ is the library's own; subclasses have all other names to themselves. No symbols: bundlers keep a
  // class that has computed members, used or not.
  /** @internal */
  readonly '~invocations' = new Invocations();
  /** @internal */
  readonly '~isSync': boolean = false;
  /** @internal */
  readonly '~isFifo': boolean = false;
  /** @internal */
  '~payload': AnyReader | undefined;
  /** @internal Of calls that give none. */
  '~logger': BatchLogger | undefined;
  /** @internal The row that stands for the event type, where that has no name. */
  '~row': Source | undefined;

  constructor() {
    announce(this); // itself: what subclasses set comes later
  }

  /** The errors of the records that failed or were not run. */
  get errors(): Error[] {
    return this['~invocations'].current.errors;
  }
  protected set errors(errors: Error[]) {
    this['~invocations'].current.errors = errors;
  }

  /** The records that failed or were not run. */
  get failureMessages(): EventSourceDataClassTypes[] {
    return this['~invocations'].current.failureMessages;
  }
  protected set failureMessages(records: EventSourceDataClassTypes[]) {
    this['~invocations'].current.failureMessages = records;
  }

  /** The records that succeeded. */
  get successMessages(): EventSourceDataClassTypes[] {
    return this['~invocations'].current.successMessages;
  }
  protected set successMessages(records: EventSourceDataClassTypes[]) {
    this['~invocations'].current.successMessages = records;
  }

  /** The function that handles one record, as registered; where there is a payload reader, it reads first. */
  get handler(): CallableFunction {
    return this['~invocations'].current.handler;
  }
  protected set handler(handler: CallableFunction) {
    this['~invocations'].current.handler = handler;
  }

  /** The options as registered. */
  get options(): BatchProcessingOptions | undefined {
    return this['~invocations'].current.options;
  }
  protected set options(options: BatchProcessingOptions | undefined) {
    this['~invocations'].current.options = options;
  }

  /** The records as registered. */
  get records(): BaseRecord[] {
    return this['~invocations'].current.records;
  }
  protected set records(records: BaseRecord[]) {
    this['~invocations'].current.records = records;
  }

  /** Hook, called before the records run; awaited by `process`. What it throws fails the whole batch. */
  abstract prepare(): void;

  /** Hook, called when every record has its outcome; awaited by `process`. What it throws fails the whole batch. */
  abstract clean(): void;

  /** Handles one record for `process`. The tuple it resolves to decides; one that throws makes the record fail. */
  abstract processRecord(record: BaseRecord): Promise<SuccessResponse | FailureResponse>;

  /** Handles one record for `processSync`. The tuple it returns decides; one that throws makes the record fail. */
  abstract processRecordSync(record: BaseRecord): SuccessResponse | FailureResponse;

  /** Hook, called with each record that succeeded. A fail tuple, or a throw, makes it fail after all. */
  successHandler(record: EventSourceDataClassTypes, result: unknown): SuccessResponse {
    const { current } = this['~invocations'];
    if (!current.over) current.successMessages.push(record);
    return ['success', result, record];
  }

  /**
   * Hook, called with each record that failed or was not run. The record has failed whatever it returns or throws; so has
   * one that `prepare` or `clean` hands to it.
   */
  failureHandler(record: EventSourceDataClassTypes, error: Error): FailureResponse {
    const { current } = this['~invocations'];
    const known = toError(error);
    current.errors.push(known);
    current.failureMessages.push(record);
    if (current.over) withdraw(current, record);
    return failure(current, record, known);
  }

  /**
   * Begins an invocation. Options are those of this call alone; records are checked by `process`.
   *
   * Invocations that overlap are kept apart where `register`, `process` and `response` are called in one async function.
   */
  register(records: BaseRecord[], handler: CallableFunction, options?: BatchProcessingOptions): this {
    const invocation = new Invocation(records, handler, options);
    const reader = options?.payload ?? this['~payload'];
    if (reader !== undefined) invocation.handler = readingHandler(this, invocation, reader);
    this['~invocations'].begin(invocation);
    return this;
  }

  /**
   * Runs `processRecord` for every record, in the order and with the concurrency that class and options choose.
   *
   * @returns one tuple a record, in record order
   * @throws FullBatchFailureError where no record succeeded, unless `throwOnFullBatchFailure` is false
   * @throws UnexpectedBatchTypeError where a record is of another source
   */
  process(): Promise<(SuccessResponse | FailureResponse)[]> {
    return processBatch(this);
  }

  /** The same with `processRecordSync`, one record after another. A hook that returns a promise is an error. */
  processSync(): (SuccessResponse | FailureResponse)[] {
    return processBatchSync(this);
  }

  /**
   * The answer for Lambda: every record that did not succeed.
   *
   * @throws BatchProcessingError before `process` has finished, and where a record to report has no identifier
   */
  response(): PartialItemFailureResponse {
    return responseOf(this, this['~invocations'].current);
  }

  /** @internal What `processRecord` would only be a wrapper of; undefined where it, or `successHandler`, is overridden. */
  '~plainAttempt'(_invocation: Invocation): RecordAttempt | undefined {
    return undefined;
  }

  /** @internal The name of a hook for records that is overridden: who replays a batch would call it again. */
  get '~recordHook'(): string | undefined {
    return recordHookOf(this);
  }

  /** @internal */
  '~planOf'({ concurrency, order, processInParallel, retryDelay }: BatchProcessingOptions): Plan {
    const options = { source: this['~source'], concurrency, order, processInParallel, retryDelay };
    checkCombination(this.constructor.name, options);
    return planFor(options);
  }

  /** @internal Undefined where the records tell. */
  get '~source'(): Source | undefined {
    return this['~row'] ?? (this.eventType && sourceOf(this.eventType));
  }

  /** @internal */
  '~check'(who: string, source: Source, fifo: boolean): void {
    checkFor(this, who, source, fifo);
  }

  /** @internal */
  '~entry'(method: RecordMethod, source: Source, options: BatchProcessingOptions): Entry {
    return processorEntry(this, method, source, options);
  }
}

// Outside of the class: a bundler renames one that refers to itself.
function recordHookOf(processor: BasePartialProcessor): string | undefined {
  const own = BasePartialProcessor.prototype;
  return (['successHandler', 'failureHandler'] as const).find((hook) => processor[hook] !== own[hook]);
}
