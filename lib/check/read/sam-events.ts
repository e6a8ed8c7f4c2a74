import type { Mapping, MappingKind, Queue } from '../model';
import type { Value } from './evaluate';
import { entriesOf, isObject, property, textIn } from './json';
import { type Parts, saidOf, sourceOf } from './mappings';
import { queueOfSam } from './queues';
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
      else if (type === 'SNS') yield* subscribed(fn, name, properties, parts);
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
    function: parts.functions.of(fn),
    ...saidOf(kind, properties, sourceOf(properties.get(source), fn.stack, parts.world, kind), parts),
  };
}

/** The mapping of a queue between a topic and a function, which SAM makes for `SqsSubscription` and which says little. */
function* subscribed(fn: TemplateResource, name: string, { get }: Properties, parts: Parts): Iterable<Mapping> {
  const subscription = get('SqsSubscription');
  const isMade = booleanOf(subscription) === true;
  if (!isMade && !isObject(subscription)) return;
  const own = {
    get: (name: string) => (['BatchSize', 'Enabled'].includes(name) ? property(subscription, name) : undefined),
  };
  yield {
    ...described(fn, name, 'EventSourceMapping'),
    function: parts.functions.of(fn),
    ...saidOf('sqs', own, sourceOf(property(subscription, 'QueueArn'), fn.stack, parts.world, 'sqs'), parts),
    ...(isMade ? { queue: madeQueue(fn, name, get('Topic'), parts), sourceKey: `${fn.key}${name}Queue` } : {}),
    canReport: false,
  };
}

function madeQueue(fn: TemplateResource, name: string, topic: Value, { world }: Parts): Queue {
  const resource = world.referred(topic, fn.stack, ['AWS::SNS::Topic']);
  const isFifo = resource === undefined ? false : otherwise(booleanOf(resource.get('FifoTopic')), false);
  return queueOfSam(described(fn, name, 'Queue'), isFifo);
}

function described(fn: TemplateResource, event: string, suffix: string) {
  const { file, line, ignored } = fn.described();
  const own = fn.stack.document.lineOf(['Resources', fn.id, 'Properties', 'Events', event]);
  return { id: `${fn.id}${event}${suffix}`, key: `${fn.key}${event}${suffix}`, file, line: own ?? line, ignored };
}
