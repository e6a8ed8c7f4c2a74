import type { Context } from 'aws-lambda';

import { BatchHandler, type BatchHandlerOptions, type Delivery, lambdaHandler, type SourceTypes } from '../../lib';

type Options<S extends keyof SourceTypes> = Extract<BatchHandlerOptions, { source: S }>;
type Method<R> = (record: R, context: Context, delivery: Delivery<R>) => unknown;

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
