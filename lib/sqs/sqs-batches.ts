import type { AwsClient } from '../aws/command';
import { loadPeer, type Peer } from '../batch/peer';
import type { ClientSqs } from './client-sqs';
import { sqsCommand, type SqsOperation } from './command';

/** The most entries that a batch call to SQS takes. */
export const MOST_ENTRIES = 10;

/** As many at once as a call takes. */
export function inTens<T>(all: readonly T[]): T[][] {
  const tens: T[][] = [];
  for (let start = 0; start < all.length; start += MOST_ENTRIES) tens.push(all.slice(start, start + MOST_ENTRIES));
  return tens;
}

/** What SQS answers to a batch: it can take some entries, and refuse others. */
export interface BatchAnswer {
  readonly Successful?: readonly { readonly Id?: string }[];
  readonly Failed?: readonly Refusal[];
}

/** Why an entry was refused. */
interface Refusal {
  readonly Id?: string;
  readonly Code?: string;
  readonly Message?: string;
  /** Whether it would be refused again. */
  readonly SenderFault?: boolean;
}

/** How a call is made. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
  /** Whether the client's own endpoint is called, whatever the QueueUrl: for one made by `queueUrlOf`. */
  readonly ownEndpoint?: boolean;
}

/** Makes the calls to SQS, with the user's client, or with one that it makes when it is first needed. */
export class SqsBatches {
  readonly #user: string;
  readonly #seen: (() => Peer<ClientSqs>) | undefined;
  #client: AwsClient | undefined;

  /**
   * @param user what needs the package, for the error where it is missing, such as 'retryDelay'
   * @param client the user's; with one, no package is loaded
   * @param seen `clientSqs`, where who bundles this is to have the SDK in the bundle
   */
  constructor(user: string, client: AwsClient | undefined, seen?: () => Peer<ClientSqs>) {
    this.#user = user;
    this.#client = client;
    this.#seen = seen;
  }

  /**
   * Makes one call; an answer of nothing names no entry.
   *
   * @throws BatchProcessingError where there is no client, and the package cannot be loaded
   * @throws Error with the name that SQS gives to what was wrong with the whole call, or whatever the client throws
   */
  async send(
    operation: SqsOperation,
    input: object,
    { abortSignal, ownEndpoint = false }: SendOptions = {},
  ): Promise<BatchAnswer> {
    this.#client ??= this.#made();
    const command = sqsCommand(operation, input, ownEndpoint);
    return (await this.#client.send(command as never, { abortSignal } as never)) ?? {};
  }

  #made(): AwsClient {
    const [user, seen, instead] = [this.#user, this.#seen, ', or set client'];
    const { SQSClient } = loadPeer<ClientSqs>('@aws-sdk/client-sqs', { user, instead, ...(seen && { seen }) });
    return new SQSClient({});
  }
}
