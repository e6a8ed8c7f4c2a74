import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

import {
  BatchProcessor,
  createBatchHandler,
  type Observer,
  type PartialItemFailureResponse,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '../../lib';
import type { DeadLetter } from '../../lib/dead-letter';
import type { json } from '../../lib/payload';
import type { RetryDelay } from '../../lib/retry-delay';
import { lambdaContext } from './events';
import { handlerFor } from './handler';
import type { fakeLogger } from './logger';

/** Options that have the same name and meaning in every way to write an entry for SQS. */
export interface WayOptions {
  readonly logger: ReturnType<typeof fakeLogger>;
  readonly nonRetryable?: DeadLetter<SQSRecord>;
  readonly retryDelay?: RetryDelay;
  readonly observers?: readonly Observer[];
  readonly fifo?: true;
  readonly skipGroupOnError?: true;
  readonly stopBeforeTimeout?: number;
  readonly recordTimeout?: number;
  readonly concurrency?: number;
  readonly throwOnFullBatchFailure?: false;
  readonly payload?: ReturnType<typeof json>;
}

/** One way to write an entry, so that what holds for all is said once. */
export interface Way {
  readonly title: string;
  readonly respond: (
    event: SQSEvent,
    method: (record: never) => unknown,
    options: WayOptions,
    context?: Context,
  ) => Promise<PartialItemFailureResponse>;
}

const processorFor = (fifo: boolean | undefined) =>
  fifo === true ? new SqsFifoPartialProcessorAsync() : new BatchProcessor('SQS');

export const ways: readonly Way[] = [
  {
    title: '@BatchHandler',
    respond: (event, method, options, context = lambdaContext()) =>
      handlerFor({ source: 'SQS', ...options } as never, method as never)(event, context),
  },
  {
    title: 'createBatchHandler',
    respond: (event, method, options, context = lambdaContext()) =>
      createBatchHandler({ source: 'SQS', ...options } as never, method as never)(event, context) as never,
  },
  {
    title: '@BatchHandler with a processor',
    respond: (event, method, options, context = lambdaContext()) => {
      const processor = processorFor(options.fifo);
      return handlerFor({ source: 'SQS', ...options, processor } as never, method as never)(event, context);
    },
  },
  {
    title: 'processPartialResponse',
    respond: (event, method, { fifo, ...options }, context = lambdaContext()) =>
      processPartialResponse(event, method, processorFor(fifo), { ...options, context }),
  },
];

/** A context whose time runs out on the clock of `Date`. */
export function contextEndingIn(milliseconds: number): Context {
  const end = Date.now() + milliseconds;
  return lambdaContext(() => end - Date.now());
}
