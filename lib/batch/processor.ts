import type { Context } from 'aws-lambda';

import type { Source } from '../sources';
import type { BatchResponse } from './answer';
import type { RecordMethod } from './reader';

/** A processor of the class API, as the option `processor` takes it. */
export interface Processor {
  /** Takes the records of an invocation, and what handles each. */
  register(records: never[], handler: CallableFunction, options?: never): unknown;
  /** Has them handled, and gives a result for each. */
  process(): Promise<unknown>;
  /** The same, of a synchronous processor. */
  processSync(): unknown;
  /** What Lambda is to be answered. */
  response(): unknown;
}

/** The function that Lambda calls with the whole batch. */
export type Entry = (this: unknown, event: unknown, context: Context) => Promise<BatchResponse>;

/** What a processor carries, so that a front which is given one can have it do the work. */
export interface CarryingProcessor extends Processor {
  readonly '~isSync': boolean;
  /** @throws TypeError where the processor is for another source, or keeps another order than the options say */
  '~check'(who: string, source: Source, fifo: boolean): void;
  /** The entry that has the processor run its batches; the method is its record handler. */
  '~entry'(method: RecordMethod, source: Source, options: object): Entry;
}
