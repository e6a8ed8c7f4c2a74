import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

import {
  type BatchLogger,
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  processPartialResponse,
  processPartialResponseSync,
  SqsFifoPartialProcessor,
  SqsFifoPartialProcessorAsync,
} from '../../lib';
import { handlerFor } from './handler';
import { settled } from './promises';

/** Handles a record; only the decorator has a signal to hand on. */
export type Handle = (record: SQSRecord, context: Context, signal?: AbortSignal) => unknown;

export interface Options {
  readonly fifo?: boolean;
  readonly skipGroupOnError?: boolean;
  readonly throwOnFullBatchFailure?: boolean;
  readonly stopBeforeTimeout?: number;
  readonly logger?: BatchLogger;
}

/** What a module exports, made once, and called for each invocation. */
export type ModuleEntry = (event: SQSEvent, context: Context) => Promise<unknown>;

type Ways = Record<string, (handle: Handle, options: Options) => ModuleEntry>;

const decorated = (handle: Handle, options: Options, processor?: BatchProcessor | BatchProcessorSync) =>
  handlerFor<'SQS'>({ source: 'SQS', ...options, processor } as never, (record, context, delivery) =>
    handle(record, context, delivery.signal),
  );

const processorFor = ({ fifo }: Options) =>
  fifo ? new SqsFifoPartialProcessorAsync() : new BatchProcessor(EventType.SQS);
const syncProcessorFor = ({ fifo }: Options) =>
  fifo ? new SqsFifoPartialProcessor() : new BatchProcessorSync(EventType.SQS);

/** The ways to write an entry whose records are awaited. */
export const asyncWays: Ways = {
  '@BatchHandler': (handle, options) => decorated(handle, options),
  '@BatchHandler with a processor': (handle, options) => decorated(handle, options, processorFor(options)),
  processPartialResponse: (handle, options) => {
    const processor = processorFor(options);
    return (event, context) => processPartialResponse(event, handle, processor, { ...options, context });
  },
  'register(), process() and response()': (handle, options) => {
    const processor = processorFor(options);
    return async (event, context) => {
      processor.register(event.Records, handle, { ...options, context });
      await settled();
      await processor.process();
      await settled();
      return processor.response();
    };
  },
};

/** The ways to write an entry whose records are handled one after another, in one turn. */
export const syncWays: Ways = {
  '@BatchHandler with a sync processor': (handle, options) => {
    const entry = decorated(handle, options, syncProcessorFor(options));
    return async (event, context) => {
      await settled();
      return entry(event, context);
    };
  },
  processPartialResponseSync: (handle, options) => {
    const processor = syncProcessorFor(options);
    return async (event, context) => {
      await settled();
      const answer = processPartialResponseSync(event, handle, processor, { ...options, context });
      await settled();
      return answer;
    };
  },
  'register(), processSync() and response()': (handle, options) => {
    const processor = syncProcessorFor(options);
    return async (event, context) => {
      processor.register(event.Records, handle, { ...options, context });
      await settled();
      processor.processSync();
      await settled();
      return processor.response();
    };
  },
};
