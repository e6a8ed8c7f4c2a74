import type { CloudWatchLogsDecodedData } from 'aws-lambda';

import { ParsingError } from '../errors';
import { gunzip } from './gunzip';
import { jsonOf, propertiesOf } from './json';
import { type Marked, marked } from './reader';

/**
 * Reads what a CloudWatch Logs subscription puts into a Kinesis stream: log events as JSON in gzip. A `messageType` of
 * `CONTROL_MESSAGE` is a check that the stream can be reached.
 *
 * Shape: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'KinesisDataStreams', payload: cloudWatchLogs() }, ({ logGroup, logEvents }) => {
 *   console.log(logGroup, logEvents.length);
 * });
 * ```
 */
export const cloudWatchLogs = (): ((raw: Uint8Array) => CloudWatchLogsDecodedData) & Marked => {
  const inflated = gunzip(jsonOf);
  return marked(['bytes'], (raw: Uint8Array) => logsOf(inflated(raw)));
};

function logsOf(logs: unknown): CloudWatchLogsDecodedData {
  const { messageType, logEvents } = propertiesOf(logs);
  if (typeof messageType !== 'string' || !Array.isArray(logEvents)) {
    throw new ParsingError('The payload is no data of a CloudWatch Logs subscription.');
  }
  return logs as CloudWatchLogsDecodedData;
}
