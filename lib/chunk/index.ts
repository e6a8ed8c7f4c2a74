export type { Chunk } from '../batch/chunking';
export { ChunkError } from './chunk-error';
export { type ChunkOptions, chunksOf } from './chunks-of';
/** Look at the answer of a service for a whole chunk: what to throw for the entries that failed, undefined where none did. */
export * as failedIn from './failed-in';
export type { BatchWriteAnswer, RequestItems } from './failed-in/batch-write';
export type { BulkAnswer } from './failed-in/bulk';
export type { PutEventsAnswer } from './failed-in/put-events';
export type { PutRecordBatchAnswer } from './failed-in/put-record-batch';
export type { PutRecordsAnswer } from './failed-in/put-records';
export type { SendMessageBatchAnswer } from './failed-in/send-message-batch';
