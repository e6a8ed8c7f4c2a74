/** How a value, or key, was serialised that Lambda has read with a schema registry. */
export interface KafkaSchemaMetadata {
  /** Such as `AVRO`. */
  readonly dataFormat: string;
  /** What the registry knows the schema by. */
  readonly schemaId?: string;
}

/**
 * A record of a Kafka topic, as Lambda hands it over.
 *
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html#msk-sample-event
 */
// No interface: what `register` of a processor takes is any object, as only types are known to be.
export type KafkaRecord = {
  /** The topic that it was read from. */
  topic: string;
  /** The partition of the topic, from 0. */
  partition: number;
  /** Its position in the partition. */
  offset: number;
  /** Epoch milliseconds. */
  timestamp: number;
  /** Who has set the timestamp: `CREATE_TIME` the producer, `LOG_APPEND_TIME` the broker. */
  timestampType: 'CREATE_TIME' | 'LOG_APPEND_TIME';
  /** In base64; see `keyOf`. */
  key?: string | null;
  /** In base64; absent or null in a tombstone. */
  value?: string | null;
  /** One object a header; names may repeat, and bytes are signed. See `headersOf`. */
  headers: { [name: string]: number[] }[];
  /** Of its key, where a schema registry has read it. */
  keySchemaMetadata?: KafkaSchemaMetadata;
  /** Of its value, where a schema registry has read it. */
  valueSchemaMetadata?: KafkaSchemaMetadata;
};

/** What Lambda calls a function with for Amazon MSK, and for clusters that AWS does not manage. */
export interface KafkaEvent {
  /** Amazon MSK, or a cluster that AWS does not manage. */
  eventSource: 'aws:kafka' | 'SelfManagedKafka';
  /** The cluster; Amazon MSK only. */
  eventSourceArn?: string;
  /** `host:port`, with commas between. */
  bootstrapServers?: string;
  /** By topic and partition, such as `orders-0`. */
  records: { [topicPartition: string]: KafkaRecord[] };
}

/** What a record is reported by. */
export interface KafkaItemIdentifier {
  /** Topic and partition as the event names them, such as `orders-0`. */
  partition: string;
  /** The position in it. */
  offset: number;
}

/**
 * What Lambda expects where the event source mapping has `ReportBatchItemFailures`, for which it needs provisioned mode.
 *
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export interface KafkaBatchResponse {
  /** The records from which on each partition is delivered again; empty where all are done. */
  batchItemFailures: { itemIdentifier: KafkaItemIdentifier }[];
}
