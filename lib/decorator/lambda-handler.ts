import type { Context } from 'aws-lambda';

import type { ContextOf, SourceOfRecord } from './batch-handler';
import { answered, present } from './bind';
import { getBatchHandlerOptions } from './metadata';
import type { AnySource, EventOf, ResponseOf, SourceName } from '../sources';

/** A Lambda entry with the types that its source gives it; `C` is its context, such as the DurableContext of AWS's SDK. */
export type LambdaHandler<S extends AnySource, C = Context> = (event: EventOf<S>, context: C) => Promise<ResponseOf<S>>;

/** The source of a method, where its first parameter is exactly the record of one. */
type SourceOfMethod<M> = M extends (record: infer R, ...rest: never[]) => unknown ? SourceOfRecord<R> : never;

/**
 * The entry of a decorated method with its right type, so that a spec can call it without casts.
 *
 * The source is inferred where the method's first parameter is the record type of one; otherwise name it:
 * `lambdaHandler<'SQS'>(orders, 'handle')`, or `lambdaHandler<typeof row>(orders, 'handle')` for a source of your own; in a
 * durable function `lambdaHandler<'SQS', DurableContext>(orders, 'handle')`.
 *
 * @param instance an instance or, for a static method, the class
 * @throws TypeError where the method is not decorated
 *
 * @example
 * ```ts
 * class OrderHandler {@BatchHandler({ source: 'SQS' })
 *   async handle(record: SQSRecord): Promise<void> {
 *     await orders.place(JSON.parse(record.body));
 *   }
 * }
 *
 * const handler = lambdaHandler(new OrderHandler(), 'handle');
 * const { batchItemFailures } = await handler(sqsEvent([{ id: 'order-1' }]), lambdaContext());
 * ```
 */
export function lambdaHandler<T extends object, K extends keyof T>(
  instance: T,
  key: K & ([SourceOfMethod<T[K]>] extends [never] ? never : K),
): LambdaHandler<SourceOfMethod<T[K]>, ContextOf<T[K]>>;
export function lambdaHandler<S extends AnySource = never, C = Context>(
  instance: object,
  key: [S] extends [never] ? never : string | symbol,
): LambdaHandler<S, C>;
export function lambdaHandler(instance: object, key: PropertyKey): unknown {
  const name = key as string | symbol;
  const options = Object(instance) === instance ? getBatchHandlerOptions(instance, name) : undefined;
  if (options === undefined) {
    throw new TypeError(
      `Expected a method decorated with @BatchHandler, received ${String(name)}, which is not (an override needs a decorator of its own).`,
    );
  }
  const methods = instance as Record<string | symbol, LambdaHandler<SourceName> | undefined>;
  const method = methods[name];
  if (typeof method !== 'function') {
    throw new TypeError(`Expected an instance that has ${String(name)}, received its class: make one with new.`);
  }
  // Looked up when it is called, so that a spec can still replace it.
  const handler = (event: never, context: Context): unknown =>
    answered(methods[name]!(event, context), event, name, options.source);
  return present(handler, method, name);
}
