import type { S3Event } from 'aws-lambda';

import { ParsingError } from '../errors';
import { jsonOf, propertiesOf } from './json';
import { type Marked, marked } from './reader';

/**
 * Reads an Amazon S3 event notification. The test event that S3 sends when notifications are set up has no Records, and
 * becomes an event with none. Object keys are URL-encoded, as S3 sends them.
 *
 * Shape: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'SQS', payload: s3Event() }, ({ Records }) => {
 *   for (const { s3 } of Records) console.log(s3.bucket.name);
 * });
 * ```
 */
export const s3Event = (): ((raw: string | Uint8Array) => S3Event) & Marked => marked(['text', 'bytes'], s3EventOf);

function s3EventOf(raw: string | Uint8Array): S3Event {
  const { Records: records, Event: event } = propertiesOf(jsonOf(raw));
  if (event === 's3:TestEvent' && records === undefined) return { Records: [] };
  const isS3 = Array.isArray(records) && records.every(isS3Record);
  if (!isS3) throw new ParsingError('The payload is no S3 event notification.');
  return { Records: records as S3Event['Records'] };
}

function isS3Record(record: unknown): boolean {
  const { s3 } = propertiesOf(record);
  return typeof s3 === 'object' && s3 !== null;
}
