import type { MeterProvider, TracerProvider } from '@opentelemetry/api';

import { surrounds } from '../batch/extension';
import { loadPeer } from '../batch/peer';
import { observe, type Observer } from '../observing/observe';
import type { BatchStart } from '../observing/observer';
import { type Api, openTelemetryApi } from './api';
import { knownOptions } from '../errors/known-options';
import { show } from '../errors/show';
import { BatchTrace } from './batch-trace';
import { SCOPE } from './conventions';
import { instrumentsByProvider } from './instruments';

/** Options of `openTelemetry`. */
export interface OpenTelemetryOptions {
  /** Who makes the spans. Default: what is registered with `@opentelemetry/api` when a batch begins. */
  readonly tracerProvider?: TracerProvider;
  /** Who counts and measures. Default: what is registered with `@opentelemetry/api` when a batch begins. */
  readonly meterProvider?: MeterProvider;
  /**
   * What the span that sent an SQS message, or Kafka record, is to the span of its record: linked to it, or its parent, so
   * that the record is in the trace of its sender, with a link to the batch. Default: `'link'`.
   */
  readonly producer?: 'link' | 'parent';
  /**
   * Whether to make a span for the batch. Without one, those of the records are below the span that is active when the
   * batch begins, and that is given the counts. Default: true, unless `@opentelemetry/instrumentation-aws-lambda` (0.71 or
   * later) has made one, as it does for SQS; that is seen where its span of the invocation is the active one.
   */
  readonly batchSpan?: boolean;
}

/**
 * An observer that traces and counts: a span for the batch, below it one for each record, which is the active span in the
 * method, a counter and a histogram, all by the semantic conventions for messaging. The sender of an SQS message is known by
 * its attributes, as the registered propagator reads them, also inside of the envelope of SNS, that of a Kafka record by its
 * headers; its baggage is active in the method.
 *
 * Needs `@opentelemetry/api`, which is loaded here.
 *
 * @throws TypeError where an option is not what it should be
 * @throws BatchProcessingError where `@opentelemetry/api` is not installed
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'SQS', observers: [openTelemetry({ producer: 'parent' })] }, (record) =>
 *   orders.place(JSON.parse(record.body)),
 * );
 * ```
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Observer {
  check(options);
  const api = loadPeer<Api>('@opentelemetry/api', { user: 'openTelemetry()', seen: openTelemetryApi });
  const instrumentsOf = instrumentsByProvider();
  const traces = new WeakMap<BatchStart, BatchTrace>();

  const begin = (batch: BatchStart): void => {
    const { tracerProvider = api.trace.getTracerProvider(), producer = 'link', batchSpan } = options;
    const { meterProvider = api.metrics.getMeterProvider() } = options;
    const tracing = {
      api,
      tracer: tracerProvider.getTracer(SCOPE),
      instruments: instrumentsOf(meterProvider),
      producer,
      batchSpan,
    };
    traces.set(batch, new BatchTrace(tracing, batch));
  };
  // Where `begin` has thrown, which is logged, there is no trace.
  const observer = observe({
    onBatchStart: begin,
    onRecordStart: (delivery, batch) => traces.get(batch)?.start(delivery),
    aroundRecord: (delivery, next, batch) => {
      const trace = traces.get(batch);
      return trace === undefined ? next() : trace.within(delivery, next);
    },
    onRecordSuccess: (delivery, batch) => traces.get(batch)?.end(delivery, 'succeeded'),
    onRecordFailure: (delivery, error, delivered, batch) =>
      traces.get(batch)?.end(delivery, delivered ? 'delivered' : 'failed', error),
    onRecordUnprocessed: (delivery, _cause, batch) => traces.get(batch)?.skip(delivery),
    onBatchEnd: (summary, batch) => traces.get(batch)?.endBatch(summary),
  });
  // It goes around methods for several records as well: there the span of the last one is active.
  return Object.assign(observer, { [surrounds]: false });
}

function check(options: OpenTelemetryOptions): void {
  const names = ['tracerProvider', 'meterProvider', 'producer', 'batchSpan'] as const;
  const { tracerProvider, meterProvider, producer, batchSpan } = knownOptions(
    'openTelemetry',
    options,
    "{ producer: 'parent' }",
    names,
  );
  const wrong = (option: string, expected: string, received: unknown): TypeError =>
    new TypeError(`openTelemetry: expected ${option} to be ${expected}, received ${show(received)}.`);
  if (tracerProvider !== undefined && !has(tracerProvider, 'getTracer')) {
    throw wrong('tracerProvider', 'a TracerProvider', tracerProvider);
  }
  if (meterProvider !== undefined && !has(meterProvider, 'getMeter')) {
    throw wrong('meterProvider', 'a MeterProvider', meterProvider);
  }
  if (![undefined, 'link', 'parent'].includes(producer)) throw wrong('producer', "'link' or 'parent'", producer);
  if (!['undefined', 'boolean'].includes(typeof batchSpan)) throw wrong('batchSpan', 'true or false', batchSpan);
}

function has(provider: unknown, method: string): boolean {
  return typeof (provider as Record<string, unknown> | null)?.[method] === 'function';
}
