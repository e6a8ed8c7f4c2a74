// What processors share among themselves is kept under symbols: subclasses have the names to themselves.

/** The key of a processor's invocations. */
export const invocations = Symbol.for('lambda-batch-handler:invocations');

/** The key of the method by which a processor class chooses its plan. */
export const planOf = Symbol.for('lambda-batch-handler:planOf');

/** Whether a processor class is synchronous; a mark, because `instanceof` fails for a second copy of the package. */
export const isSync = Symbol.for('lambda-batch-handler:isSync');

/** Whether a processor class keeps the order of a FIFO queue. */
export const isFifo = Symbol.for('lambda-batch-handler:isFifo');

/** The key of the payload reader that a processor was constructed with. */
export const payload = Symbol.for('lambda-batch-handler:payload');
