export { ConsumerStoppedError } from './consumer-stopped-error';
export type { SqsConsumerOptions } from './options';
export type { SqsMessage } from './record-of';
export {
  type ConsumerHealth,
  type ConsumerOptions,
  type SqsConsumer,
  sqsConsumer,
  type SqsEntry,
  type StoppableConsumer,
} from './sqs-consumer';
