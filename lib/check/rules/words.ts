import type { MappingKind } from '../model';

/** Fourteen days: the longest that SQS keeps a message. */
export const longestRetention = 1_209_600;

/** What is written for an on-failure destination. */
export const destination = 'DestinationConfig: { OnFailure: { Destination: <ARN of a standard queue> } }';

/** What is written for a dead-letter queue. */
export const redrivePolicy = 'RedrivePolicy: { deadLetterTargetArn: <ARN of another queue>, maxReceiveCount: 5 }';

/** What a record that always fails holds up. */
export const laneOf: { readonly [K in MappingKind]: string } = {
  sqs: 'queue',
  kinesis: 'shard',
  dynamodb: 'shard',
  kafka: 'partition',
};

export function seconds(count: number): string {
  return counted(count, 'second');
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
