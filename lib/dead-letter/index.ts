export { type DeadLetter, deadLetter, type DeadLetterOptions, type DeliverTo, type ErrorMatcher } from './dead-letter';
export { sqsQueue, type SqsQueueOptions } from './sqs-queue';
