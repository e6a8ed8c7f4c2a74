import type { Attributes, Context, Link, Span, Tracer } from '@opentelemetry/api';

import type { Delivery } from '../batch/delivery';
import type { BatchStart, BatchSummary } from '../observing/observer';
import { withoutPayload } from '../errors/without-payload';
import type { Api } from './api';
import {
  attributesOf,
  attributesOfAll,
  BATCH_MESSAGE_COUNT,
  DESTINATION_NAME,
  ERROR_TYPE,
  linkedBy,
  MESSAGE_ID,
  ofKafka,
  OPERATION,
  OPERATION_TYPE,
  OUTCOME,
  RECEIVE_COUNT,
  STOPPED_BY,
} from './conventions';
import type { Instruments } from './instruments';
import { hasBatchSpan } from './lambda-instrumentation';
import { type Producer, producerOf } from './producer';
import { spanOfXRayHeader } from './trace-headers';

/** The most links of a span, as SDKs limit them. */
const MOST_LINKS = 128;

/** What a batch is traced with. */
export interface Tracing {
  readonly api: Api;
  readonly tracer: Tracer;
  readonly instruments: Instruments;
  readonly producer: 'link' | 'parent';
  readonly batchSpan: boolean | undefined;
}

/** The spans of one batch, and what is counted of it. */
export class BatchTrace {
  readonly #tracing: Tracing;
  /** By index: what holds for a record, in spans and in metrics. */
  readonly #attributes: readonly Attributes[];
  /** By index. */
  readonly #producers: readonly Producer[];
  /** That of the batch, unless it is left to another. */
  readonly #own: Span | undefined;
  /** What has the counts of the batch, and the spans of its records below it: its own span, else the active one. */
  readonly #span: Span | undefined;
  readonly #context: Context;
  /** By index: those of the records that were started. */
  readonly #records = new Map<number, { readonly span: Span; readonly startedAt: number }>();

  constructor(tracing: Tracing, batch: BatchStart) {
    const { api } = tracing;
    this.#tracing = tracing;
    this.#attributes = batch.records.map((record) => attributesOf(record, batch.source));
    this.#producers = batch.records.map((record) => producerOf(record, api));
    const active = api.trace.getActiveSpan();
    this.#own = (tracing.batchSpan ?? !hasBatchSpan(active, batch)) ? this.#startBatch(batch) : undefined;
    this.#span = this.#own ?? active;
    const context = api.context.active();
    this.#context = this.#span === undefined ? context : api.trace.setSpan(context, this.#span);
  }

  #startBatch({ records, source, context }: BatchStart): Span {
    const { api, tracer } = this.#tracing;
    const common = attributesOfAll(this.#attributes, source);
    return tracer.startSpan(nameOf(common), {
      kind: api.SpanKind.CONSUMER,
      attributes: { ...common, [OPERATION_TYPE]: OPERATION, [BATCH_MESSAGE_COUNT]: records.length },
      links: [...this.#linksToInvocation(context), ...this.#linksTo(records)].slice(0, MOST_LINKS),
    });
  }

  /**
   * One to the span that X-Ray has of the invocation, unless the batch is in its trace. It goes by the context: there is no
   * variable `_X_AMZN_TRACE_ID` on Managed Instances, where a process has several invocations at a time. No parent, which
   * samplers would obey: for most invocations X-Ray says that it samples nothing.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-nodejs-runtime.html
   */
  #linksToInvocation(invocation: BatchStart['context']): Link[] {
    const { xRayTraceId } = (invocation ?? {}) as { readonly xRayTraceId?: unknown };
    const context = spanOfXRayHeader(xRayTraceId);
    const active = this.#tracing.api.trace.getActiveSpan()?.spanContext().traceId;
    return context === undefined || context.traceId === active ? [] : [{ context }];
  }

