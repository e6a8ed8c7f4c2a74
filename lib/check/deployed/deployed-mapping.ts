import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';

import {
  type Destination,
  type LambdaFunction,
  type Mapping,
  type MappingKind,
  mappingKinds,
  open,
  type Queue,
} from '../model';
import { nameIn, resource } from './resource';

/** What of a mapping is found out by other calls than that which lists it. */
interface Around {
  readonly function: LambdaFunction | undefined;
  /** Gives a queue by its ARN; undefined where it is not looked at. */
  readonly queueOf: (arn: string) => Queue | undefined;
}

/** Undefined where it is of another source: a message broker, a document database. */
export function kindOf({
  EventSourceArn,
  SelfManagedEventSource,
}: EventSourceMappingConfiguration): MappingKind | undefined {
  if (SelfManagedEventSource !== undefined) return 'kafka';
  const service = EventSourceArn?.split(':')[2];
  return mappingKinds.find((kind) => kind === service);
}

/** A mapping as Lambda describes it, with -1 where a limit is none. */
export function mappingOf(kind: MappingKind, config: EventSourceMappingConfiguration, around: Around): Mapping {
  const { UUID = '', EventSourceArn: arn = '', FilterCriteria, FilterCriteriaError } = config;
  const filters = FilterCriteria?.Filters?.length || undefined;
  const hasPollers = Object.values(config.ProvisionedPollerConfig ?? {}).some((value) => value !== undefined);
  return {
    ...resource(UUID),
    kind,
    function: around.function,
    queue: kind === 'sqs' ? around.queueOf(arn) : undefined,
    stream: streamOf(kind, arn),
    sourceKey: sourceKeyOf(kind, config),
    isEnabled: !config.State?.startsWith('Disabl'), // or is being disabled
    responseTypes: config.FunctionResponseTypes ?? [],
    canReport: true,
    batchSize: config.BatchSize ?? open,
    window: config.MaximumBatchingWindowInSeconds ?? 0,
    filters: FilterCriteriaError === undefined ? filters : open, // its key is not ours to use
    maximumConcurrency: config.ScalingConfig?.MaximumConcurrency,
    maximumRetryAttempts: config.MaximumRetryAttempts,
    maximumRecordAge: config.MaximumRecordAgeInSeconds,
    onFailure: destinationOf(config.DestinationConfig?.OnFailure?.Destination, around),
    bisects: config.BisectBatchOnFunctionError,
    parallelizationFactor: config.ParallelizationFactor,
    tumblingWindow: config.TumblingWindowInSeconds,
    startingPosition: config.StartingPosition,
    isProvisioned: kind === 'kafka' && hasPollers,
  };
}

/** The mapping of another function that reads the same queue: what tells that it is there, and nothing else. */
export function otherMappingOf(config: EventSourceMappingConfiguration, fn: LambdaFunction): Mapping {
  const unknown = { responseTypes: open, batchSize: open, window: open, maximumConcurrency: open } as const;
  return { ...mappingOf('sqs', config, { function: fn, queueOf: () => undefined }), ...unknown };
}

/** The name in `...:stream/orders`, also of its consumer, or in `...:table/Orders/stream/...`. */
function streamOf(kind: MappingKind, arn: string): Mapping['stream'] {
  const name = /:(?:stream|table)\/([^/]+)/.exec(arn)?.[1];
  if (name === undefined || (kind !== 'kinesis' && kind !== 'dynamodb')) return undefined;
  // That of DynamoDB is always a day; to ask Kinesis would take one more permission.
  return { ...resource(name), retention: kind === 'dynamodb' ? 86_400 : open };
}

function sourceKeyOf(kind: MappingKind, config: EventSourceMappingConfiguration): string | undefined {
  const { EventSourceArn, SelfManagedEventSource, Topics = [] } = config;
  const brokers = Object.values(SelfManagedEventSource?.Endpoints ?? {}).flat();
  const cluster = EventSourceArn ?? (brokers.length === 0 ? undefined : brokers.sort().join());
  return kind === 'kafka' && cluster !== undefined ? `${cluster} ${Topics.join()}` : cluster;
}

function destinationOf(to: string | undefined, { queueOf }: Around): Destination | undefined {
  if (to === undefined) return undefined; // Lambda lists an empty OnFailure where there is none
  const service = to.startsWith('kafka://') ? 'kafka' : to.split(':')[2];
  const kind = (['sqs', 'sns', 's3', 'kafka'] as const).find((each) => each === service);
  const isFifo = (kind === 'sqs' || kind === 'sns') && nameIn(to).endsWith('.fifo');
  return { kind: kind ?? open, queue: kind === 'sqs' ? queueOf(to) : undefined, isFifo };
}
