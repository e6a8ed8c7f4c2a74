import { awsCommand } from '../aws/command';
import { requestOf } from './json';

/** The calls that this library makes. */
export type SqsOperation = 'ChangeMessageVisibilityBatch' | 'DeleteMessageBatch' | 'SendMessageBatch';

/**
 * A command for `send` of an SQSClient.
 *
 * @param ownEndpoint whether the client's own endpoint is called, whatever the QueueUrl
 */
export function sqsCommand(operation: SqsOperation, input: object, ownEndpoint: boolean): object {
  return awsCommand({
    client: 'SQS',
    service: 'AmazonSQS',
    operation,
    input,
    requestAt: (endpoint) => requestOf(operation, input, endpoint),
    shown: withoutEntries,
    ownEndpoint,
  });
}

/** What the client's logger is given: never what a message says. */
const withoutEntries = ({ QueueUrl }: { readonly QueueUrl?: string }): object => ({ QueueUrl });