  /** One for each record whose producer is known. */
  #linksTo(records: readonly unknown[]): Link[] {
    return this.#producers.flatMap(({ span: context }, index): Link[] =>
      context === undefined ? [] : [{ context, attributes: linkedBy(records[index], this.#attributes[index]!) }],
    );
  }

  start({ index, record, itemIdentifier, receiveCount }: Delivery): void {
    const attributes = this.#attributes[index]!;
    const { api, tracer, producer: connection } = this.#tracing;
    const { span: producer } = this.#producers[index]!;
    const isChild = producer === undefined || connection === 'link';
    const linked = isChild ? producer : this.#span?.spanContext();
    const options = {
      kind: api.SpanKind.CONSUMER,
      attributes: {
        ...attributes,
        [OPERATION_TYPE]: OPERATION,
        [MESSAGE_ID]: itemIdentifier,
        [RECEIVE_COUNT]: receiveCount,
        ...ofKafka(record, attributes),
      },
      links: linked === undefined ? [] : [{ context: linked }],
    };
    const context = this.#withBaggage(index, this.#context);
    const parent = isChild ? context : api.trace.setSpanContext(context, producer);
    const span = tracer.startSpan(nameOf(attributes), options, parent);
    this.#records.set(index, { span, startedAt: performance.now() });
  }

  /** Calls what runs a record, with the record's span as the active one, and the baggage of its producer. */
  within({ index }: Delivery, run: () => unknown): unknown {
    const started = this.#records.get(index);
    if (started === undefined) return run(); // its span could not be started
    const { context, trace } = this.#tracing.api;
    return context.with(trace.setSpan(this.#withBaggage(index, context.active()), started.span), run);
  }

  #withBaggage(index: number, context: Context): Context {
    const { baggage } = this.#producers[index]!;
    return baggage === undefined ? context : this.#tracing.api.propagation.setBaggage(context, baggage);
  }

  end({ index }: Delivery, outcome: 'succeeded' | 'failed' | 'delivered', error?: Error): void {
    const started = this.#records.get(index);
    if (started === undefined) return;
    const { span, startedAt } = started;
    const type = error && this.#fail(span, error);
    span.setAttribute(OUTCOME, outcome);
    span.end();
    const attributes = {
      ...this.#attributes[index],
      [OUTCOME]: outcome,
      ...(type !== undefined && { [ERROR_TYPE]: type }),
    };
    this.#tracing.instruments.consumed.add(1, attributes);
    this.#tracing.instruments.duration.record((performance.now() - startedAt) / 1_000, attributes);
  }

  /** A record that was not run has no span: it is counted. */
  skip({ index }: Delivery): void {
    const outcome = { [OUTCOME]: 'unprocessed', [ERROR_TYPE]: 'UnprocessedRecordError' };
    const attributes = { ...this.#attributes[index], ...outcome };
    this.#tracing.instruments.consumed.add(1, attributes);
  }

  endBatch({ records, succeeded, failed, delivered, unprocessed, stoppedBy }: BatchSummary): void {
    const counts = { succeeded, failed, delivered, unprocessed };
    for (const [name, count] of Object.entries(counts)) this.#span?.setAttribute(`lambda_batch_handler.${name}`, count);
    if (stoppedBy !== undefined) this.#span?.setAttribute(STOPPED_BY, stoppedBy);
    if (records > 0 && succeeded + delivered === 0) {
      this.#own?.setAttribute(ERROR_TYPE, 'FullBatchFailureError');
      this.#own?.setStatus({ code: this.#tracing.api.SpanStatusCode.ERROR, message: 'No record succeeded.' });
    }
    this.#own?.end();
  }

  /** Gives the type of the error, of which the span tells what a log line may show. */
  #fail(span: Span, error: Error): string {
    const { name, message, stack } = withoutPayload(error);
    span.setAttribute(ERROR_TYPE, name);
    span.setStatus({ code: this.#tracing.api.SpanStatusCode.ERROR, message });
    span.recordException({ name, message, stack }); // not the error itself: exporters may look for more in it
    return name;
  }
}

/** What a span of a batch, or record, with these attributes is called. */
function nameOf({ [DESTINATION_NAME]: destination }: Attributes): string {
  return [OPERATION, destination].join(' ').trimEnd();
}
