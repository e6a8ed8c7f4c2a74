import type { Context } from 'aws-lambda';

import {
  BatchProcessor,
  BatchProcessorSync,
  type BatchHandlerOptions,
  type BatchProcessingOptions,
  createBatchHandler,
  processPartialResponse,
  processPartialResponseSync,
  type SourceName,
  SqsFifoPartialProcessor,
  SqsFifoPartialProcessorAsync,
} from '../../lib';
import { chunksOf } from '../../lib/chunk';
import { deadLetter } from '../../lib/dead-letter';
import { kafka } from '../../lib/kafka';
import { handlerFor } from '../support/handler';
import type { Scenario } from './scenario';
import type { AnyRecord, World } from './world';

export interface AnyEvent {
  Records: AnyRecord[];
}

/** A function as Lambda calls it. */
export type Entry = (event: AnyEvent, context: Context) => unknown;

const logger = { debug: () => undefined, warn: () => undefined, error: () => undefined };

/** The entry of this library that a scenario is about. */
export function entryFor(scenario: Scenario, world: World): Entry {
  const { source, api, throwOnFullBatchFailure, stopBeforeTimeout, recordTimeout, nonRetryable, chunk } = scenario;
  const common = {
    throwOnFullBatchFailure,
    logger,
    ...(nonRetryable && { nonRetryable: deadLetter({ deliverTo: world.deliverTo }) }),
    ...(stopBeforeTimeout && { stopBeforeTimeout: 500 }),
    ...(recordTimeout && { recordTimeout: 1_000 }),
    ...orderOf(scenario),
  };
  if (api === 'decorator') {
    const options = { source: sourceFor(source), ...common };
    if (chunk !== undefined) {
      const hasLanes = scenario.order !== 'none' && scenario.order !== 'sequential';
      const value = chunksOf(chunk.size, chunk.distinct && hasLanes ? { distinct: true } : {});
      const entry = createBatchHandler({ ...options, chunk: value } as never, world.chunkMethod as never);
      return entry;
    }
    return handlerFor(options as BatchHandlerOptions & { source: 'SQS' }, world.method) as Entry;
  }
  const { fifo: isFifo, ...options } = common as BatchProcessingOptions & { fifo?: boolean };
  const isSync = api === 'sync classes';
  const Fifo = isSync ? SqsFifoPartialProcessor : SqsFifoPartialProcessorAsync;
  const Standard = isSync ? BatchProcessorSync : BatchProcessor;
  const processor = source === 'SQS FIFO' && isFifo ? new Fifo() : new Standard(sourceFor(source));
  // Whatever the source: it is the processor that knows it.
  const given = (event: AnyEvent) => event as { Records: never[] };
  if (isSync) {
    return (event, context) =>
      processPartialResponseSync(given(event), world.method, processor, { ...options, context });
  }
  return (event, context) => processPartialResponse(given(event), world.method, processor, { ...options, context });
}

function sourceFor(source: Scenario['source']): SourceName | typeof kafka {
  if (source === 'Kafka') return kafka;
  return source === 'SQS FIFO' ? 'SQS' : source;
}

/** The options that make an entry keep the order of a scenario. */
function orderOf({ source, api, order, concurrency }: Scenario): object {
  const limited = api === 'sync classes' ? {} : { concurrency };
  if (order === 'none') return limited;
  if (order === 'sequential') return { processInParallel: false };
  if (source === 'SQS FIFO')
    return order === 'batch' ? { fifo: true } : { fifo: true, skipGroupOnError: true, ...limited };
  return order === 'batch' ? { order: 'shard' } : { order, ...limited };
}
