import { BatchProcessingError } from './errors';
import { type AwsClient, type ClientSqs, clientSqs } from './peers';

/** The most entries that a batch call to SQS takes. */
export const MOST_ENTRIES = 10;

/** What SQS answers to a batch: it can take some entries, and refuse others. */
export interface BatchAnswer {
  readonly Successful?: readonly { readonly Id?: string }[];
  readonly Failed?: readonly { readonly Id?: string; readonly Code?: string; readonly Message?: string }[];
}

/** Makes the calls to SQS, with `@aws-sdk/client-sqs`, which is loaded when it is first needed. */
export class SqsBatches {
  readonly #given: AwsClient | undefined;
  readonly #user: string;
  #client: AwsClient | undefined;

  /** @param user what needs the package, for the error where it is missing */
  constructor(user: string, client: AwsClient | undefined) {
    this.#user = user;
    this.#given = client;
  }

  /**
   * Makes one call.
   *
   * @throws BatchProcessingError where the package is not installed
   */
  async send(
    command: 'ChangeMessageVisibilityBatchCommand' | 'SendMessageBatchCommand',
    input: object,
    abortSignal?: AbortSignal,
  ): Promise<BatchAnswer> {
    const peer = this.#load();
    this.#client ??= this.#given ?? new peer.SQSClient({});
    const answer = await this.#client.send(new peer[command](input) as never, { abortSignal } as never);
    return answer ?? {};
  }

  #load(): ClientSqs {
    const loaded = clientSqs();
    if ('peer' in loaded) return loaded.peer;
    throw new BatchProcessingError(
      `${this.#user} needs @aws-sdk/client-sqs: npm install @aws-sdk/client-sqs, and let the bundler find it.`,
      { cause: loaded.cause },
    );
  }
}
