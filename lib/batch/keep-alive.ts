import type { Context } from 'aws-lambda';

import { alive } from '../errors/alive';
import { isDurable } from './durable';
import { remainingOf } from './remaining';

// The timers as they are when this is loaded: the fake clock of a test would run down what is never to fire.
const { setTimeout, clearTimeout } = globalThis;

/** The longest that a function runs: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LONGEST_MS = 900_000;

/** How long after the function's timeout it is certain to be over. */
const MARGIN_MS = 10_000;

/**
 * Keeps the process alive until `letGo`, or until the function's timeout is over, so that a test of what hangs comes to an
 * end. Where nothing else does while an answer is pending, Lambda's runtime for Node 20 and 22 answers null, which is complete
 * success, and that for Node 24 exits.
 *
 * Not in a durable function: one that waits is left where it is for good, and null is no answer of a durable one.
 */
export function keepAlive(context: Context | undefined): NodeJS.Timeout {
  alive.batches++;
  const left = remainingOf(context);
  const timer = setTimeout(() => undefined, (left >= 0 && left < LONGEST_MS ? left : LONGEST_MS) + MARGIN_MS);
  return isDurable(context) ? timer.unref() : timer;
}

/** @param timer what `keepAlive` gave */
export function letGo(timer: NodeJS.Timeout): void {
  alive.batches--;
  clearTimeout(timer);
}
