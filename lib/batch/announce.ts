/** Where a check listens; copies and versions of the package share it. */
export const ANNOUNCE = Symbol.for('lambda-batch-handler:announce');

/** Hears of entries and processors while the module of a handler is loaded. */
type Listener = (made: object, options?: () => unknown) => void;

/**
 * Tells who listens, as `lambda-batch-handler check` does, of an entry or a processor. Nobody does on Lambda.
 *
 * @param options gives those that an entry runs with, as they are when it is asked
 */
export function announce(made: object, options?: () => unknown): void {
  (globalThis as Record<symbol, Listener | undefined>)[ANNOUNCE]?.(made, options);
}
