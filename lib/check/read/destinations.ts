import { open, type Destination, type Open } from '../model';
import type { Value } from './evaluate';
import { member } from './json';
import { QUEUE, type Queues } from './queues';
import type { Stack } from './stack';
import { isKnown } from './tokens';
import { booleanOf, knownTextOf, otherwise } from './values';
import type { World } from './world';

type Kind = Exclude<Destination['kind'], typeof open>;

const kindOfType: Readonly<Record<string, Kind>> = {
  [QUEUE]: 'sqs',
  'AWS::SNS::Topic': 'sns',
  'AWS::S3::Bucket': 's3',
};

/** What SAM says of an ARN, or an ARN of itself. */
const kindOfName: Readonly<Record<string, Kind>> = { sqs: 'sqs', sns: 'sns', s3: 's3', s3bucket: 's3', kafka: 'kafka' };

/** Where a mapping sends what it discards. */
export function destinationOf(config: Value, from: Stack, world: World, queues: Queues): Open<Destination | undefined> {
  const onFailure = member(config, 'OnFailure');
  const target = member(onFailure, 'Destination');
  if (target === undefined || target === null) return undefined;
  if (typeof target !== 'string') return open;
  if (onFailure === target && !isKnown(target)) return open; // the whole of it is not known
  const resource = world.referred(target, from, Object.keys(kindOfType));
  const named = knownTextOf(member(onFailure, 'Type'));
  const kind =
    (resource && kindOfType[resource.type]) ??
    kindOfName[typeof named === 'string' ? named.toLowerCase() : ''] ??
    kindOfName[serviceOf(target) ?? ''];
  const queue = queues.referred(target, from);
  const topic = resource?.type === 'AWS::SNS::Topic' ? otherwise(booleanOf(resource.get('FifoTopic')), false) : open;
  return { kind: kind ?? open, queue, isFifo: queue?.isFifo ?? (isKnown(target) ? target.endsWith('.fifo') : topic) };
}

/** The service of an ARN, or the scheme of the URL of a topic of Kafka. */
export function serviceOf(text: string): string | undefined {
  return /^(?:arn:[^:]*:)?([\w-]+):/.exec(text)?.[1];
}
