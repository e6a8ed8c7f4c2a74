import type { Context } from 'aws-lambda';

import { lambdaContext } from './events';

/** What AWS documents of the context of a durable function, as far as methods here use it. */
export interface DurableContext {
  readonly lambdaContext: Context;
  readonly executionContext: { readonly durableExecutionArn: string };
  step<T>(name: string, work: () => Promise<T>, config?: StepConfig): PromiseLike<T>;
  wait(name: string, duration: { readonly seconds: number }): PromiseLike<void>;
  runInChildContext<T>(name: string, work: (child: DurableContext) => Promise<T>): PromiseLike<T>;
}

interface StepConfig {
  readonly retryStrategy?: () => { readonly shouldRetry: boolean };
}

/**
 * A context of the shape of `@aws/durable-execution-sdk-js`, for what needs no replay: its operations run at once. As there,
 * it has nothing of the context of Lambda but that itself.
 */
export function durableContext(lambda: Context = lambdaContext()): DurableContext {
  const context: DurableContext = {
    lambdaContext: lambda,
    executionContext: {
      durableExecutionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders:1/durable-execution/1',
    },
    step: (_name, work) => work(),
    wait: () => Promise.resolve(),
    runInChildContext: (_name, work) => work(context),
  };
  return context;
}
