import type { Context } from 'aws-lambda';

import type { Deadline } from '../engine/deadline';
import type { Outcome } from '../engine/outcome';
import type { Batch } from './batch';
import type { Delivery } from './delivery';
import type { BatchLogger } from './log';
import type { Patience } from './patience';

/** Runs one record: it returns, or resolves to, what the method does. */
export type Attempt = (index: number) => unknown;

/** One batch, as an extension sees it. */
export interface ExtendedBatch<R = unknown> {
  /** The name of the source. */
  readonly source: string;
  /** As they were received. */
  readonly records: readonly R[];
  /** The Lambda context; undefined where a processor was not given it. */
  readonly context: Context | undefined;
  /** Where lines about the batch go. */
  readonly logger: BatchLogger;
  /** Whether what a hook promises is waited for; sync processors wait for nothing. */
  readonly isAsync: boolean;
  /** Whether a batch in which no record succeeded throws instead of being answered. */
  readonly throwsFullFailure: boolean;
  /** How long the answer may wait, now, for what is no part of it: `mostMs` at the most. `what` is named in its error. */
  patience(what: string, mostMs: number): Patience;
  /** When the function was invoked, in epoch milliseconds. */
  readonly startedAt: number;
  /** What is known of a record beside the record itself. */
  deliveryOf(index: number): Delivery<R>;
  /** The error of what an attempt returned; undefined where it has not failed. */
  failureOf(index: number, value: unknown): Error | undefined;
  /** What `around` gives for a record that failed with this error, and is consumed all the same. */
  delivered(error: Error): unknown;
}

/**
 * How an extension takes part in one batch. Every hook is optional; what is awaited may return a promise, and none of them
 * may throw or reject but `conclude`.
 */
export interface Participant {
  /** Before the first record; awaited. */
  begin?(): unknown;
  /** A record is about to start, whatever others put around it. */
  start?(index: number): void;
  /** Runs the attempt of a record, once, and may give something else in its place. */
  around?(index: number, attempt: Attempt): unknown;
  /** A record has its outcome. */
  settled?(index: number, outcome: Outcome): void;
  /**
   * Does something about the outcomes; awaited. Where it rejects there is no answer: the entry throws that error, when all
   * others have concluded and are told the end, and the whole batch comes back.
   */
  conclude?(outcomes: readonly Outcome[]): unknown;
  /** Is told that all is over; awaited. */
  end?(outcomes: readonly Outcome[]): unknown;
}

/** What there is to take part in: one batch, as the pipeline has it. */
export interface Joinable {
  readonly batch: Batch;
  readonly deadline: Deadline;
  readonly context: Context | undefined;
  readonly settings: { readonly logger: BatchLogger; readonly throwOnFullBatchFailure: boolean };
  readonly attempt: Attempt;
  failureOf(index: number, value: unknown): Error | undefined;
}

/** All that takes part in one batch, as the pipeline sees it. */
export interface Participation {
  /** The attempt with all that is put before and around it. */
  readonly attempt: Attempt;
  /** Calls a hook of everyone; what there is to wait for, if there is anything. */
  all(hook: 'begin' | 'conclude' | 'end', outcomes?: readonly Outcome[]): Promise<unknown> | undefined;
  /** The outcome of what an attempt returned, where an extension has decided it. */
  outcomeOf(value: unknown): Outcome | undefined;
  settled(index: number, outcome: Outcome): void;
}

/** The options whose values are extensions. */
export type ExtensionName = 'nonRetryable' | 'retryDelay' | 'observers' | 'guard';

/** Where an extension keeps what it carries, and a context an extension; copies of the package share it. */
export const extendsBatch = Symbol.for('lambda-batch-handler:extends');

/** Where an observer says whether it puts something of its own around single records, as methods for several can't have it. */
export const surrounds = Symbol.for('lambda-batch-handler:surrounds');

/** What an extension carries, so that who has none loads nothing of it. */
export interface Carried<N extends ExtensionName> {
  /** The option that it was made for. */
  readonly option: N;
  /** Has several of them take part in one batch; those before surround those behind. */
  readonly join: (extensions: readonly AnyExtension[], batch: Joinable, isAsync: boolean) => Participation;
  /** Is given the deadline of each batch, before all else, to end it; only where a context brings the extension. */
  readonly govern?: (deadline: Deadline) => void;
}

/**
 * The value of an option that does something, with the code that does it. It is called once for each batch.
 *
 * `R` is the record that it can be given. That it can be called is also what lets TypeScript infer `R` from the options
 * around it.
 */
export interface Extension<N extends ExtensionName, R = unknown> {
  (batch: ExtendedBatch<R>): Participant;
  readonly [extendsBatch]: Carried<N>;
}

/** An extension for any option, and for records of whatever source. */
export type AnyExtension = Extension<ExtensionName, never>;

/** The context of a function that something else calls than Lambda, and that takes part in each batch of the call. */
export interface HostContext {
  readonly [extendsBatch]?: Extension<'observers', never>;
}

/** What a context brings that takes part in each batch; undefined where Lambda, or a test, has made the context. */
export function hostOf(context: unknown): Extension<'observers', never> | undefined {
  const host = (context as HostContext | undefined)?.[extendsBatch];
  return isExtension(host, 'observers') ? host : undefined; // a mock may have anything there
}

/** Whether a value was made for this option. */
export function isExtension(value: unknown, option: ExtensionName): boolean {
  return typeof value === 'function' && (value as Partial<AnyExtension>)[extendsBatch]?.option === option;
}
