// What the benchmarks use of packages that only bench/package.json installs, so that the rest compiles without them.

declare module '@aws-lambda-powertools/batch' {
  import type { Context } from 'aws-lambda';

  interface Response {
    batchItemFailures: { itemIdentifier: string }[];
  }
  interface Event {
    Records: unknown[];
  }
  interface Options {
    context?: Context;
    processInParallel?: boolean;
    skipGroupOnError?: boolean;
  }
  type Tuple = ['success', unknown, unknown] | ['fail', string, unknown];

  export const EventType: { readonly SQS: 'SQS'; readonly KinesisDataStreams: 'KinesisDataStreams' };

  export class BatchProcessor {
    constructor(eventType: string);
    handler: CallableFunction;
    options?: Options;
    processRecord(record: unknown): Promise<Tuple>;
    successHandler(record: unknown, result: unknown): Tuple;
    failureHandler(record: unknown, error: Error): Tuple;
  }
  export class BatchProcessorSync extends BatchProcessor {}
  export class SqsFifoPartialProcessorAsync extends BatchProcessor {
    constructor();
  }

  export function processPartialResponse(
    event: Event,
    handler: CallableFunction,
    processor: BatchProcessor,
    options?: Options,
  ): Promise<Response>;
  export function processPartialResponseSync(
    event: Event,
    handler: CallableFunction,
    processor: BatchProcessorSync,
    options?: Options,
  ): Response;
}

declare module '@middy/sqs-partial-batch-failure' {
  import type { MiddlewareObj } from '@middy/core';

  export default function sqsPartialBatchFailure(options: { logger: () => void }): MiddlewareObj;
}

declare module 'echarts' {
  export function init(
    dom: null,
    theme: null,
    options: { renderer: 'svg'; ssr: true; width: number; height: number },
  ): { setOption(option: object): void; renderToSVGString(): string; dispose(): void };
}
