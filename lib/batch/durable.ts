import type { Context } from 'aws-lambda';

/** The DurableContext of `@aws/durable-execution-sdk-js`, as far as it is known here. */
export interface DurableContext {
  readonly lambdaContext: Context;
}

/**
 * Whether a context is the DurableContext of a durable function: one that is run again from its start after each wait, and is
 * given what its steps resulted in before.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html
 */
export function isDurable(context: unknown): boolean {
  return 'runInChildContext' in Object(context);
}

/** @throws TypeError in a durable function, for what a replay would do again, or in another order */
export function refuseInDurable(context: unknown, what: string): void {
  if (isDurable(context)) throw new TypeError(`${what}: not for durable functions, which are replayed.`);
}
