import type { SpanContext } from '@opentelemetry/api';

import type { Api } from './api';
import { spanOfTraceparent, spanOfXRayHeader } from './trace-headers';

/** Where an SQS record says who sent it; records of streams, and fixtures of unit tests, have none of it. */
interface Traced {
  readonly attributes?: { readonly AWSTraceHeader?: unknown };
  readonly messageAttributes?: Readonly<Record<string, { readonly stringValue?: unknown } | undefined>>;
}

/**
 * The span that sent a record: by the message attributes `traceparent` and `tracestate`, which its sender chose to add,
 * else by the AWSTraceHeader of X-Ray. Undefined where it does not say.
 */
export function producerOf(record: unknown, api: Api): SpanContext | undefined {
  const { attributes, messageAttributes } = (record ?? {}) as Traced;
  const chosen = spanOfTraceparent(messageAttributes?.traceparent?.stringValue);
  if (chosen === undefined) return spanOfXRayHeader(attributes?.AWSTraceHeader);
  const state = messageAttributes?.tracestate?.stringValue;
  return typeof state === 'string' ? { ...chosen, traceState: api.createTraceState(state) } : chosen;
}
