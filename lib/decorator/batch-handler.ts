import type { Context } from 'aws-lambda';

import { checkRecordFunction } from '../batch/checks';
import { logWarning } from '../batch/log';
import type { Delivery } from '../batch/delivery';
import type { DurableContext } from '../batch/durable';
import type { RecordMethod } from '../batch/reader';
import type { Computation } from '../batch/returned';
import type { AnySource, RecordOf, SourceName, SourceTypes } from '../sources';
import { bind } from './bind';
import { bindingDescriptor } from './binding-descriptor';
import { homedEntry } from './homed-entry';
import { defineHome, defineOptions, type Home, homeOf, ownersOf, ownOptions } from './metadata';
import {
  type CheckedOptions,
  checkOptions,
  type ChunkOptionsFor,
  type Handed,
  type OptionsFor,
  type Unread,
} from './options';

/**
 * A method that `@BatchHandler({ source: S })` can stand on; `P` is what its payload reader returns. Where options say only
 * that it is one of several sources, it is for one of them.
 */
export type BatchMethod<S extends AnySource, P = Unread, C = Context> = S extends AnySource
  ? (
      record: IsAny<P> extends true ? never : [P] extends [Unread] ? RecordOf<S> : P,
      context: C,
      delivery: Delivery<RecordOf<S>>,
    ) => unknown
  : never;

/** The same where `chunk` is set: it is called with several records, or payloads, at once. */
export type ChunkMethodOf<S extends AnySource, P = Unread, C = Context> = S extends AnySource
  ? (
      records: IsAny<P> extends true ? never : readonly Handed<S, P>[],
      context: C,
      deliveries: readonly Delivery<RecordOf<S>>[],
    ) => unknown
  : never;

/** The sources whose record type is exactly `R`; one-way assignability would take an SQSRecord for a DynamoDBRecord. */
export type SourceOfRecord<R> = {
  [S in SourceName]: Same<NonNullable<R>, SourceTypes[S]['record']> extends true ? S : never;
}[SourceName];

type Same<A, B> = [A, B, Required<A>, Required<B>] extends [B, A, Required<B>, Required<A>] ? true : false;

type IsAny<T> = 0 extends 1 & T ? true : false;

/**
 * `unknown`, unless the method takes the record, or the delivery, of another source, or returns what cannot be meant as
 * success. A payload needs no such test.
 */
export type Fitting<S extends AnySource, M, P> = M extends (...args: infer A) => infer Returned
  ? FittingRecord<S, [P] extends [Unread] ? A[0] : never> & FittingDelivery<S, A> & FittingResult<Awaited<Returned>>
  : unknown;

/** The same for a method that is called with several records at once, which has nothing to return. */
export type FittingChunk<S extends AnySource, M, P> = M extends (...args: infer A) => infer Returned
  ? FittingRecord<S, [P] extends [Unread] ? ElementOf<A[0]> : never> & FittingNothing<Awaited<Returned>>
  : unknown;

type ElementOf<T> = T extends readonly (infer R)[] ? R : never;

type Nothing = ReturnType<() => void>;

type FittingNothing<T> = [T] extends [never]
  ? unknown
  : IsAny<T> extends true
    ? unknown
    : unknown extends T
      ? unknown
      : [T] extends [Nothing]
        ? unknown
        : 'expected a method that returns nothing, and throws a ChunkError for the records that failed';

type FittingRecord<S extends AnySource, R> =
  IsAny<R> extends true
    ? unknown
    : [SourceOfRecord<R>] extends [S]
      ? unknown
      : Same<NonNullable<R>, RecordOf<S>> extends true
        ? unknown // a row may have the records of a source with a name
        : `expected a method for records of ${NameOf<S>}, received one for ${SourceOfRecord<R>}`;

type FittingDelivery<S extends AnySource, A> = A extends [unknown, unknown, Delivery<infer R>, ...unknown[]]
  ? FittingRecord<S, R>
  : unknown;

/** What fails the record at run time. */
type FittingResult<T> = [T] extends [never]
  ? unknown
  : IsAny<T> extends true
    ? unknown
    : [T] extends [Computation]
      ? 'expected a method that has run when it returns, received one that returns a computation: await it'
      : [T] extends [Error]
        ? 'expected a method that throws its errors, received one that returns them'
        : [T] extends [readonly (infer E)[]]
          ? FittingElement<E>
          : [T] extends [{ readonly batchItemFailures: readonly unknown[] }]
            ? 'expected a method that handles one record, received one that returns the answer to a batch'
            : unknown;

/** An empty array has none. */
type FittingElement<E> = [E] extends [never]
  ? unknown
  : IsAny<E> extends true
    ? unknown
    : [E] extends [PromiseLike<unknown>]
      ? 'expected a method that awaits its promises, received one that returns an array of them: return Promise.all of them'
      : unknown;

/** `unknown`, unless the method takes neither the context of Lambda nor that of a durable function. */
export type FittingContext<M> = [Context] extends [ContextIn<M>]
  ? unknown
  : [ContextIn<M>] extends [never]
    ? NoContext
    : [ContextIn<M>] extends [DurableContext]
      ? unknown
      : NoContext;

type NoContext = 'expected a method whose second parameter is the context of Lambda, or of a durable function';

