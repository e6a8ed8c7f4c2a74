import type { Baggage, Context, SpanContext } from '@opentelemetry/api';

import { quietly } from '../batch/thenable';
import type { Api } from './api';
import { type Carrier, carrierOf, getter } from './carrier';
import { spanOfTraceparent, spanOfXRayHeader } from './trace-headers';

/** What a record says of who sent it; those of Kinesis and DynamoDB say nothing. */
export interface Producer {
  readonly span?: SpanContext;
  readonly baggage?: Baggage;
}

/** The active span as propagators are told: beneath none, that of X-Ray for Lambda takes the invocation for the sender. */
const nobody: SpanContext = { traceId: 'f'.repeat(32), spanId: 'f'.repeat(16), traceFlags: 0, isRemote: true };

/**
 * The span that sent a record, and its baggage: by the message attributes, or headers, that its sender chose to add, as the
 * registered propagator reads them, and without one by W3C's `traceparent` and `tracestate`; else the span by the
 * AWSTraceHeader of X-Ray.
 */
export function producerOf(record: unknown, api: Api): Producer {
  const carrier = carrierOf(record);
  const context = carrier.size === 0 ? undefined : quietly(() => extracted(carrier, api));
  const { attributes } = (record ?? {}) as { readonly attributes?: { readonly AWSTraceHeader?: unknown } };
  return {
    span: (context && spanOf(context, api)) ?? w3cSpanOf(carrier, api) ?? spanOfXRayHeader(attributes?.AWSTraceHeader),
    baggage: context && api.propagation.getBaggage(context),
  };
}

function extracted(carrier: Carrier, api: Api): Context {
  return api.propagation.extract(api.trace.setSpanContext(api.ROOT_CONTEXT, nobody), carrier, getter);
}

function spanOf(context: Context, api: Api): SpanContext | undefined {
  const span = api.trace.getSpanContext(context);
  return span !== undefined && span !== nobody && api.isSpanContextValid(span) ? span : undefined;
}

function w3cSpanOf(carrier: Carrier, api: Api): SpanContext | undefined {
  const span = spanOfTraceparent(getter.get(carrier, 'traceparent'));
  const state = getter.get(carrier, 'tracestate');
  return span !== undefined && typeof state === 'string' ? { ...span, traceState: api.createTraceState(state) } : span;
}
