export { BatchHandlerChecks, type BatchHandlerChecksOptions } from './batch-handler-checks';
