import type { Attributes, Span } from '@opentelemetry/api';

import type { BatchStart } from '../observing/observer';

/** What the spans of SDKs tell beside what the API has: the scope under the name of version 2 and of version 1. */
interface SdkSpan {
  readonly instrumentationScope?: { readonly name: string };
  readonly instrumentationLibrary?: { readonly name: string };
  readonly attributes?: Attributes;
}

/**
 * Whether a span is that of the invocation, made by `@opentelemetry/instrumentation-aws-lambda`, and it has made one for the
 * batch as well: that of the batch is never active. It makes one for a batch of SQS from version 0.71 on, and in the same
 * step sets `faas.trigger`, by which earlier versions are told from it.
 *
 * @see https://github.com/open-telemetry/opentelemetry-js-contrib/tree/main/packages/instrumentation-aws-lambda
 */
export function hasBatchSpan(invocation: Span | undefined, { records }: BatchStart): boolean {
  const { instrumentationScope, instrumentationLibrary, attributes } = (invocation ?? {}) as SdkSpan;
  const scope = instrumentationScope ?? instrumentationLibrary;
  return (
    scope?.name === '@opentelemetry/instrumentation-aws-lambda' &&
    attributes?.['faas.trigger'] === 'pubsub' &&
    (records[0] as { readonly eventSource?: unknown } | null | undefined)?.eventSource === 'aws:sqs'
  );
}
