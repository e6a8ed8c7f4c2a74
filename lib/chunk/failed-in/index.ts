import { batchWrite } from './batch-write';
import { bulk } from './bulk';
import { putEvents } from './put-events';
import { putRecordBatch } from './put-record-batch';
import { putRecords } from './put-records';
import { sendMessageBatch } from './send-message-batch';

/** Looks at the answer of a service for a whole chunk: what to throw for the entries that failed, undefined where none did. */
export const failedIn = { batchWrite, bulk, putEvents, putRecordBatch, putRecords, sendMessageBatch };
