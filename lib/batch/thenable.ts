/** Calls what changes nothing, whatever it throws or rejects with. */
export function quietly<T>(call: () => T): T | undefined {
  try {
    const result = call();
    if (isThenable(result)) result.then(undefined, () => undefined);
    return result;
  } catch {
    return undefined;
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Has nobody told that promises in an array reject. What is a thenable only may begin when it is called, so that is not. */
export function hush(values: unknown): void {
  quietly(() => {
    for (const value of Array.isArray(values) ? (values as unknown[]) : []) {
      if (value instanceof Promise) quietly(() => value as unknown);
    }
  });
}
