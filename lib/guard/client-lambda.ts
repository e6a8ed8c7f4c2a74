// A file of its own, always built as CommonJS: in an ES module, bundlers do not see `require`. Within a try, they do not
// insist on a package that is not installed.
import type { AwsClient } from '../aws/command';
import type { Peer } from '../batch/peer';

/** What of `@aws-sdk/client-lambda` is used. */
export interface ClientLambda {
  readonly LambdaClient: new (config: object) => AwsClient;
}

/** The package as bundlers see it. */
export function clientLambda(): Peer<ClientLambda> {
  try {
    return { peer: require('@aws-sdk/client-lambda') as ClientLambda };
  } catch (cause) {
    return { cause };
  }
}
