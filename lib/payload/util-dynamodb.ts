// A file of its own, always built as CommonJS: in an ES module, bundlers do not see `require`. Within a try, they do not
// insist on a package that is not installed.
import type { Peer } from '../batch/peer';

/** What of `@aws-sdk/util-dynamodb` is used. */
export interface UtilDynamodb {
  unmarshall(item: object, options: object): Record<string, unknown>;
}

/** The package as bundlers see it. */
export function utilDynamodb(): Peer<UtilDynamodb> {
  try {
    return { peer: require('@aws-sdk/util-dynamodb') as UtilDynamodb };
  } catch (cause) {
    return { cause };
  }
}
