import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** A queue as the SDK knows it. */
export interface Queue {
  readonly url: string;
  readonly arn: string;
}

const counts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** Whether nothing is in a queue, visible or not. An empty receive does not say so: SQS may answer one at any time. */
export async function isEmpty(sqs: SQSClient, { url }: Queue): Promise<boolean> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...counts] }),
  );
  return counts.every((name) => Attributes[name] === '0');
}

/** Receives and deletes all that is in a queue. */
export async function drainQueue(sqs: SQSClient, queue: Queue): Promise<Message[]> {
  const QueueUrl = queue.url;
  const drained: Message[] = [];
  while (!(await isEmpty(sqs, queue))) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) continue;
    drained.push(...Messages);
    const Entries = Messages.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
  return drained;
}
