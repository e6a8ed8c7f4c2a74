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
