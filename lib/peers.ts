// Optional peers, loaded on use. This file is always built as CommonJS: in an ES module bundlers do not see `require`. And
// within a try, they do not insist on a package that is not installed.

interface UtilDynamodb {
  unmarshall(item: object, options: object): Record<string, unknown>;
}

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

/** A package, or why it cannot be loaded. */
type Peer<T> = { readonly peer: T } | { readonly cause: unknown };

export function utilDynamodb(): Peer<UtilDynamodb> {
  try {
    return { peer: require('@aws-sdk/util-dynamodb') as UtilDynamodb };
  } catch (cause) {
    return { cause };
  }
}

export function clientSqs(): Peer<ClientSqs> {
  try {
    return { peer: require('@aws-sdk/client-sqs') as ClientSqs };
  } catch (cause) {
    return { cause };
  }
}
