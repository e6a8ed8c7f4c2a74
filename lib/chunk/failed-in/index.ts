export { batchWrite } from './batch-write';
export { bulk } from './bulk';
export { putEvents } from './put-events';
export { putRecordBatch } from './put-record-batch';
export { putRecords } from './put-records';
export { sendMessageBatch } from './send-message-batch';
