import type { AwsClient, ClientSqs } from './client-sqs';
import { BatchProcessingError } from './errors';
import type { Peer } from './peers';

/** The most entries that a batch call to SQS takes. */
export const MOST_ENTRIES = 10;

/** What SQS answers to a batch: it can take some entries, and refuse others. */
export interface BatchAnswer {
  readonly Successful?: readonly { readonly Id?: string }[];
  readonly Failed?: readonly { readonly Id?: string; readonly Code?: string; readonly Message?: string }[];
}

/** Makes the calls to SQS, with `@aws-sdk/client-sqs`, which is loaded when it is first needed. */
export class SqsBatches {
  readonly #user: string;
  readonly #load: () => Peer<ClientSqs>;
  #client: AwsClient | undefined;

  /** @param user what needs the package, for the error where it is missing */
  constructor(user: string, load: () => Peer<ClientSqs>, client: AwsClient | undefined) {
    this.#user = user;
    this.#load = load;
    this.#client = client;
  }

  /**
   * Makes one call.
   *
   * @throws BatchProcessingError where the package cannot be loaded
   */
  async send(
    command: 'ChangeMessageVisibilityBatchCommand' | 'SendMessageBatchCommand',
    input: object,
    abortSignal?: AbortSignal,
  ): Promise<BatchAnswer> {
    const loaded = this.#load();
    if ('cause' in loaded) {
      const message = `${this.#user} needs @aws-sdk/client-sqs: npm install @aws-sdk/client-sqs`;
      throw new BatchProcessingError(message, { cause: loaded.cause });
    }
    this.#client ??= new loaded.peer.SQSClient({});
    const answer = await this.#client.send(new loaded.peer[command](input) as never, { abortSignal } as never);
    return answer ?? {};
  }
}
