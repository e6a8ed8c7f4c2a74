import type { Mapping, MappingKind, Queue } from '../model';
import { destinationOf } from './destinations';
import { textOf } from './evaluate';
import { entriesOf, isObject, type Json, property, textIn } from './json';
import { settingsOf } from './mapping';
import { type Parts, sourceOf } from './mappings';
import { propertiesOf, type Properties, type TemplateResource } from './template-resource';
import { booleanOf, otherwise } from './values';

/** What mappings SAM makes of events, and the property that has the source. */
const events: Readonly<Record<string, { readonly kind: MappingKind; readonly source: string }>> = {
  SQS: { kind: 'sqs', source: 'Queue' },
  Kinesis: { kind: 'kinesis', source: 'Stream' },
  DynamoDB: { kind: 'dynamodb', source: 'Stream' },
  MSK: { kind: 'kafka', source: 'Stream' },
  SelfManagedKafka: { kind: 'kafka', source: 'KafkaBootstrapServers' },
};

/** The mappings that SAM makes of the events of functions, with the logical ids that it gives them. */
export function* eventMappingsOf(parts: Parts): Iterable<Mapping> {
  for (const fn of parts.world.all(['AWS::Serverless::Function'])) {
    for (const [name, event] of entriesOf(property(fn.declared.properties, 'Events'))) {
      const type = textIn(event, 'Type') ?? '';
      const properties = propertiesOf(property(event, 'Properties'), fn.scope);
      if (Object.hasOwn(events, type)) yield eventMapping(fn, name, properties, events[type]!, parts);
      else if (type === 'SNS') yield* subscribed(fn, name, property(event, 'Properties'), properties, parts);
    }
  }
}

function eventMapping(
  fn: TemplateResource,
  name: string,
  properties: Properties,
  { kind, source }: { readonly kind: MappingKind; readonly source: string },
  parts: Parts,
): Mapping {
  return {
    ...described(fn, name, ''),
    kind,
    function: parts.functions.of(fn),
    ...sourceOf(kind, properties.get(source), properties, fn.stack, parts),
    ...settingsOf(properties, kind),
    canReport: true,
    onFailure: destinationOf(properties.get('DestinationConfig'), fn.stack, parts.world, parts.queues),
  };
}

/** The mapping of a queue between a topic and a function, which SAM makes for `SqsSubscription` and which says little. */
function* subscribed(
  fn: TemplateResource,
  name: string,
  declared: Json | undefined,
  { get }: Properties,
  parts: Parts,
): Iterable<Mapping> {
  const subscription = property(declared, 'SqsSubscription');
  const isMade = booleanOf(get('SqsSubscription')) === true;
  if (!isMade && !isObject(subscription)) return;
  const own = propertiesOf(isMade ? {} : subscription, fn.scope);
  const source = sourceOf('sqs', own.get('QueueArn'), own, fn.stack, parts);
  const queue = isMade ? madeQueue(fn, name, textOf(get('Topic')), parts) : undefined;
  yield {
    ...described(fn, name, 'EventSourceMapping'),
    kind: 'sqs',
    function: parts.functions.of(fn),
    ...(queue === undefined ? source : { queue, stream: undefined, sourceKey: `${fn.key}${name}Queue` }),
    ...settingsOf({ get: (property) => (property === 'BatchSize' ? own.get(property) : undefined) }, 'sqs'),
    canReport: false,
    onFailure: undefined,
  };
}

function madeQueue(fn: TemplateResource, name: string, topic: string | undefined, parts: Parts): Queue {
  const resource = parts.world.referred(topic, fn.stack, ['AWS::SNS::Topic']);
  const isFifo = resource === undefined ? false : otherwise(booleanOf(resource.get('FifoTopic')), false);
  return parts.queues.made(`${fn.key}${name}Queue`, described(fn, name, 'Queue'), isFifo);
}

function described(fn: TemplateResource, event: string, suffix: string) {
  const { file, line, ignored } = fn.described();
  const own = fn.stack.document.lineOf(['Resources', fn.id, 'Properties', 'Events', event]);
  return { id: `${fn.id}${event}${suffix}`, file, line: own ?? line, ignored };
}
