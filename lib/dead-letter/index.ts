export { sqsQueue, type SqsQueueOptions } from './sqs-queue';
