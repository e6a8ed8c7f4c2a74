/** A span for the batch and one for each message, linked to the span that sent it; the method's own spans are below. */
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';
import { openTelemetry } from '../lib/opentelemetry';
import { traceTree } from './support/trace-tree';

interface Parcel {
  readonly order: string;
  readonly grams: number;
}

class Carrier {
  readonly #collected = new Set<string>();

  collect({ order, grams }: Parcel): Promise<void> {
    return trace.getTracer('carrier').startActiveSpan('collect', async (span) => {
      try {
        if (grams > 30_000) throw new RangeError(`Order ${order} is too heavy for the carrier.`);
        this.#collected.add(order);
      } finally {
        span.end();
      }
    });
  }
}

class ParcelHandler {
  constructor(private readonly carrier = new Carrier()) {}

  @BatchHandler({ source: 'SQS', observers: [openTelemetry()] })
  async handle(record: SQSRecord): Promise<void> {
    await this.carrier.collect(JSON.parse(record.body) as Parcel);
  }
}

// On Lambda a layer registers an SDK that exports to your backend; this one keeps the spans, to print them.
const exporter = new InMemorySpanExporter();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();

export const handler = new ParcelHandler().handle;
export const report = (): string[] => traceTree(exporter.getFinishedSpans());
