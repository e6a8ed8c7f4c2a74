import type { Context } from 'aws-lambda';

import { bind, present } from './bind';
import { bindingDescriptor } from './binding-descriptor';
import type { Delivery } from './delivery';
import { entryFor, type RecordMethod } from './entry';
import { defineOptions, keepOptions, ownOptions } from './metadata';
import { type BatchHandlerOptions, type CheckedOptions, checkOptions, checkRecordFunction } from './options';
import type { Reader } from './reader';
import type { RawOf, RecordOf, SourceName, SourceTypes } from './sources';

/** Stands for the payload where there is no reader. */
interface Unread {
  readonly '~unread': never;
}

/** A method that `@BatchHandler({ source: S })` can stand on; `P` is what its payload reader returns. */
export type BatchMethod<S extends SourceName, P = Unread> = (
  record: IsAny<P> extends true ? never : [P] extends [Unread] ? RecordOf<S> : P,
  context: Context,
  delivery: Delivery<RecordOf<S>>,
) => unknown;

/** The sources whose record type is exactly `R`; one-way assignability would take an SQSRecord for a DynamoDBRecord. */
export type SourceOfRecord<R> = {
  [S in SourceName]: Same<NonNullable<R>, SourceTypes[S]['record']> extends true ? S : never;
}[SourceName];

type Same<A, B> = [A, B, Required<A>, Required<B>] extends [B, A, Required<B>, Required<A>] ? true : false;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** `unknown`, unless the method takes the record of another source. A payload needs no such test. */
type Fitting<S extends SourceName, M, P> =
  IsAny<P> extends true ? unknown : [P] extends [Unread] ? FittingRecord<S, M> : unknown;

type FittingRecord<S extends SourceName, M> = M extends (record: infer R, ...rest: never[]) => unknown
  ? IsAny<R> extends true
    ? unknown
    : [SourceOfRecord<R>] extends [S]
      ? unknown
      : `expected a method for records of ${S}, received one for ${SourceOfRecord<R>}`
  : unknown;

/** What `@BatchHandler(options)` gives: a method decorator for both dialects. */
export interface BatchHandlerDecorator<S extends SourceName, P = Unread> {
  <This, M extends BatchMethod<S, P>>(method: M & Fitting<S, M, P>, context: ClassMethodDecoratorContext<This, M>): M;
  <M extends BatchMethod<S, P>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M> & TypedPropertyDescriptor<M & Fitting<S, M, P>>,
  ): void;
}

/**
 * Makes a method that handles one record the Lambda entry for a whole batch, under standard decorators and under
 * `experimentalDecorators`.
 *
 * The entry answers which records failed, keeps its instance when it is detached, and can be exported as it is.
 *
 * @throws TypeError when it is applied, for options that are wrong, or on anything but a public method
 */
export function BatchHandler<S extends SourceName, P = Unread>(
  options: { readonly source: S } & BatchHandlerOptions<Reader<RawOf<S>, P>, RecordOf<S>>,
): BatchHandlerDecorator<S, P> {
  const checked = checkOptions(options);
  checkProcessor(checked);

  return (target: unknown, context: unknown, descriptor?: unknown): never => {
    const isStandard = typeof context === 'object' && context !== null && 'kind' in context;
    return (
      isStandard
        ? decorateStandard(checked, target, context as DecoratorContext)
        : decorateExperimental(checked, target, context, descriptor)
    ) as never;
  };
}

function decorateStandard(options: CheckedOptions, method: unknown, context: DecoratorContext): unknown {
  if (context.kind !== 'method') throw misplaced(`the ${context.kind} ${String(context.name)}`);
  const { name } = context;
  if (context.private) throw misplaced(`the private method ${String(name)}`);
  // A decorator between or above may wrap an entry, and a wrapper does not carry the metadata of what it wraps.
  const metadata = context.static ? undefined : (context as { metadata?: object }).metadata;
  const known = ownOptions(method as object) ?? (metadata === undefined ? undefined : ownOptions(metadata, name));
  if (known !== undefined) throw twice(name);
  const entry = wrap(method, name, options);
  if (metadata !== undefined) defineOptions(options, metadata, name);

  context.addInitializer(function (this: unknown) {
    const self = this as object;
    if (context.static) defineOptions(options, self, name);
    else if (metadata === undefined) keepOptions(options, self, name);
    // The final method: an override, or what wraps the entry. A parent's initializer may have bound it already.
    if (!context.static && Object.hasOwn(self, name)) return;
    const value = bind((self as Record<typeof name, RecordMethod>)[name]!, self, name);
    Object.defineProperty(self, name, { value, writable: true, enumerable: false, configurable: true });
  });
  return entry;
}

function decorateExperimental(
  options: CheckedOptions,
  target: unknown,
  key: unknown,
  descriptor: unknown,
): PropertyDescriptor {
  if (typeof key !== 'string' && typeof key !== 'symbol') throw misplaced('a class or a constructor');
  const { value: method, enumerable } = (descriptor ?? {}) as { value?: unknown; enumerable: boolean };
  if (typeof method !== 'function') throw misplaced(`the field or accessor ${String(key)}`);
  const owner = target as object;
  if (ownOptions(owner, key) !== undefined) throw twice(key);
  defineOptions(options, owner, key);
  return bindingDescriptor(wrap(method, key, options), key, enumerable);
}

function wrap(method: unknown, name: string | symbol, options: CheckedOptions) {
  checkRecordFunction(`the method ${String(name)}`, method);
  const entry = present(entryFor(method as RecordMethod, options), method as RecordMethod, name);
  defineOptions(options, entry);
  return entry;
}

/** @throws TypeError where the processor is for another source, or keeps another order than the options say */
function checkProcessor({ processor, source, fifo }: CheckedOptions): void {
  if (processor === undefined) return;
  const { eventType = source } = processor;
  if (eventType !== source) {
    throw new TypeError(`@BatchHandler: expected a processor for ${source}, received one for ${eventType}.`);
  }
  if (processor['~payload'] !== undefined) {
    throw new TypeError('@BatchHandler: give the payload reader to the decorator, not to its processor.');
  }
  if (processor['~isFifo'] !== (fifo === true)) {
    throw new TypeError(
      `@BatchHandler: fifo: true and a processor for FIFO queues go together, received only one of them.`,
    );
  }
}

function misplaced(what: string): TypeError {
  return new TypeError(`@BatchHandler: expected a public method that handles one record, received ${what}.`);
}

function twice(name: string | symbol): TypeError {
  return new TypeError(`@BatchHandler: ${String(name)} is decorated twice; it can be the entry of one source only.`);
}
