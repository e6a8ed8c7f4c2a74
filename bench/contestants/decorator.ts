import type { KinesisStreamEvent, KinesisStreamRecord, SQSEvent, SQSRecord } from 'aws-lambda';
import { BatchHandler, observe } from 'lambda-batch-handler';
import { kafka, type KafkaEvent, type KafkaRecord } from 'lambda-batch-handler/kafka';

import { entryOf } from './entry';
import { handleBody, handleData, silent as logger } from './handlers';

// A class each, as a user would write it.

class Parallel {
  @BatchHandler({ source: 'SQS', logger })
  async handle(record: SQSRecord): Promise<void> {
    handleBody(record.body);
  }
}
export const parallel = entryOf<SQSEvent>(new Parallel());

class Sequential {
  @BatchHandler({ source: 'SQS', processInParallel: false, logger })
  async handle(record: SQSRecord): Promise<void> {
    handleBody(record.body);
  }
}
export const sequential = entryOf<SQSEvent>(new Sequential());

class FailureStopsBatch {
  @BatchHandler({ source: 'SQS', fifo: true, logger })
  async handle(record: SQSRecord): Promise<void> {
    handleBody(record.body);
  }
}
export const failureStopsBatch = entryOf<SQSEvent>(new FailureStopsBatch());

class FailureStopsGroup {
  @BatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true, logger })
  async handle(record: SQSRecord): Promise<void> {
    handleBody(record.body);
  }
}
export const failureStopsGroup = entryOf<SQSEvent>(new FailureStopsGroup());

class ByKey {
  @BatchHandler({ source: 'KinesisDataStreams', order: 'key', logger })
  async handle(record: KinesisStreamRecord): Promise<void> {
    handleData(record.kinesis.data);
  }
}
export const byKey = entryOf<KinesisStreamEvent>(new ByKey());

class ByKeyWithLimit {
  @BatchHandler({ source: 'KinesisDataStreams', order: 'key', concurrency: 100, logger })
  async handle(record: KinesisStreamRecord): Promise<void> {
    handleData(record.kinesis.data);
  }
}
export const byKeyWithLimit = entryOf<KinesisStreamEvent>(new ByKeyWithLimit());

class OfKafka {
  @BatchHandler({ source: kafka, logger })
  async handle(record: KafkaRecord): Promise<void> {
    handleData(record.value!);
  }
}
export const kafkaParallel = entryOf<KafkaEvent>(new OfKafka());

class ByPartition {
  @BatchHandler({ source: kafka, order: 'partition', logger })
  async handle(record: KafkaRecord): Promise<void> {
    handleData(record.value!);
  }
}
export const byPartition = entryOf<KafkaEvent>(new ByPartition());

class WithDeadline {
  @BatchHandler({ source: 'SQS', stopBeforeTimeout: 1_000, logger })
  async handle(record: SQSRecord): Promise<void> {
    handleBody(record.body);
  }
}
export const withDeadline = entryOf<SQSEvent>(new WithDeadline());

class WithoutObservers {
  @BatchHandler({ source: 'SQS', observers: [], logger })
  async handle(record: SQSRecord): Promise<void> {
    handleBody(record.body);
  }
}
export const withoutObservers = entryOf<SQSEvent>(new WithoutObservers());

const noOp = (): void => undefined;
const idle = observe({
  onBatchStart: noOp,
  onRecordStart: noOp,
  onRecordSuccess: noOp,
  onRecordFailure: noOp,
  onRecordUnprocessed: noOp,
  onBatchEnd: noOp,
});

class WithObserver {
  @BatchHandler({ source: 'SQS', observers: [idle], logger })
  async handle(record: SQSRecord): Promise<void> {
    handleBody(record.body);
  }
}
export const withObserver = entryOf<SQSEvent>(new WithObserver());
