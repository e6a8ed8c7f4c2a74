import {
  type LambdaFunction,
  type Mapping,
  type MappingKind,
  mappingKinds,
  open,
  type Open,
  type Resource,
} from '../model';
import { destinationOf, serviceOf } from './destinations';
import type { Value } from './evaluate';
import type { Functions } from './functions';
import { member } from './json';
import { settingsOf } from './mapping-settings';
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
  const { get, stack } = resource;
  const fn = parts.functions.referred(get('FunctionName'), stack);
  const servers = member(get('SelfManagedEventSource'), 'Endpoints', 'KafkaBootstrapServers');
  const source = sourceOf(servers ?? get('EventSourceArn'), stack, parts.world);
  const kind = kindOf(resource, source) ?? (fn === undefined ? 'stream' : streamKindOf(fn));
  if (kind === 'other') return undefined;
  return { function: fn, ...resource.described(), ...saidOf(kind, resource, source, parts) };
}

/** What a template says of the source of a mapping, and the resource that this leads to. */
interface Source {
  readonly said: Value;
  readonly stack: Stack;
  readonly resource: TemplateResource | undefined;
}

/** @param kind of the source, where it is known */
export function sourceOf(said: Value, stack: Stack, world: World, kind?: MappingKind): Source {
  const types = Object.keys(kindOfType).filter((type) => kind === undefined || kindOfType[type] === kind);
  return { said, stack, resource: world.referred(said, stack, types) };
}

/** What a mapping, or an event of SAM, says in its properties and of its source. */
export function saidOf(
  kind: MappingKind | 'stream',
  properties: Properties,
  source: Source,
  { world, queues }: Parts,
): Omit<Mapping, keyof Resource | 'function'> {
  const { stack, resource } = source;
  const stream = resource?.type === 'AWS::Kinesis::StreamConsumer' ? streamBehind(resource, world) : resource;
  const known = kind === 'stream' ? 'kinesis' : kind;
  return {
    kind: known,
    queue: kind === 'sqs' && resource !== undefined ? queues.of(resource) : undefined,
    stream: kind !== 'sqs' && kind !== 'kafka' && stream !== undefined ? streamOf(stream) : undefined,
    sourceKey: keyOf(source, textsOf(properties.get('Topics')), world),
    canReport: true,
    onFailure: destinationOf(properties.get('DestinationConfig'), stack, world, queues),
    ...(kind === 'stream' ? { isKindOpen: true } : {}),
    ...settingsOf(properties, known),
  };
}

/** Undefined for a stream that may be one of Kinesis or of DynamoDB. */
function kindOf({ get }: Properties, { resource }: Source): MappingKind | 'other' | undefined {
  if (resource !== undefined) return kindOfType[resource.type];
  const arn = get('EventSourceArn');
  const service = typeof arn === 'string' ? serviceOf(arn) : undefined;
  if (service !== undefined) return mappingKinds.find((each) => each === service) ?? 'other';
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

function streamBehind(consumer: TemplateResource, world: World): TemplateResource | undefined {
  return world.referred(consumer.get('StreamARN'), consumer.stack, ['AWS::Kinesis::Stream']);
}

/** Topics of a cluster are sources of their own. What two stacks say the same way is the same where it is known or imported. */
function keyOf(
  { said, stack, resource }: Source,
  topics: Open<readonly string[] | undefined>,
  { tokens }: World,
): string | undefined {
  if (said === undefined || said === null) return undefined;
  const text = typeof said === 'string' ? said : JSON.stringify(said);
  const shown = tokens.shown(text);
  const isSame = isKnown(text) || shown.startsWith('${import ');
  const key = resource?.key ?? (isSame ? shown : `${stack.key} ${shown}`);
  return [key, ...(typeof topics === 'object' ? topics : [])].join(' ');
}
