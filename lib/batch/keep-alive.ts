import type { Context } from 'aws-lambda';

import { alive } from '../errors/alive';
import { isDurable } from './durable';
import { remainingOf } from './remaining';

// Node's timers, as they are when this is loaded: the fake clock of a test would run down what is never to fire.
const { setTimeout } = process.getBuiltinModule('node:timers');

/** The longest that a function runs: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LONGEST_MS = 900_000;

/** How long after the function's timeout it is certain to be over, and how much longer it may take at the most. */
const MARGIN_MS = 10_000;

/** A timer that keeps the process alive while batches do. */
interface Hold {
  readonly timer: NodeJS.Timeout;
  batches: number;
}

/** By how long they last. They are kept: to make a timer takes several times as long as to start it anew. */
const holds = new Map<number, Hold>();

/**
 * Keeps the process alive until `letGo`, or until the function's timeout is over, so that a test of what hangs comes to an
 * end. Where nothing else does while an answer is pending, Lambda's runtime for Node 20 and 22 answers null, which is complete
 * success, and that for Node 24 exits.
 *
 * Not in a durable function: one that waits is left where it is for good, and null is no answer of a durable one.
 */
export function keepAlive(context: Context | undefined): Hold | undefined {
  alive.batches++;
  if (isDurable(context)) return undefined;
  const left = remainingOf(context);
  const ms = left >= 0 && left < LONGEST_MS ? (Math.ceil(left / MARGIN_MS) + 1) * MARGIN_MS : LONGEST_MS + MARGIN_MS;
  let hold = holds.get(ms);
  if (hold === undefined) holds.set(ms, (hold = { timer: setTimeout(() => undefined, ms), batches: 0 }));
  hold.batches++;
  hold.timer.refresh().ref();
  return hold;
}

/** @param hold what `keepAlive` gave */
export function letGo(hold: Hold | undefined): void {
  alive.batches--;
  if (hold !== undefined && --hold.batches === 0) hold.timer.unref();
}
