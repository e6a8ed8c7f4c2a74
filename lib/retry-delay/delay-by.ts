import type { SQSRecord } from 'aws-lambda';

import { extension } from '../batch/extend';
import type { Extension } from '../batch/extension';
import { knownOptions } from '../errors/known-options';
import { show } from '../errors/show';
import { hasMethods } from '../sources';
import type { AwsClient } from '../aws/command';
import { RetryDelayer } from './retry-delayer';

/** Whose queue it is, and who makes the calls. */
export interface RetryDelayOptions {
  /**
   * An SQSClient of the AWS SDK for JavaScript, 3.300 or later. Default: one that is configured by the environment, of the package
   * `@aws-sdk/client-sqs`, made when the first message is delayed.
   */
  readonly client?: AwsClient;
  /** The URL of the queue. Default: made of the ARN in each message; the endpoint is that of the client. */
  readonly queueUrl?: string;
}

/** A value of the option `retryDelay`. */
export type RetryDelay = Extension<'retryDelay', SQSRecord>;

/**
 * When messages that failed are tried again, for the option `retryDelay` of a handler for SQS: `seconds` after the batch
 * is answered, by how often the message was received and by its error. What is no number of at least 0 delays nothing; more
 * than 12 hours since the receive is more than SQS takes, and is cut.
 *
 * Needs the permission `sqs:ChangeMessageVisibility`. Best effort: what goes wrong is logged, and the message comes back
 * when its visibility timeout is over.
 *
 * @throws TypeError where an argument is not what it should be
 *
 * @example
 * ```ts
 * createBatchHandler(
 *   { source: 'SQS', retryDelay: delayBy((receiveCount, error) => (error.name === 'Throttled' ? 300 : 5 * receiveCount)) },
 *   (record) => orders.place(JSON.parse(record.body)),
 * );
 * ```
 */
export function delayBy(
  seconds: (receiveCount: number, error: Error) => number,
  options: RetryDelayOptions = {},
): RetryDelay {
  if (typeof seconds !== 'function') {
    throw new TypeError(`delayBy: expected a function that gives seconds, received ${show(seconds)}.`);
  }
  return delaying('delayBy', seconds, knownOptions('delayBy', options, '{ queueUrl }', ['client', 'queueUrl']));
}

/** @param who is named where an option is not what it should be */
export function delaying(
  who: string,
  seconds: (receiveCount: number, error: Error) => number,
  options: RetryDelayOptions,
): RetryDelay {
  const { client, queueUrl } = options;
  if (client !== undefined && !hasMethods(client, ['send'])) {
    throw new TypeError(`${who}: expected client to be an SQSClient, received ${show(client)}.`);
  }
  if (queueUrl !== undefined && (typeof queueUrl !== 'string' || !URL.canParse(queueUrl))) {
    throw new TypeError(`${who}: expected queueUrl to be the URL of a queue, received ${show(queueUrl)}.`);
  }
  // One for the option, so that its client is made once.
  const delayer = new RetryDelayer(seconds, client, queueUrl);
  return extension('retryDelay', (batch) => ({ conclude: (outcomes) => delayer.delay(batch, outcomes) }));
}
