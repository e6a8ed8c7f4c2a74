// A file of its own, built as CommonJS, for the reasons in peers.ts: who bundles `images()` needs no SQS.
import type { Peer } from './peers';

/** A client of the AWS SDK. */
export interface AwsClient {
  send(command: never, options?: never): Promise<unknown>;
}

/** What of `@aws-sdk/client-sqs` is used. */
export interface ClientSqs {
  readonly SQSClient: new (config: object) => AwsClient;
  readonly ChangeMessageVisibilityBatchCommand: new (input: object) => object;
  readonly SendMessageBatchCommand: new (input: object) => object;
}

export function clientSqs(): Peer<ClientSqs> {
  try {
    return { peer: require('@aws-sdk/client-sqs') as ClientSqs };
  } catch (cause) {
    return { cause };
  }
}
