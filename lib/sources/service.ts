/** What the event of a service has that no batch of records has, by the name of the service. */
const marks: readonly (readonly [mark: string, service: string])[] = [
  ['detail-type', 'EventBridge (a rule, a schedule or an event bus)'],
  ['SystemMetadata', 'an EventBridge event bus'],
  ['requestContext', 'an HTTP endpoint'],
  ['deliveryStreamArn', 'Firehose'],
  ['awslogs', 'CloudWatch Logs'],
  ['bootstrapServers', 'Kafka: see lambda-batch-handler/kafka'],
  ['warmer', 'a warmer'],
  ['info', 'AppSync'],
];

/** The service, in words, that an event is likely to come from; undefined where it does not say. */
export function serviceOf(event: object): string | undefined {
  if ((event as { source?: unknown }).source === 'serverless-plugin-warmup') return 'a warmer';
  return marks.find(([mark]) => mark in event)?.[1];
}
