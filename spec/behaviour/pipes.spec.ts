import type { Context, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  BatchHandler,
  BatchProcessingError,
  BatchProcessor,
  createBatchHandler,
  type Delivery,
  FullBatchFailureError,
  lambdaHandler,
  observe,
  processPartialResponse,
  UnexpectedBatchTypeError,
} from '../../lib';
import { kafka } from '../../lib/kafka';
import { json, text } from '../../lib/payload';
import { pipe, type PipesKinesisRecord } from '../../lib/pipes';
import {
  dynamodbRecord,
  fifoRecord,
  kinesisEvent,
  kinesisRecord,
  lambdaContext,
  nameOf,
  sqsEvent,
  sqsRecord,
} from '../support/events';
import { kafkaEvent, kafkaRecord, nameIn } from '../support/kafka';
import { fakeLogger } from '../support/logger';
import { rejection } from '../support/promises';

const context = lambdaContext();
const queue = pipe('SQS');
const stream = pipe('KinesisDataStreams');
const changes = pipe('DynamoDBStreams');
const topics = pipe(kafka);

/** A Kinesis record as a pipe sends it. */
function flat(data: string, index: number): PipesKinesisRecord {
  const { kinesis, ...rest } = kinesisRecord(data, index);
  return { ...kinesis, ...rest };
}

/** Kafka records as a pipe sends them: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-msk.html. */
const fromTopics = (...names: readonly string[]) =>
  names.map((name) => {
    const { topic, partition, ...rest } = kafkaRecord(name);
    const place = { eventSource: 'aws:kafka', eventSourceKey: `${topic}-${partition}`, topic };
    return { ...rest, ...place, partition: String(partition) as unknown as number };
  });

const identifiers = (...texts: readonly string[]) => ({
  batchItemFailures: texts.map((itemIdentifier) => ({ itemIdentifier })),
});

/** Fails records of these names. */
const failing =
  (...names: readonly string[]) =>
  (record: unknown): void => {
    if (names.includes(nameOf(record as SQSRecord))) throw new Error('failed');
  };

/** A way to write an entry, with the options of whatever source. */
type Way = (
  options: { readonly source: unknown; readonly [option: string]: unknown },
  handle: (record: never) => unknown,
) => (event: unknown, context: Context) => Promise<unknown>;

const ways: Readonly<Record<string, Way>> = {
  '@BatchHandler': (options, handle) => {
    class Orders {
      @BatchHandler({ logger: fakeLogger(), ...options } as unknown as { source: typeof queue })
      async handle(record: SQSRecord): Promise<void> {
        await handle(record as never);
      }
    }
    const entry = lambdaHandler<typeof queue>(new Orders(), 'handle');
    return (event) => entry(event as SQSRecord[], context);
  },
  createBatchHandler: (options, handle) => {
    const given = { logger: fakeLogger(), ...options } as unknown as { source: typeof queue };
    const entry = createBatchHandler(given, async (record) => {
      await handle(record as never);
    });
    return (event) => entry(event as SQSRecord[], context);
  },
  processPartialResponse: ({ source, ...options }, handle) => {
    const processor = new BatchProcessor(source as typeof queue);
    return (event) =>
      processPartialResponse<typeof queue>(event as SQSRecord[], handle, processor, { ...options, context });
  },
};

