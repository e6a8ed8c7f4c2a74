import type { ClientSqs } from './client-sqs';
import { quietly } from './log';
import type { Peer } from './peers';

/**
 * The package where the function runs, which bundlers do not see: every handler has this code, and should not have the
 * SDK for it. Lambda's Node.js runtimes contain it.
 */
export function clientSqsAtRunTime(): Peer<ClientSqs> {
  try {
    // In an ES module, `__filename` does not exist; on Lambda the working directory is that of the function.
    const [here] = [quietly(() => __filename), `${process.cwd()}/`].filter((place) => place !== undefined);
    const { createRequire } = process.getBuiltinModule('node:module'); // on use: a cold start waits for every module
    return { peer: createRequire(here!)('@aws-sdk/client-sqs') as ClientSqs };
  } catch (cause) {
    return { cause };
  }
}
