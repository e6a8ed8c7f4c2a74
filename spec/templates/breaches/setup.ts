import type { Entry } from '../../../lib/check/model';
import { type Deployment, deploymentOf, type SourceProperties, type Template, type With } from '../deployment';

/** What is deployed, and the options of its handler: changing them changes the template, and what is known of the handler. */
export interface Setup extends With<'mapping' | 'deadLetters'> {
  readonly template: Template;
  readonly entry: { -readonly [K in keyof Entry]: Entry[K] };
}

/** How a rule of lib/check is broken. */
export interface Breach {
  /** What can break it. */
  readonly of: (deployment: Deployment) => boolean;
  breach(setup: Setup): void;
  /** Takes the fault away where it is in the templates as they are. */
  mend?(setup: Setup): void;
  /** Rules that cannot be kept where this one is broken in this way. */
  readonly also?: readonly string[];
}

export function setupOf(template: Template, entry: Setup['entry']): Setup {
  return { ...(deploymentOf(template) as With<'mapping' | 'deadLetters'>), template, entry };
}

/** The queue that a mapping reads. */
export function queueOf({ source }: Setup): SourceProperties {
  return source!.properties;
}

export const isMapping = ({ mapping }: Deployment): boolean => mapping !== undefined;

export const isQueue = (deployment: Deployment): boolean =>
  isMapping(deployment) && deployment.source?.type === 'AWS::SQS::Queue';

export const isFifo = (deployment: Deployment): boolean =>
  isQueue(deployment) && deployment.source!.properties.FifoQueue === true;

export const isStandard = (deployment: Deployment): boolean => isQueue(deployment) && !isFifo(deployment);

/** Kinesis, DynamoDB Streams and Kafka. */
export const isStream = (deployment: Deployment): boolean => isMapping(deployment) && !isQueue(deployment);

/** The clusters are no resources of the templates. */
export const isKafka = (deployment: Deployment): boolean => isMapping(deployment) && deployment.source === undefined;

/** Kinesis and DynamoDB Streams. */
export const isShard = (deployment: Deployment): boolean => isStream(deployment) && !isKafka(deployment);