// Rules: further-sources, section 4, after
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html.
for (const [title, entryFor] of Object.entries(ways)) {
  describe(`A batch of EventBridge Pipes, through ${title}`, () => {
    it('is reported by message identifiers where it comes from SQS (P1)', async () => {
      const entry = entryFor({ source: queue }, failing('m2'));
      expect(await entry([sqsRecord('m1'), sqsRecord('m2')], context)).to.deep.equal(identifiers('id-m2'));
    });

    it('is in order within message groups where it comes from a FIFO queue', async () => {
      const entry = createBatchHandler(
        { source: queue, fifo: true, skipGroupOnError: true, logger: fakeLogger() },
        failing('a1'),
      );
      expect(await entry([fifoRecord('a1'), fifoRecord('b1'), fifoRecord('a2')], context)).to.deep.equal(
        identifiers('id-a1', 'id-a2'),
      );
    });

    it('is reported by event identifiers where it comes from Kinesis, whose records are flat (P2)', async () => {
      const seen: KinesisStreamRecord[] = [];
      const handle = (record: KinesisStreamRecord): void => {
        seen.push(record);
        failing('a2')(record);
      };
      const entry = entryFor({ source: stream }, handle);
      const event = [flat('a1', 0), flat('a2', 1)];
      expect(await entry(event, context)).to.deep.equal(identifiers(event[1]!.eventID));
      expect(event[1]!.eventID).to.match(/^shardId-\d{12}:\d+$/);
      expect(seen).to.deep.equal(kinesisEvent('a1', 'a2').Records);
    });

    it('is reported by event identifiers where it comes from DynamoDB, in order too (P3)', async () => {
      const event = [dynamodbRecord('a1', 0), dynamodbRecord('b1', 1), dynamodbRecord('a2', 2)];
      const inOrder = entryFor({ source: changes, order: 'shard' }, failing('b1'));
      expect(await inOrder(event, context)).to.deep.equal(identifiers('event-b1', 'event-a2'));
      const byKey = entryFor({ source: changes, order: 'key' }, failing('a1'));
      expect(await byKey(event, context)).to.deep.equal(identifiers('event-a1', 'event-a2'));
    });

    it('has an empty answer where there are no records (P4)', async () => {
      for (const source of [queue, stream, changes, topics]) {
        expect(await entryFor({ source }, failing())([], context)).to.deep.equal(identifiers());
      }
    });

    it('fails as a whole where no record succeeds, unless that is switched off (P5)', async () => {
      const event = [sqsRecord('m1')];
      const error = await rejection(entryFor({ source: queue }, failing('m1'))(event, context));
      expect(error).to.be.an.instanceOf(FullBatchFailureError);
      const entry = entryFor({ source: queue, throwOnFullBatchFailure: false }, failing('m1'));
      expect(await entry(event, context)).to.deep.equal(identifiers('id-m1'));
    });

    it('comes back as a whole where a transformer has left no identifier (P7)', async () => {
      for (const [source, event] of [
        [queue, [sqsRecord('m1'), { body: 'm2' }]],
        [stream, [flat('m1', 0), { data: flat('m2', 1).data, eventSource: 'aws:kinesis' }]],
        [changes, [dynamodbRecord('m1', 0), { ...dynamodbRecord('m2', 1), eventID: undefined }]],
      ] as const) {
        const error = await rejection(entryFor({ source }, failing('m2'))(event, context));
        expect(error).to.be.an.instanceOf(BatchProcessingError).with.property('message').that.includes('index 1');
        expect(await entryFor({ source }, failing())(event, context)).to.deep.equal(identifiers());
      }
    });

    it('comes back as a whole where a record of Kafka has failed, which the log names (P8)', async () => {
      const logger = fakeLogger();
      const handle = (record: never): void => {
        if (nameIn(record) === 'orders-0@11 b') throw new Error('failed');
      };
      const event = fromTopics('orders-0@10 a', 'orders-0@11 b', 'orders-1@7 c');
      const error = await rejection(entryFor({ source: topics, logger }, handle)(event, context));
      expect(error)
        .to.be.an.instanceOf(BatchProcessingError)
        .with.property(
          'message',
          'pipe(Kafka) takes no partial answer, and records failed (index 1), so the whole batch is returned.',
        );
      expect(error).to.have.nested.property('cause.message', 'failed');
      sinon.assert.calledOnceWithMatch(logger.error, 'Record orders-0@11 failed.');
    });

    it('has records of Kafka in order within their partitions, whoever runs the cluster', async () => {
      const ran: string[] = [];
      const handle = async (record: never): Promise<void> => {
        ran.push(nameIn(record));
        await Promise.resolve();
        ran.push('end');
      };
      const event = fromTopics('t-0@1', 't-0@2').map((record) => ({ ...record, eventSource: 'SelfManagedKafka' }));
      expect(await entryFor({ source: topics, order: 'partition' }, handle)(event, context)).to.deep.equal(
        identifiers(),
      );
      expect(ran).to.deep.equal(['t-0@1', 'end', 't-0@2', 'end']);
    });

    it('is refused before any record runs where it is of something else (P9)', async () => {
      const handle = sinon.fake();
      for (const [source, event, said] of [
        [queue, [sqsRecord('a'), flat('b', 0)], "at index 1 one whose eventSource is 'aws:kinesis'"],
        [queue, [sqsRecord('a'), null], 'at index 1 null'],
        [stream, [flat('a', 0), sqsRecord('b')], "at index 1 one whose eventSource is 'aws:sqs'"],
        [stream, [flat('a', 0), 'text'], 'at index 1 a value of type string'],
        [stream, [undefined], 'at index 0 undefined'],
        [changes, [{ id: 1 }], 'at index 0 one of unknown shape'],
        [topics, [...fromTopics('t-0@1'), sqsRecord('b')], "at index 1 one whose eventSource is 'aws:sqs'"],
        [topics, [7], 'at index 0 a value of type number'],
        [queue, sqsEvent('a'), 'an event of an event source mapping: leave pipe() out'],
        [topics, kafkaEvent('t-0@1'), 'an event of an event source mapping: leave pipe() out'],
        [queue, { id: 1 }, 'received an object'],
        [queue, { 'detail-type': 'a', detail: {} }, 'an event of EventBridge'],
        [queue, null, 'received null'],
        [queue, 'text', 'a value of type string'],
      ] as const) {
        const error = await rejection(entryFor({ source }, handle)(event, context));
        expect(error, said).to.be.an.instanceOf(UnexpectedBatchTypeError);
        expect(error).to.have.property('message').that.includes(said);
      }
      sinon.assert.notCalled(handle);
    });

    it('names pipe() to an entry that is called with an array without it', async () => {
      for (const [source, event] of [
        ['SQS', [sqsRecord('a')]],
        ['KinesisDataStreams', [flat('a', 0)]],
        ['DynamoDBStreams', [dynamodbRecord('a', 0)]],
        [kafka, fromTopics('t-0@1')],
      ] as const) {
        const error = await rejection(entryFor({ source }, failing())(event, context));
        expect(error).to.be.an.instanceOf(UnexpectedBatchTypeError);
        expect(error).to.have.property('message').that.includes('pipe() of lambda-batch-handler/pipes');
      }
    });
  });
}

