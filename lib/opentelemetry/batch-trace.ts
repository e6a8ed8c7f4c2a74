import type { Attributes, Context, Link, Span, Tracer } from '@opentelemetry/api';

import type { Delivery } from '../batch/delivery';
import { quietly } from '../batch/thenable';
import type { BatchStart, BatchSummary } from '../observing/observer';
import type { Api } from './api';
import { withoutPayload } from '../errors/without-payload';
import {
  attributesOf,
  BATCH_MESSAGE_COUNT,
  DESTINATION_NAME,
  ERROR_TYPE,
  MESSAGE_ID,
  OPERATION,
  OPERATION_TYPE,
  OUTCOME,
  RECEIVE_COUNT,
  STOPPED_BY,
} from './conventions';
import type { Instruments } from './instruments';
import { producerOf } from './producer';

/** The most links of a span, as SDKs limit them. */
const MOST_LINKS = 128;

/** What a batch is traced with. */
export interface Tracing {
  readonly api: Api;
  readonly tracer: Tracer;
  readonly instruments: Instruments;
  readonly producer: 'link' | 'parent';
}

/** The spans of one batch, and what is counted of it. */
export class BatchTrace {
  readonly #tracing: Tracing;
  readonly #common: Attributes;
  readonly #name: string;
  readonly #span: Span;
  readonly #context: Context;
  /** By index: those of the records that were started. */
  readonly #records = new Map<number, { readonly span: Span; readonly startedAt: number }>();

  constructor(tracing: Tracing, batch: BatchStart) {
    const { api, tracer } = tracing;
    this.#tracing = tracing;
    this.#common = attributesOf(batch);
    this.#name = [OPERATION, this.#common[DESTINATION_NAME]].join(' ').trimEnd();
    this.#span = tracer.startSpan(this.#name, {
      kind: api.SpanKind.CONSUMER,
      attributes: { ...this.#common, [OPERATION_TYPE]: OPERATION, [BATCH_MESSAGE_COUNT]: batch.records.length },
      links: linksOf(batch.records, api),
    });
    this.#context = api.trace.setSpan(api.context.active(), this.#span);
  }

  start({ record, index, itemIdentifier, receiveCount }: Delivery): void {
    const { api, tracer, producer: connection } = this.#tracing;
    const producer = producerOf(record, api);
    const isChild = producer === undefined || connection === 'link';
    const linked = isChild ? producer : this.#span.spanContext();
    const options = {
      kind: api.SpanKind.CONSUMER,
      attributes: {
        ...this.#common,
        [OPERATION_TYPE]: OPERATION,
        [MESSAGE_ID]: itemIdentifier,
        [RECEIVE_COUNT]: receiveCount,
      },
      links: linked === undefined ? [] : [{ context: linked }],
    };
    const parent = isChild ? this.#context : api.trace.setSpanContext(this.#context, producer);
    const span = tracer.startSpan(this.#name, options, parent);
    this.#records.set(index, { span, startedAt: performance.now() });
  }

  /** Calls what runs a record, with the record's span as the active one. */
  within({ index }: Delivery, run: () => unknown): unknown {
    const started = this.#records.get(index);
    if (started === undefined) return run(); // its span could not be started
    const { context, trace } = this.#tracing.api;
    return context.with(trace.setSpan(context.active(), started.span), run);
  }

  end({ index }: Delivery, outcome: 'succeeded' | 'failed' | 'delivered', error?: Error): void {
    const started = this.#records.get(index);
    if (started === undefined) return;
    const { span, startedAt } = started;
    const type = error && this.#fail(span, error);
    span.setAttribute(OUTCOME, outcome);
    span.end();
    const attributes = { ...this.#common, [OUTCOME]: outcome, ...(type !== undefined && { [ERROR_TYPE]: type }) };
    this.#tracing.instruments.consumed.add(1, attributes);
    this.#tracing.instruments.duration.record((performance.now() - startedAt) / 1_000, attributes);
  }

  /** A record that was not run has no span: it is counted. */
  skip(): void {
    const attributes = { ...this.#common, [OUTCOME]: 'unprocessed', [ERROR_TYPE]: 'UnprocessedRecordError' };
    this.#tracing.instruments.consumed.add(1, attributes);
  }

  endBatch({ records, succeeded, failed, delivered, unprocessed, stoppedBy }: BatchSummary): void {
    const counts = { succeeded, failed, delivered, unprocessed };
    for (const [name, count] of Object.entries(counts)) this.#span.setAttribute(`lambda_batch_handler.${name}`, count);
    if (stoppedBy !== undefined) this.#span.setAttribute(STOPPED_BY, stoppedBy);
    if (records > 0 && succeeded + delivered === 0) {
      this.#span.setAttribute(ERROR_TYPE, 'FullBatchFailureError');
      this.#span.setStatus({ code: this.#tracing.api.SpanStatusCode.ERROR, message: 'No record succeeded.' });
    }
    this.#span.end();
  }

  /** Gives the type of the error, of which the span tells what a log line may show. */
  #fail(span: Span, error: Error): string {
    const safe = withoutPayload(error);
    const name = typeof safe.name === 'string' ? safe.name : '_OTHER';
    span.setAttribute(ERROR_TYPE, name);
    span.setStatus({ code: this.#tracing.api.SpanStatusCode.ERROR, message: safe.message });
    // Not the error itself: exporters may look for more in it. Its stack can be a getter that throws.
    quietly(() => {
      span.recordException({ name, message: safe.message, stack: safe.stack });
    });
    return name;
  }
}

/** One for each record whose producer is known. */
function linksOf(records: readonly unknown[], api: Api): Link[] {
  const links: Link[] = [];
  for (const record of records) {
    if (links.length === MOST_LINKS) break;
    const context = producerOf(record, api);
    if (context !== undefined) {
      links.push({ context, attributes: { [MESSAGE_ID]: (record as { readonly messageId?: string }).messageId } });
    }
  }
  return links;
}
