// Optional peers, loaded on use. This file is always built as CommonJS: in an ES module bundlers do not see `require`. And
// within a try, they do not insist on a package that is not installed.

interface UtilDynamodb {
  unmarshall(item: object, options: object): Record<string, unknown>;
}

/** A package, or why it cannot be loaded. */
export type Peer<T> = { readonly peer: T } | { readonly cause: unknown };

export function utilDynamodb(): Peer<UtilDynamodb> {
  try {
    return { peer: require('@aws-sdk/util-dynamodb') as UtilDynamodb };
  } catch (cause) {
    return { cause };
  }
}
