// A file of its own, always built as CommonJS: in an ES module, bundlers do not see `require`. Within a try, they do not
// insist on a package that is not installed.
import type { AwsClient } from '../aws/command';
import type { Peer } from '../batch/peer';

/** What of `@aws-sdk/client-sqs` is used. */
export interface ClientSqs {
  readonly SQSClient: new (config: object) => AwsClient;
}

/** The package as bundlers see it: who gives this away has the SDK in the bundle. */
export function clientSqs(): Peer<ClientSqs> {
  try {
    return { peer: require('@aws-sdk/client-sqs') as ClientSqs };
  } catch (cause) {
    return { cause };
  }
}
