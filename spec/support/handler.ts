import type { Context } from 'aws-lambda';

import {
  BatchHandler,
  type BatchHandlerOptions,
  type Delivery,
  lambdaHandler,
  type LambdaHandler,
  type Reader,
  type SourceTypes,
} from '../../lib';

type Options<S extends keyof SourceTypes> = Extract<BatchHandlerOptions, { source: S }>;
type Method<R, P = R> = (payload: P, context: Context, delivery: Delivery<R>) => unknown;

/** The entry of a decorated method with these options, compiled in the dialect of the run. */
export function handlerFor<S extends keyof SourceTypes>(options: Options<S>, method: Method<SourceTypes[S]['record']>) {
  class Handler {
    @BatchHandler(options as BatchHandlerOptions)
    handle(record: unknown, context: Context, delivery: Delivery): unknown {
      return method(record as SourceTypes[S]['record'], context, delivery as Delivery<SourceTypes[S]['record']>);
    }
  }
  return lambdaHandler<S>(new Handler(), 'handle' as never);
}

/** The same with a payload reader, which makes what the method is called with. */
export function readingHandlerFor<S extends keyof SourceTypes, P>(
  options: { readonly source: S } & BatchHandlerOptions<Reader<SourceTypes[S]['raw'], P>>,
  method: Method<SourceTypes[S]['record'], P>,
): LambdaHandler<S> {
  return handlerFor(options as unknown as Options<S>, method as unknown as Method<SourceTypes[S]['record']>);
}
