import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

/** Ended spans as a tree, each below its parent, in the order in which they started. */
export function traceTree(spans: readonly ReadableSpan[]): string[] {
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  const inOrder = [...spans].sort((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1]);
  const childrenOf = (id: string): ReadableSpan[] => inOrder.filter((span) => span.parentSpanContext?.spanId === id);
  const below = (span: ReadableSpan): string[] => {
    const children = childrenOf(span.spanContext().spanId);
    return children.flatMap((child, index) => {
      const isLast = index === children.length - 1;
      return [
        `${isLast ? '└─' : '├─'} ${lineOf(child)}`,
        ...below(child).map((line) => `${isLast ? '  ' : '│ '} ${line}`),
      ];
    });
  };
  const roots = inOrder.filter(({ parentSpanContext: parent }) => parent === undefined || !ids.has(parent.spanId));
  return roots.flatMap((root) => [lineOf(root), ...below(root)]);
}

function lineOf({ name, attributes, links }: ReadableSpan): string {
  const count = attributes['messaging.batch.message_count'];
  const facts = [
    count === undefined ? undefined : `${String(count)} messages`,
    attributes['messaging.message.id'],
    attributes['lambda_batch_handler.outcome'],
    attributes['error.type'],
    ...links.map(({ context }) => `linked to ${context.spanId}`),
  ].filter((fact) => fact !== undefined);
  return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
}