describe('A handler behind EventBridge Pipes', () => {
  it('reads the payload of a flat Kinesis record as that of any other (P6)', async () => {
    const seen: unknown[] = [];
    class Readings {
      @BatchHandler({ source: stream, order: 'key', payload: json<{ celsius: number }>() })
      handle({ celsius }: { celsius: number }, _context: Context, delivery: Delivery<KinesisStreamRecord>): void {
        seen.push(celsius, delivery.record.kinesis.partitionKey, delivery.itemIdentifier);
      }
    }
    const record = { ...flat('a', 0), data: Buffer.from('{"celsius":21}').toString('base64') };
    const entry = lambdaHandler<typeof stream>(new Readings(), 'handle');
    expect(await entry([record], context)).to.deep.equal(identifiers());
    expect(seen).to.deep.equal([21, 'a', record.eventID]);
    const processor = new BatchProcessor(stream, { payload: text() });
    const handle = sinon.fake();
    await processPartialResponse<typeof stream>([flat('a', 0)], handle, processor);
    expect(handle.firstCall.args[0]).to.have.nested.property('kinesis.data', 'a');
  });

  it('takes a Kinesis record that an enrichment has nested before', async () => {
    const handle = sinon.fake();
    await createBatchHandler({ source: stream }, handle)([kinesisRecord('a', 0) as never], context);
    expect(handle.firstCall.args[0]).to.deep.equal(kinesisRecord('a', 0));
  });

  it('has another name than the source of event source mappings, also for processors', async () => {
    const names: unknown[] = [];
    const observers = [observe({ onBatchStart: ({ source }) => names.push(source) })];
    await createBatchHandler({ source: queue, observers }, failing())([sqsRecord('a')], context);
    await createBatchHandler({ source: topics, observers }, failing())([], context);
    expect(names).to.deep.equal(['pipe(SQS)', 'pipe(Kafka)']);
    expect(() => BatchHandler({ source: queue, processor: new BatchProcessor('SQS') })).to.throw(
      TypeError,
      'expected a processor for pipe(SQS), received one for SQS',
    );
  });

  it('takes the options of its source, and refuses those of others', () => {
    const make = (options: object) => () => createBatchHandler(options as never, (() => 1) as never);
    expect(make({ source: queue, order: 'key' })).to.throw(TypeError, 'order is for streams');
    expect(make({ source: stream, fifo: true })).to.throw(TypeError, 'fifo and skipGroupOnError are for');
    expect(make({ source: topics, order: 'shard' })).to.throw(TypeError, "expected order to be 'partition' or 'key'");
  });

  it('is of a source, and of nothing else', () => {
    for (const wrong of ['Kafka', undefined, {}, { ...kafka, records: undefined }]) {
      expect(() => pipe(wrong as never)).to.throw(TypeError, 'pipe(): expected one of SQS, KinesisDataStreams');
    }
  });
});
