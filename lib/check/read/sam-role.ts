import type { Value } from './evaluate';
import { entriesOf, isObject, type Json, member, orNone, property, textIn } from './json';
import { allowedBy, allowedByTemplate, type Grants } from './statements';
import { propertiesOf, type TemplateResource } from './template-resource';
import { booleanOf } from './values';

/** What SAM adds to the role of a function for its events. */
const ofEvents: Readonly<Record<string, string>> = {
  SQS: 'AWSLambdaSQSQueueExecutionRole',
  Kinesis: 'AWSLambdaKinesisExecutionRole',
  DynamoDB: 'AWSLambdaDynamoDBExecutionRole',
  MSK: 'AWSLambdaMSKExecutionRole',
};

const sendMessage: Grants = [{ actions: ['sqs:SendMessage'] }];

/**
 * What the role allows that SAM makes where a function has none: what its events, its network and its tracing need, what it
 * sends to queues, and its `Policies`.
 *
 * @param managed what a managed policy allows, by its ARN or its name
 */
export function roleOfSam(fn: TemplateResource, managed: (policy: Value) => Grants): Grants[] {
  const events = entriesOf(property(fn.declared.properties, 'Events')).map(([, event]) => event);
  const names = [
    'AWSLambdaBasicExecutionRole',
    ...events.flatMap((event) => orNone(eventPolicy(event, fn))),
    ...(fn.get('VpcConfig') === undefined ? [] : ['AWSLambdaVPCAccessExecutionRole']),
    ...(fn.get('Tracing') === undefined ? [] : ['AWSXrayWriteOnlyAccess']),
  ];
  const sent: Grants[] = sends(fn, events) ? [sendMessage] : [];
  return [
    ...names.map(managed),
    ...sent,
    ...orNone(fn.get('Policies'))
      .flat()
      .map((policy) => policyOf(policy, managed)),
  ];
}

function eventPolicy(event: Json, { scope }: TemplateResource): string | undefined {
  const type = textIn(event, 'Type') ?? '';
  const subscription = propertiesOf(property(event, 'Properties'), scope).get('SqsSubscription');
  if (type === 'SNS' && subscription !== undefined && booleanOf(subscription) !== false) return ofEvents.SQS;
  return Object.hasOwn(ofEvents, type) ? ofEvents[type] : undefined;
}

/** Whether it has a queue as a dead-letter queue or a destination: SAM allows that by the type that is given with it. */
function sends(fn: TemplateResource, events: readonly Json[]): boolean {
  const destinations = member(fn.get('EventInvokeConfig'), 'DestinationConfig');
  const types: Value[] = [
    member(fn.get('DeadLetterQueue'), 'Type'),
    member(destinations, 'OnFailure', 'Type'),
    member(destinations, 'OnSuccess', 'Type'),
    ...events.map((event) => property(event, 'Properties', 'DestinationConfig', 'OnFailure', 'Type')),
  ];
  return types.includes('SQS');
}

/** An ARN or a name, a document, or a template of SAM's with its parameters. */
function policyOf(policy: Json, managed: (policy: Value) => Grants): Grants {
  if (!isObject(policy)) return managed(policy);
  if (policy.Statement !== undefined) return allowedBy(policy);
  return allowedByTemplate(Object.keys(policy)[0] ?? '');
}
