/** Where all copies of the package count the batches that keep the process alive now. */
const ALIVE = Symbol.for('lambda-batch-handler:alive');

/**
 * How many batches keep the process alive: the test kit cannot see their timers, which are those of the real clock, and shares
 * no other object with a bundled function.
 */
export const alive = ((globalThis as { [ALIVE]?: { batches: number } })[ALIVE] ??= { batches: 0 });
