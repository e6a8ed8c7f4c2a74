/** A received value with its type, as `'many' (string)`. Never throws. */
export function show(value: unknown): string {
  try {
    return `${nodeUtil().inspect(value, { depth: 0 })} (${typeof value})`;
  } catch {
    return `a value of type ${typeof value}`;
  }
}

let util: typeof import('node:util') | undefined;

/**
 * Node's module, on use: an ES module bundle waits 3.5 ms at its start for the import of it, used or not, and for others of
 * Node's modules 2 to 4. To ask Node for one at a start costs nothing, because it has them all.
 */
export const nodeUtil = (): typeof import('node:util') => (util ??= process.getBuiltinModule('node:util'));
