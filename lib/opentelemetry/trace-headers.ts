import type { SpanContext } from '@opentelemetry/api';

const traceparent = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
const xRayRoot = /^1-(?!0{8}-0{24})([0-9a-f]{8})-([0-9a-f]{24})$/;
const xRayParent = /^(?!0{16})[0-9a-f]{16}$/;

/** The span of a W3C `traceparent` of version 00; undefined for any other text. */
export function spanOfTraceparent(text: unknown): SpanContext | undefined {
  const found = typeof text === 'string' ? traceparent.exec(text) : null;
  if (found === null) return undefined;
  const [, traceId, spanId, flags] = found as unknown as [string, string, string, string];
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

/** The span of an X-Ray header, `Root=1-...;Parent=...;Sampled=1` in any order; undefined without a root and a parent. */
export function spanOfXRayHeader(text: unknown): SpanContext | undefined {
  if (typeof text !== 'string') return undefined;
  const fields = new Map(text.split(';').map((field) => field.trim().split('=', 2) as [string, string | undefined]));
  const root = xRayRoot.exec(fields.get('Root') ?? '');
  const spanId = fields.get('Parent') ?? '';
  if (root === null || !xRayParent.test(spanId)) return undefined;
  const traceFlags = fields.get('Sampled') === '1' ? 1 : 0;
  return { traceId: `${root[1]!}${root[2]!}`, spanId, traceFlags, isRemote: true };
}
