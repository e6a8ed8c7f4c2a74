import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

import { BatchHandler, createBatchHandler, type Delivery, lambdaHandler } from '../../lib';
import type { Chunk } from '../../lib/chunk';
import { lambdaContext } from './events';
import { fakeLogger } from './logger';

/** What a method is called with: records, or what a reader made of them. */
export type ChunkHandle = (handed: readonly never[], deliveries: readonly Delivery<SQSRecord>[]) => unknown;

type Respond = (event: SQSEvent, handle: ChunkHandle, options: object, context?: Context) => Promise<unknown>;

/** The ways to write an entry for chunks. */
export const chunkWays: Readonly<Record<string, Respond>> = {
  '@BatchHandler': (event, handle, options, context = lambdaContext()) => {
    class Orders {
      @BatchHandler({ source: 'SQS', logger: fakeLogger(), ...(options as { readonly chunk: Chunk }) })
      handle(records: readonly SQSRecord[], _context: Context, deliveries: readonly Delivery<SQSRecord>[]): unknown {
        return handle(records as never, deliveries);
      }
    }
    return lambdaHandler<'SQS'>(new Orders(), 'handle')(event, context);
  },
  createBatchHandler: (event, handle, options, context = lambdaContext()) =>
    createBatchHandler(
      { source: 'SQS', logger: fakeLogger(), ...options } as never,
      ((records: never, _context: Context, deliveries: never) => handle(records, deliveries)) as never,
    )(event, context),
};
