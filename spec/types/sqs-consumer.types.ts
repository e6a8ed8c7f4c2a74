// Compiled by `npm run compile` in both dialects: what compiles here has to compile for users, and what must not, does not.
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { expectTypeOf } from 'expect-type';
import { Consumer, type ConsumerOptions as Options14 } from 'sqs-consumer';
import type { Consumer as Consumer15, ConsumerOptions as Options15 } from 'sqs-consumer-15';

import { BatchHandler, BatchProcessor, createBatchHandler, lambdaHandler, processPartialResponse } from '../../lib';
import { type ConsumerHealth, type SqsConsumer, sqsConsumer, type SqsEntry } from '../../lib/sqs-consumer';

class OrderHandler {
  @BatchHandler({ source: 'SQS' })
  async handle(_record: SQSRecord): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'KinesisDataStreams' })
  stream(): void {
    // fits
  }
}

const sqs = new SQSClient();
const queue = { sqs, queueUrl: 'https://sqs/1/orders', queueArn: 'arn:aws:sqs:eu-west-1:1:orders' };
const orders = sqsConsumer(lambdaHandler(new OrderHandler(), 'handle'), { ...queue, visibilityTimeout: 30 });

expectTypeOf(orders).toEqualTypeOf<SqsConsumer<SQSClient>>();
expectTypeOf(orders.options).toExtend<Options14>();
expectTypeOf(orders.options).toExtend<Options15>();
expectTypeOf(orders.health()).toEqualTypeOf<ConsumerHealth>();
expectTypeOf<Consumer15>().toExtend<Parameters<typeof orders.stop>[0]>();

const consumer = Consumer.create({ ...orders.options, waitTimeSeconds: 5 });
void orders.stop(consumer);
// @ts-expect-error the consumer is to be named
void orders.stop();

// Every way to write an entry.
sqsConsumer(
  createBatchHandler({ source: 'SQS' }, () => undefined),
  { ...queue, visibilityTimeout: 30, heartbeat: true, longest: 600, gracePeriod: 5, logger: console },
);
const processor = new BatchProcessor('SQS');
const entry: SqsEntry = (event, context) => processPartialResponse(event, () => undefined, processor, { context });
sqsConsumer(entry, { ...queue, visibilityTimeout: 30 });

// @ts-expect-error a method for one record is no entry: lambdaHandler(orders, 'handle')
sqsConsumer(new OrderHandler().handle, { ...queue, visibilityTimeout: 30 });
// @ts-expect-error an entry for another source
sqsConsumer(lambdaHandler<'KinesisDataStreams'>(new OrderHandler(), 'stream'), { ...queue, visibilityTimeout: 30 });
// @ts-expect-error there is no default for the visibility timeout
sqsConsumer(entry, queue);
// @ts-expect-error an option of sqs-consumer's own goes into Consumer.create
sqsConsumer(entry, { ...queue, visibilityTimeout: 30, waitTimeSeconds: 5 });
// @ts-expect-error seconds are a number
sqsConsumer(entry, { ...queue, visibilityTimeout: '30' });
