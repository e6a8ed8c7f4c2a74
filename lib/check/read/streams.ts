import type { MappingKind, Stream } from '../model';
import { open } from '../model';
import type { TemplateResource } from './template-resource';
import { numberOf } from './values';

/** The kinds of mappings by the types of their sources. */
export const kindOfType: Readonly<Record<string, MappingKind>> = {
  'AWS::SQS::Queue': 'sqs',
  'AWS::Kinesis::Stream': 'kinesis',
  'AWS::Kinesis::StreamConsumer': 'kinesis',
  'AWS::DynamoDB::Table': 'dynamodb',
  'AWS::DynamoDB::GlobalTable': 'dynamodb',
  'AWS::MSK::Cluster': 'kafka',
  'AWS::MSK::ServerlessCluster': 'kafka',
};

const DAY_HOURS = 24;
const HOUR_SECONDS = 3_600;

/** A Kinesis stream, which keeps records for a day where nothing is said, or a table, whose stream always does. */
export function streamOf(resource: TemplateResource): Stream {
  const hours = resource.type === 'AWS::Kinesis::Stream' ? numberOf(resource.get('RetentionPeriodHours')) : undefined;
  return { ...resource.described(), retention: hours === open ? open : (hours ?? DAY_HOURS) * HOUR_SECONDS };
}
