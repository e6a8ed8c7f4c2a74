import type { ChunkError } from '../chunk-error';
import { byPosition, type EntryAnswer, type PositionalApi } from './by-position';

/** The parts of an answer of PutRecordBatch that say what failed. */
export interface PutRecordBatchAnswer {
  /** How many were not taken. */
  readonly FailedPutCount?: number | null | undefined;
  /** What became of each record, in their order: `ErrorCode` where it was not taken. */
  readonly RequestResponses?: readonly EntryAnswer[] | null | undefined;
}

const API: PositionalApi = {
  helper: 'putRecordBatch',
  call: 'PutRecordBatch',
  service: 'Firehose',
  list: 'RequestResponses',
  count: 'FailedPutCount',
  isMessageSafe: true,
};

/**
 * The records that PutRecordBatch of Firehose has not taken, by their position in the request, which has to be their index
 * in the chunk; undefined where it has taken all. The name of each error is its ErrorCode.
 *
 * @throws BatchProcessingError where the answer fits no request, so that the whole chunk fails
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 *
 * @example
 * ```ts
 * const Records = chunk.map((order) => ({ Data: Buffer.from(JSON.stringify(order)) }));
 * const answer = await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'orders', Records }));
 * const error = failedIn.putRecordBatch(answer);
 * if (error !== undefined) throw error;
 * ```
 */
export function putRecordBatch(result: PutRecordBatchAnswer): ChunkError | undefined {
  return byPosition(API, result);
}
