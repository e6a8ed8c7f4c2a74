import type { Context } from 'aws-lambda';

import { checkInteger, checkOptions } from './check';
import { Ids } from './ids';

/** Options of `lambdaContext`: the function's timeout, and whatever of the context should be different. */
export type LambdaContextOptions = Partial<Context> & {
  /** Milliseconds until the timeout, from now: an integer from 1 to 900,000. Default: 3,000, as in Lambda. */
  readonly timeoutMs?: number;
};

/**
 * A context as Lambda hands it to a function. Its remaining time counts down by `Date.now()`, so fake timers move it, and
 * is negative when it is over.
 *
 * Facts: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 *
 * @throws TypeError, RangeError where the options are no object, or `timeoutMs` is not what it should be
 *
 * @example
 * ```ts
 * const answer = await handler(sqsEvent(['body']), lambdaContext({ timeoutMs: 10_000 }));
 * ```
 */
export function lambdaContext(options: LambdaContextOptions = {}): Context {
  checkOptions('lambdaContext', options);
  const { timeoutMs = 3_000, ...overrides } = options;
  checkInteger('timeoutMs', timeoutMs, { min: 1, max: 900_000 });
  const given = defined(overrides);
  const { functionName = 'orders', functionVersion = '$LATEST' } = given;
  const ids = new Ids('context', functionName);
  const deadline = Date.now() + timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion,
    invokedFunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}`,
    memoryLimitInMB: '128',
    awsRequestId: ids.uuid(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: `2026/01/01/[${functionVersion}]${ids.hex(32)}`,
    getRemainingTimeInMillis: () => deadline - Date.now(),
    ...callbacks,
    ...given,
  };
}

/** Deprecated, and nothing waits for them. */
const callbacks = Object.fromEntries(['done', 'fail', 'succeed'].map((name) => [name, noCallback])) as unknown as Pick<
  Context,
  'done' | 'fail' | 'succeed'
>;

function noCallback(): never {
  throw new Error(
    'Expected the function to return or to throw; the callbacks of a context are not there on Node.js 24.',
  );
}

/** Without the properties that are as good as absent. */
function defined<T extends object>(properties: T): Partial<T> {
  const entries = Object.entries(properties).filter(([, value]: [string, unknown]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}
