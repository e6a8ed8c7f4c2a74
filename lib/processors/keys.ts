// What processors share among themselves is kept under symbols: subclasses have the names to themselves.

/** The key of a processor's invocations. */
export const invocations = Symbol.for('lambda-batch-handler:invocations');

/** The key of the method by which a processor class chooses its plan. */
export const planOf = Symbol.for('lambda-batch-handler:planOf');
