import type { ChunkError } from '../chunk-error';
import { byPosition, type EntryAnswer, type PositionalApi } from './by-position';

/** The parts of an answer of PutRecords that say what failed. */
export interface PutRecordsAnswer {
  /** How many were not taken. */
  readonly FailedRecordCount?: number | null | undefined;
  /** What became of each record, in their order: `ErrorCode` where it was not taken. */
  readonly Records?: readonly EntryAnswer[] | null | undefined;
}

const API: PositionalApi = {
  helper: 'putRecords',
  call: 'PutRecords',
  service: 'Kinesis',
  list: 'Records',
  count: 'FailedRecordCount',
  isMessageSafe: true,
};

/**
 * The records that PutRecords of Kinesis has not taken, by their position in the request, which has to be their index in
 * the chunk; undefined where it has taken all. The name of each error is its ErrorCode.
 *
 * @throws BatchProcessingError where the answer fits no request, so that the whole chunk fails
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
 *
 * @example
 * ```ts
 * const Records = chunk.map((order) => ({ PartitionKey: order.id, Data: Buffer.from(JSON.stringify(order)) }));
 * const error = failedIn.putRecords(await kinesis.send(new PutRecordsCommand({ StreamName: 'orders', Records })));
 * if (error !== undefined) throw error;
 * ```
 */
export function putRecords(result: PutRecordsAnswer): ChunkError | undefined {
  return byPosition(API, result);
}
