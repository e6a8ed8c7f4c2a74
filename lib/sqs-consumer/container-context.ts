import type { Context } from 'aws-lambda';

import { extendsBatch, type Extension, type HostContext } from '../batch/extension';

/**
 * The context of one call: `functionName` is the name of the queue, `awsRequestId` is fresh, and what a container has not, such
 * as a log group, is empty.
 *
 * @param remaining gives the milliseconds that are left
 */
export function containerContext(
  queueArn: string,
  remaining: () => number,
  extension: Extension<'observers', never>,
): Context {
  const context: Context & HostContext = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: queueNameIn(queueArn),
    functionVersion: '$LATEST',
    invokedFunctionArn: queueArn,
    memoryLimitInMB: '',
    awsRequestId: crypto.randomUUID(),
    logGroupName: '',
    logStreamName: '',
    getRemainingTimeInMillis: remaining,
    ...callbacks,
    [extendsBatch]: extension,
  };
  return context;
}

export const queueNameIn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** Deprecated, and nothing waits for them. */
const callbacks = Object.fromEntries(['done', 'fail', 'succeed'].map((name) => [name, noCallback])) as unknown as Pick<
  Context,
  'done' | 'fail' | 'succeed'
>;

function noCallback(): never {
  throw new Error('Expected the function to return or to throw; the callbacks of a context are not there.');
}
