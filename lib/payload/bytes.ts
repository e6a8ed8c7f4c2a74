import { type Marked, marked } from './reader';

/**
 * Reads the data of a Kinesis record, or what another reader has decoded, as it is.
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'KinesisDataStreams', payload: bytes() }, (data) => {
 *   console.log(data.length);
 * });
 * ```
 */
export const bytes = (): ((raw: Buffer) => Buffer) & Marked => marked(['bytes'], (raw: Buffer) => raw);