/** The context that a method takes; that of Lambda, where it takes none. */
type ContextIn<M> = M extends (...args: infer A) => unknown ? ('1' extends keyof A ? A['1'] : Context) : Context;

/** What the entry of a method is called with: the context of Lambda, unless the method needs that of a durable function. */
export type ContextOf<M> = [Context] extends [ContextIn<M>] ? Context : ContextIn<M>;

type NameOf<S extends AnySource> = S extends SourceName ? S : 'this source';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- ClassMethodDecoratorContext takes no method with never
type AnyContext = any;

/** Whatever its context: of that FittingContext tells. */
type MethodFor<S extends AnySource, P, Chunked> = Chunked extends true
  ? ChunkMethodOf<S, P, AnyContext>
  : BatchMethod<S, P, AnyContext>;

type FittingFor<S extends AnySource, M, P, Chunked> = FittingContext<M> &
  (Chunked extends true ? FittingChunk<S, M, P> : Fitting<S, M, P>);

/**
 * What `@BatchHandler(options)` gives: a method decorator for both dialects. `Chunked` is whether its method handles several
 * records at once.
 */
export interface BatchHandlerDecorator<S extends AnySource, P = Unread, Chunked extends boolean = false> {
  // It returns another M; but where a method does not fit, to say so would add an error that points elsewhere.
  <This, M extends MethodFor<S, P, Chunked>>(
    method: M & FittingFor<S, M, P, Chunked>,
    context: ClassMethodDecoratorContext<This, M>,
  ): void;
  <M extends MethodFor<S, P, Chunked>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M> & TypedPropertyDescriptor<M & FittingFor<S, M, P, Chunked>>,
  ): void;
}

/**
 * Makes a method that handles one record the Lambda entry for a whole batch, under standard decorators and under
 * `experimentalDecorators`.
 *
 * The entry answers which records failed, keeps its instance when it is detached, and can be exported as it is. With the option
 * `chunk` the method handles several records at once.
 *
 * @throws TypeError when it is applied, for options that are wrong, or on anything but a public method
 *
 * @example
 * ```ts
 * class OrderHandler {@BatchHandler({ source: 'SQS', payload: json<Order>() })
 *   async handle(order: Order): Promise<void> {
 *     await orders.place(order);
 *   }
 * }
 *
 * export const handler = new OrderHandler().handle; // detached, and `this` still works
 * ```
 */
export function BatchHandler<const S extends AnySource, P = Unread>(
  options: ChunkOptionsFor<S, P>,
): BatchHandlerDecorator<S, P, true>;
export function BatchHandler<const S extends AnySource, P = Unread>(
  options: OptionsFor<S, P>,
): BatchHandlerDecorator<S, P>;
export function BatchHandler(options: unknown): unknown {
  const checked = checkOptions('@BatchHandler', options);

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
  const home: Home = { key: name, owner: undefined, method: method as object };
  const entry = wrap(method, name, options, home);
  if (metadata !== undefined) {
    defineOptions(options, metadata, name);
    defineHome(home, metadata, name);
  }

  context.addInitializer(function (this: unknown) {
    const self = this as object;
    if (context.static) defineOptions(options, self, name);
    if (home.owner === undefined) {
      home.owner = context.static ? self : homeOf(options, metadata, self, name);
      if (home.owner !== undefined) defineHome(home, home.owner, name);
    }
    // The final method: an override, or what wraps the entry. A parent's initializer may have bound it already.
    if (!context.static && Object.hasOwn(self, name)) return;
    const found = (self as Record<typeof name, RecordMethod>)[name]!;
    const value = bind(found === method ? entry : found, self, name, options.source); // where a decorator has dropped the entry
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
  const home: Home = { key, owner, method };
  defineHome(home, owner, key);
  const entry = wrap(method, key, options, home);
  Reflect.set(descriptor as object, 'value', entry); // for callers that ignore what a decorator returns
  return bindingDescriptor(entry, key, enumerable, options.source, overrideWarner(owner, key, options));
}

/** Warns once of each class that overrides an entry without a decorator: nobody sees what such a method answers. */
function overrideWarner(owner: object, key: string | symbol, { logger = console }: CheckedOptions) {
  const warned = new WeakSet<object>();
  return (instance: object): void => {
    const [nearest] = ownersOf(instance, key);
    if (nearest === undefined || nearest === owner || warned.has(nearest)) return;
    if (ownOptions(nearest, key) !== undefined) return;
    warned.add(nearest);
    const name = String(key);
    logWarning(
      logger,
      `${classOf(nearest).name}.${name} overrides an entry without a decorator: it has to return what super.${name}(event, context) returns, or what failed is lost.`,
    );
  };
}

/** @param owner a prototype, or the class of a static method */
const classOf = (owner: object): { readonly name: string } => (typeof owner === 'function' ? owner : owner.constructor);

function wrap(method: unknown, name: string | symbol, options: CheckedOptions, home: Home) {
  checkRecordFunction(`the method ${String(name)}`, method);
  return homedEntry('@BatchHandler', method as RecordMethod, name, options, home);
}

function misplaced(what: string): TypeError {
  return new TypeError(`@BatchHandler: expected a public method that handles one record, received ${what}.`);
}

function twice(name: string | symbol): TypeError {
  return new TypeError(`@BatchHandler: ${String(name)} is decorated twice; it can be the entry of one source only.`);
}
