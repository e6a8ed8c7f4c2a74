export type { KafkaBatchResponse, KafkaEvent, KafkaItemIdentifier, KafkaRecord, KafkaSchemaMetadata } from './event';
export { headersOf } from './headers-of';
export { kafka } from './kafka';
export { keyOf } from './key-of';
export { topicPartitionOf } from './records';
export { tombstone } from './tombstone';
