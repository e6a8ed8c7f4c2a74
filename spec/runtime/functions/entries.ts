/** Every order of every source, in every way to write an entry. */
import type { Context, DynamoDBRecord, KinesisStreamRecord, SQSEvent, SQSRecord } from 'aws-lambda';

import {
  BatchHandler,
  type BatchProcessingOptions,
  BatchProcessor,
  createBatchHandler,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from 'lambda-batch-handler';

import { stopBeforeTimeout } from './settings';
import { textOf, workOn } from './work';

class Orders {
  @BatchHandler({ source: 'SQS', stopBeforeTimeout })
  parallel(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', processInParallel: false, stopBeforeTimeout })
  sequential(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', fifo: true, stopBeforeTimeout })
  fifo(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true, stopBeforeTimeout })
  fifoGroups(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'KinesisDataStreams', stopBeforeTimeout })
  kinesis(record: KinesisStreamRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'KinesisDataStreams', order: 'shard', stopBeforeTimeout })
  kinesisShard(record: KinesisStreamRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'KinesisDataStreams', order: 'key', stopBeforeTimeout })
  kinesisKey(record: KinesisStreamRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'DynamoDBStreams', stopBeforeTimeout })
  dynamodb(record: DynamoDBRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'DynamoDBStreams', order: 'shard', stopBeforeTimeout })
  dynamodbShard(record: DynamoDBRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'DynamoDBStreams', order: 'key', stopBeforeTimeout })
  dynamodbKey(record: DynamoDBRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', processor: new BatchProcessor(EventType.SQS), stopBeforeTimeout })
  processor(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }

  @BatchHandler({ source: 'SQS', fifo: true, processor: new SqsFifoPartialProcessorAsync(), stopBeforeTimeout })
  fifoProcessor(record: SQSRecord): Promise<void> {
    return workOn(textOf(record));
  }
}

export const decorated = new Orders();

type AnyRecord = Parameters<typeof textOf>[0];
const handle = (record: AnyRecord): Promise<void> => workOn(textOf(record));

export const created = {
  parallel: createBatchHandler({ source: 'SQS', stopBeforeTimeout }, handle),
  sequential: createBatchHandler({ source: 'SQS', processInParallel: false, stopBeforeTimeout }, handle),
  fifo: createBatchHandler({ source: 'SQS', fifo: true, stopBeforeTimeout }, handle),
  fifoGroups: createBatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true, stopBeforeTimeout }, handle),
  kinesis: createBatchHandler({ source: 'KinesisDataStreams', stopBeforeTimeout }, handle),
  kinesisShard: createBatchHandler({ source: 'KinesisDataStreams', order: 'shard', stopBeforeTimeout }, handle),
  kinesisKey: createBatchHandler({ source: 'KinesisDataStreams', order: 'key', stopBeforeTimeout }, handle),
  dynamodb: createBatchHandler({ source: 'DynamoDBStreams', stopBeforeTimeout }, handle),
  dynamodbShard: createBatchHandler({ source: 'DynamoDBStreams', order: 'shard', stopBeforeTimeout }, handle),
  dynamodbKey: createBatchHandler({ source: 'DynamoDBStreams', order: 'key', stopBeforeTimeout }, handle),
};

/** An entry of the class API. */
function respondingBy(processor: BatchProcessor, options: BatchProcessingOptions = {}) {
  return (event: { Records: AnyRecord[] }, context: Context): Promise<object> =>
    processPartialResponse(event, handle, processor, { ...options, stopBeforeTimeout, context, logger: console });
}

const steps = new BatchProcessor(EventType.SQS);

export const classApi = {
  parallel: respondingBy(new BatchProcessor(EventType.SQS)),
  sequential: respondingBy(new BatchProcessor(EventType.SQS), { processInParallel: false }),
  fifo: respondingBy(new SqsFifoPartialProcessorAsync()),
  fifoGroups: respondingBy(new SqsFifoPartialProcessorAsync(), { skipGroupOnError: true }),
  kinesis: respondingBy(new BatchProcessor(EventType.KinesisDataStreams)),
  kinesisShard: respondingBy(new BatchProcessor(EventType.KinesisDataStreams), { order: 'shard' }),
  kinesisKey: respondingBy(new BatchProcessor(EventType.KinesisDataStreams), { order: 'key' }),
  dynamodb: respondingBy(new BatchProcessor(EventType.DynamoDBStreams)),
  dynamodbShard: respondingBy(new BatchProcessor(EventType.DynamoDBStreams), { order: 'shard' }),
  dynamodbKey: respondingBy(new BatchProcessor(EventType.DynamoDBStreams), { order: 'key' }),
  steps: async (event: SQSEvent, context: Context): Promise<object> => {
    steps.register(event.Records, handle, { stopBeforeTimeout, context, logger: console });
    await steps.process();
    return steps.response();
  },
};
