import { context, metrics, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';

/** An OpenTelemetry SDK that keeps in memory what it is given. */
export class Telemetry {
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly tracerProvider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.#spans)] });
  readonly meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: this.#metrics, exportIntervalMillis: 3_600_000 })],
  });

  /** Makes active spans reach across awaits, as every SDK does; the providers themselves are not registered. */
  constructor() {
    unregister();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  }

  register(): void {
    trace.setGlobalTracerProvider(this.tracerProvider);
    metrics.setGlobalMeterProvider(this.meterProvider);
  }

  /** The spans that have ended, in that order. */
  get spans(): ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  /** Forgets the spans that have ended. */
  reset(): void {
    this.#spans.reset();
  }

  /** The span of a batch: the only one of its kind that has ended. */
  get batch(): ReadableSpan {
    const found = this.spans.filter(({ attributes }) => 'messaging.batch.message_count' in attributes);
    if (found.length !== 1) throw new Error(`Expected the span of one batch, found ${found.length}.`);
    return found[0]!;
  }

  /** The span of a record, by its message id or sequence number. */
  record(id: string): ReadableSpan {
    const found = this.spans.filter(({ attributes }) => attributes['messaging.message.id'] === id);
    if (found.length !== 1) throw new Error(`Expected one span of record ${id}, found ${found.length}.`);
    return found[0]!;
  }

  async metric(name: string): Promise<MetricData | undefined> {
    this.#metrics.reset();
    await this.meterProvider.forceFlush();
    const scopes = this.#metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    return scopes.flatMap((scope) => scope.metrics).find(({ descriptor }) => descriptor.name === name);
  }

  async end(): Promise<void> {
    unregister();
    await Promise.all([this.tracerProvider.shutdown(), this.meterProvider.shutdown()]);
  }
}

function unregister(): void {
  trace.disable();
  context.disable();
  metrics.disable();
}
