/**
 * The URL of the queue with this ARN, for calls with `ownEndpoint`: it tells the queue, and never where the call goes.
 * So its domain is the same in every partition; that it starts with `sqs.` and the region is for emulators, which read
 * the region there.
 *
 * @throws Error where it is the ARN of something else
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
 */
export function queueUrlOf(arn: string): string {
  const [, , , region, account, name] = arn.split(':');
  if (!name) throw new Error('The eventSourceARN of a message is not that of a queue: set queueUrl');
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}
