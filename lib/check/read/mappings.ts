import { open, type LambdaFunction, type Mapping, type MappingKind } from '../model';
import { destinationOf, serviceOf } from './destinations';
import type { Value } from './evaluate';
import type { Functions } from './functions';
import { member, settingsOf } from './mapping';
import type { Queues } from './queues';
import { kindOfType, streamOf } from './streams';
import type { Stack } from './stack';
import type { Properties, TemplateResource } from './template-resource';
import { isKnown } from './tokens';
import { textsOf } from './values';
import type { World } from './world';

const MAPPING = 'AWS::Lambda::EventSourceMapping';

/** What mappings are put together from. */
export interface Parts {
  readonly world: World;
  readonly queues: Queues;
  readonly functions: Functions;
}

/** The mappings that are resources of their own. */
export function* mappingsOf(parts: Parts): Iterable<Mapping> {
  for (const resource of parts.world.all([MAPPING])) {
    const mapping = mappingOf(resource, parts);
    if (mapping !== undefined) yield mapping;
  }
}

/** Undefined where its source is none of those that batches are handled of. */
function mappingOf(resource: TemplateResource, parts: Parts): Mapping | undefined {
  const { stack } = resource;
  const fn = parts.functions.referred(resource.get('FunctionName'), stack);
  const arn = resource.get('EventSourceArn');
  const servers = member(resource.get('SelfManagedEventSource'), 'Endpoints', 'KafkaBootstrapServers');
  const source = parts.world.referred(arn, stack, Object.keys(kindOfType));
  const kind = kindOf(resource, arn, source) ?? (fn === undefined ? 'stream' : streamKindOf(fn));
  if (kind === 'other') return undefined;
  return {
    ...resource.described(),
    ...(kind === 'stream' ? { kind: 'kinesis', isKindOpen: true } : { kind }),
    function: fn,
    ...sourceOf(kind, servers ?? arn, resource, stack, parts),
    ...settingsOf(resource, kind === 'stream' ? 'kinesis' : kind),
    canReport: true,
    onFailure: destinationOf(resource.get('DestinationConfig'), stack, parts.world, parts.queues),
  };
}

const kindOfService: Readonly<Record<string, MappingKind>> = {
  sqs: 'sqs',
  kinesis: 'kinesis',
  dynamodb: 'dynamodb',
  kafka: 'kafka',
};

/** Undefined for a stream that may be one of Kinesis or of DynamoDB. */
function kindOf(
  { get }: TemplateResource,
  arn: Value,
  source: TemplateResource | undefined,
): MappingKind | 'other' | undefined {
  if (source !== undefined) return kindOfType[source.type];
  const service = typeof arn === 'string' ? serviceOf(arn) : undefined;
  if (service !== undefined) return kindOfService[service] ?? 'other';
  if (get('Topics') !== undefined || get('SelfManagedEventSource') !== undefined) return 'kafka';
  if (get('Queues') !== undefined || get('DocumentDBEventSourceConfig') !== undefined) return 'other'; // Amazon MQ
  return get('StartingPosition') === undefined ? 'sqs' : undefined; // all others need it
}

/** What a function that reads a stream must be allowed tells which one it is. */
function streamKindOf({ grants }: LambdaFunction): 'kinesis' | 'dynamodb' | 'stream' {
  const actions = grants === open ? [] : grants.flatMap((grant) => grant.actions);
  const [kinesis, dynamodb] = ['kinesis', 'dynamodb'].map((service) =>
    actions.some((action) => action.toLowerCase().startsWith(`${service}:`) && /getrecords|\*$/i.test(action)),
  );
  if (kinesis === dynamodb) return 'stream';
  return kinesis ? 'kinesis' : 'dynamodb';
}

/** The source of a mapping, as far as it is among what was read. */
export function sourceOf(
  kind: MappingKind | 'stream',
  source: Value,
  { get }: Properties,
  stack: Stack,
  { world, queues }: Parts,
): Pick<Mapping, 'queue' | 'stream' | 'sourceKey'> {
  const resource = world.referred(source, stack, Object.keys(kindOfType));
  const stream = resource?.type === 'AWS::Kinesis::StreamConsumer' ? streamBehind(resource, world) : resource;
  const topics = textsOf(get('Topics'));
  return {
    queue: kind === 'sqs' && resource !== undefined ? queues.of(resource) : undefined,
    stream: kind !== 'sqs' && kind !== 'kafka' && stream !== undefined ? streamOf(stream) : undefined,
    sourceKey: keyOf(source, resource, stack, world, typeof topics === 'object' ? topics : []),
  };
}

function streamBehind(consumer: TemplateResource, world: World): TemplateResource | undefined {
  return world.referred(consumer.get('StreamARN'), consumer.stack, ['AWS::Kinesis::Stream']);
}

/** Topics of a cluster are sources of their own. What two stacks say the same way is the same where it is known or imported. */
function keyOf(
  source: Value,
  resource: TemplateResource | undefined,
  stack: Stack,
  { tokens }: World,
  topics: readonly string[],
): string | undefined {
  if (source === undefined || source === null) return undefined;
  const text = typeof source === 'string' ? source : JSON.stringify(source);
  const shown = tokens.shown(text);
  const isSame = isKnown(text) || shown.startsWith('${import ');
  return [resource?.key ?? (isSame ? shown : `${stack.key} ${shown}`), ...topics].join(' ');
}
