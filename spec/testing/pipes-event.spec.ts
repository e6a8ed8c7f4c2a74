import type { DynamoDBRecord, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import { expectTypeOf } from 'expect-type';

import { BatchHandler, createBatchHandler, lambdaHandler } from '../../lib';
import { kafka } from '../../lib/kafka';
import { pipe, type PipesKinesisRecord } from '../../lib/pipes';
import {
  dynamodbEvent,
  type DynamoDBChange,
  kafkaEvent,
  kinesisEvent,
  lambdaContext,
  pipesEvent,
  type PipesKafkaRecord,
  sqsEvent,
} from '../../lib/testing';
import { nameIn } from '../support/kafka';
import { fakeLogger } from '../support/logger';
import { rejection } from '../support/promises';

const changes: DynamoDBChange[] = [
  { eventName: 'INSERT', keys: { id: 1 }, newImage: { name: 'a' } },
  { eventName: 'REMOVE', keys: { id: 2 } },
];

// Shapes: further-sources, section 4.2, after https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-sqs.html
// and the page of each of the others.
describe('pipesEvent', () => {
  it('has the messages of SQS as the event source mapping has them', () => {
    const options = { fifo: true, messageGroupId: (body: string) => body[0]! };

    expect(pipesEvent('SQS', ['a1', 'b1'], options)).to.deep.equal(sqsEvent(['a1', 'b1'], options).Records);
  });

  it('has the records of Kinesis flat', () => {
    const options = { shardId: 'shardId-000000000006', partitionKey: (payload: string) => payload };
    const [record] = pipesEvent('KinesisDataStreams', ['a'], options);
    const { kinesis, ...rest } = kinesisEvent(['a'], options).Records[0]!;

    expect(record).to.deep.equal({ ...kinesis, ...rest });
    expect(record!.eventID).to.equal(`shardId-000000000006:${record!.sequenceNumber}`);
    expect(record).to.include({ eventSource: 'aws:kinesis', partitionKey: 'a', data: 'YQ==' });
    expect(record).not.to.have.property('kinesis');
  });

  it('has the records of DynamoDB as the event source mapping has them', () => {
    const options = { streamViewType: 'KEYS_ONLY', seed: 7 } as const;

    expect(pipesEvent('DynamoDBStreams', changes, options)).to.deep.equal(dynamodbEvent(changes, options).Records);
  });

  it('has the records of Kafka flat, each with its cluster, topic and partition', () => {
    const options = { partition: (_: unknown, index: number) => index % 2 };
    const records = pipesEvent('Kafka', ['a', 'b', null], options);
    const { records: lists, ...cluster } = kafkaEvent(['a', 'b', null], options);

    expect(records).to.deep.equal([
      { ...cluster, eventSourceKey: 'orders-0', ...lists['orders-0']![0] },
      { ...cluster, eventSourceKey: 'orders-0', ...lists['orders-0']![1] },
      { ...cluster, eventSourceKey: 'orders-1', ...lists['orders-1']![0] },
    ]);
    expect(pipesEvent('Kafka', ['a'], { eventSource: 'SelfManagedKafka' })[0])
      .to.include({ eventSource: 'SelfManagedKafka' })
      .and.not.to.have.property('eventSourceArn');
  });

  it('is an array also of one record, and of none', () => {
    expect(pipesEvent('SQS', ['a']))
      .to.be.an('array')
      .with.lengthOf(1);
    for (const source of ['SQS', 'KinesisDataStreams', 'Kafka'] as const) {
      expect(pipesEvent(source as 'SQS', [])).to.deep.equal([]);
    }
    expect(pipesEvent('DynamoDBStreams', [])).to.deep.equal([]);
  });

  it('refuses another source, and what the event of the source refuses', () => {
    expect(() => pipesEvent('MQ' as never, [])).to.throw(
      TypeError,
      "Expected source to be one of SQS, KinesisDataStreams, DynamoDBStreams, Kafka, received 'MQ' (string).",
    );
    expect(() => pipesEvent('SQS', ['a'], { partitionKey: 'a' } as object)).to.throw(
      TypeError,
      'sqsEvent: unknown option partitionKey',
    );
    expect(() => pipesEvent('KinesisDataStreams', null as never)).to.throw(TypeError, 'payloads to be an array');
    expect(() => pipesEvent('Kafka', ['a'], { partition: -1 })).to.throw(RangeError, 'received -1.');
  });

  it('has a type of its own for each source', () => {
    expectTypeOf(pipesEvent('SQS', ['a'])).toEqualTypeOf<SQSRecord[]>();
    expectTypeOf(pipesEvent('KinesisDataStreams', ['a'])).toEqualTypeOf<PipesKinesisRecord[]>();
    expectTypeOf(pipesEvent('DynamoDBStreams', changes)).toEqualTypeOf<DynamoDBRecord[]>();
    expectTypeOf(pipesEvent('Kafka', ['a'])).toEqualTypeOf<PipesKafkaRecord[]>();
  });

  it('fits the entry of a decorated method behind a pipe, of its source and without a cast', async () => {
    const [sqsPipe, kinesisPipe] = [pipe('SQS'), pipe('KinesisDataStreams')];
    class Orders {
      @BatchHandler({ source: sqsPipe, logger: fakeLogger() })
      handleMessage({ body }: SQSRecord): void {
        if (body === 'b') throw new Error('no');
      }

      @BatchHandler({ source: kinesisPipe, order: 'shard', logger: fakeLogger() })
      handleRecord({ kinesis }: { readonly kinesis: { readonly data: string } }): void {
        if (kinesis.data === 'Yg==') throw new Error('no');
      }
    }
    const messages = pipesEvent('SQS', ['a', 'b']);
    const records = pipesEvent('KinesisDataStreams', ['a', 'b', 'c']);
    const orders = new Orders();

    expect(await lambdaHandler<typeof sqsPipe>(orders, 'handleMessage')(messages, lambdaContext())).to.deep.equal({
      batchItemFailures: [{ itemIdentifier: messages[1]!.messageId }],
    });
    expect(await lambdaHandler<typeof kinesisPipe>(orders, 'handleRecord')(records, lambdaContext())).to.deep.equal({
      batchItemFailures: [records[1]!, records[2]!].map(({ eventID }) => ({ itemIdentifier: eventID })),
    });
  });

  it('fits the entry of a function behind a pipe, of its source and without a cast', async () => {
    const logger = fakeLogger();
    const items = createBatchHandler({ source: pipe('DynamoDBStreams'), logger }, ({ eventName }) => {
      if (eventName === 'REMOVE') throw new Error('no');
    });
    const records = pipesEvent('DynamoDBStreams', changes);
    expect(await items(records, lambdaContext())).to.deep.equal({
      batchItemFailures: [{ itemIdentifier: records[1]!.eventID }],
    });

    const topics = createBatchHandler({ source: pipe(kafka), logger }, (record) => {
      if (nameIn(record) === 'b') throw new Error('no');
    });
    expect(await rejection(topics(pipesEvent('Kafka', ['a', 'b']), lambdaContext()))).to.be.an.instanceOf(Error);
    expect(await topics(pipesEvent('Kafka', ['a', 'c']), lambdaContext())).to.deep.equal({ batchItemFailures: [] });
  });
});
