import type { Context } from 'aws-lambda';

import type { DurableContext } from './durable';
import { quietly } from './thenable';

/** Milliseconds until the function's timeout, now; NaN where the context cannot tell. A durable one has that of Lambda. */
export function remainingOf(context: unknown): number {
  return (
    quietly(() =>
      ((context as Partial<DurableContext>).lambdaContext ?? (context as Context)).getRemainingTimeInMillis(),
    ) ?? NaN
  );
}
