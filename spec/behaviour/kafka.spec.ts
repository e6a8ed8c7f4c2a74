import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon, { type SinonFakeTimers } from 'sinon';

import {
  BatchHandler,
  BatchProcessingError,
  BatchProcessor,
  createBatchHandler,
  type Delivery,
  FullBatchFailureError,
  lambdaHandler,
  observe,
  type Observer,
  processPartialResponse,
  UnexpectedBatchTypeError,
} from '../../lib';
import { kafka, type KafkaBatchResponse, type KafkaEvent, type KafkaRecord } from '../../lib/kafka';
import { json, text } from '../../lib/payload';
import { exponentialBackoff } from '../../lib/retry-delay';
import { lambdaContext, sqsEvent } from '../support/events';
import { kafkaEvent, kafkaRecord, mixedEvent, nameIn, offsets } from '../support/kafka';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';

interface Options {
  readonly order?: 'partition' | 'key';
  readonly concurrency?: number;
  readonly throwOnFullBatchFailure?: boolean;
  readonly logger?: ReturnType<typeof fakeLogger>;
  readonly observers?: readonly Observer[];
  readonly stopBeforeTimeout?: number;
}

type Respond = (
  event: KafkaEvent,
  handle: (record: KafkaRecord) => unknown,
  options?: Options,
  context?: Context,
) => Promise<KafkaBatchResponse>;

/** The options as one of the types of options, which a spec need not know. */
const fitting = (options: Options = {}) => ({ logger: fakeLogger(), ...options }) as { order: 'key' };

const ways: Readonly<Record<string, Respond>> = {
  '@BatchHandler': (event, handle, options, context = lambdaContext()) => {
    class Orders {
      @BatchHandler({ source: kafka, ...fitting(options) })
      async handle(record: KafkaRecord): Promise<void> {
        await handle(record);
      }
    }
    return lambdaHandler<typeof kafka>(new Orders(), 'handle')(event, context);
  },
  createBatchHandler: (event, handle, options, context = lambdaContext()) =>
    createBatchHandler({ source: kafka, ...fitting(options) }, async (record) => {
      await handle(record);
    })(event, context),
  '@BatchHandler with a processor': (event, handle, options, context = lambdaContext()) => {
    class Orders {
      @BatchHandler({ source: kafka, processor: new BatchProcessor(kafka), ...fitting(options) })
      async handle(record: KafkaRecord): Promise<void> {
        await handle(record);
      }
    }
    return lambdaHandler<typeof kafka>(new Orders(), 'handle')(event, context);
  },
  processPartialResponse: (event, handle, options, context = lambdaContext()) =>
    processPartialResponse<typeof kafka>(event, handle, new BatchProcessor(kafka), { ...fitting(options), context }),
};

/** Fails the named records, and notes all that it was called with. */
function failing(...names: readonly string[]) {
  const ran: string[] = [];
  const handle = async (record: KafkaRecord): Promise<void> => {
    ran.push(nameIn(record));
    await Promise.resolve();
    if (names.includes(nameIn(record))) throw new Error('failed');
  };
  return { ran, handle };
}

// The tables K and further evidence: further-sources, section 3, after
// https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html.
for (const [title, respond] of Object.entries(ways)) {
  describe(`A batch of Kafka, through ${title}`, () => {
    it('is reported by topic-partition and offset, and a failure stops nothing without an order (K1)', async () => {
      const { ran, handle } = failing('orders-0@11 b');
      expect(await respond(mixedEvent(), handle)).to.deep.equal(offsets('orders-0@11'));
      expect(ran).to.have.lengthOf(5);
    });

    it('is in order within its partitions, and what was not run is reported (K2)', async () => {
      const { ran, handle } = failing('orders-0@11 b');
      expect(await respond(mixedEvent(), handle, { order: 'partition' })).to.deep.equal(
        offsets('orders-0@11', 'orders-0@12', 'orders-0@13'),
      );
      expect(ran).to.have.members(['orders-0@10 a', 'orders-0@11 b', 'orders-1@7 c']);
    });

    it('is in order within its keys (K3)', async () => {
      const { ran, handle } = failing('orders-0@11 b');
      expect(await respond(mixedEvent(), handle, { order: 'key' })).to.deep.equal(
        offsets('orders-0@11', 'orders-0@13'),
      );
      expect(ran).to.include('orders-0@12 a');
    });

    it('has tombstones handled like any record where there is no reader (K4)', async () => {
      const { value: _none, ...absent } = kafkaRecord('orders-0@1 a');
      const handle = sinon.fake();
      const event = kafkaEvent(absent, kafkaRecord('orders-0@2 a', { value: null }));
      expect(await respond(event, handle)).to.deep.equal(offsets());
      sinon.assert.calledTwice(handle);
    });

    it('has an empty answer where there are no records (K5)', async () => {
      expect(await respond(kafkaEvent(), failing().handle)).to.deep.equal(offsets());
    });

    it('fails as a whole where no record succeeds, unless that is switched off (K6)', async () => {
      const { handle } = failing('orders-0@1', 'orders-1@2');
      const event = kafkaEvent('orders-0@1', 'orders-1@2');
      expect(await rejection(respond(event, handle))).to.be.an.instanceOf(FullBatchFailureError);
      expect(await respond(event, handle, { throwOnFullBatchFailure: false })).to.deep.equal(
        offsets('orders-0@1', 'orders-1@2'),
      );
    });

    for (const [what, offset] of [
      ['beyond what a double can hold', 2 ** 53],
      ['below zero', -1],
      ['a text', '12'],
      ['absent', undefined],
    ] as const) {
      it(`comes back as a whole where a record has failed whose offset is ${what} (K7)`, async () => {
        const bad = kafkaRecord('orders-0@1 a', { offset: offset as number });
        const error = await rejection(respond(kafkaEvent('orders-0@0 a', bad), failing('orders-0@1 a').handle));
        expect(error).to.be.an.instanceOf(BatchProcessingError).with.property('message').that.includes('index 1');
        expect(await respond(kafkaEvent(bad, 'orders-0@3'), failing('orders-0@3').handle)).to.deep.equal(
          offsets('orders-0@3'),
        );
      });
    }

    it('has topics with hyphens (K8)', async () => {
      const event = kafkaEvent('my-topic-1-2@4', 'my-topic-1-2@5');
      expect(await respond(event, failing('my-topic-1-2@5').handle)).to.deep.equal(offsets('my-topic-1-2@5'));
    });

    it('keeps the same key apart in other topics and partitions, and the same offset too (K9)', async () => {
      const event = kafkaEvent('t-0@5 k', 't-1@5 k', 'u-0@5 k');
      expect(await respond(event, failing('t-0@5 k').handle, { order: 'key' })).to.deep.equal(offsets('t-0@5'));
    });

    it('runs its partitions side by side, each in order (K11)', async () => {
      const gates = new Map<string, Deferred>();
      const started: string[] = [];
      const event = kafkaEvent('t-0@1', 't-1@1', 't-0@2', 't-1@2');
      const answer = respond(
        event,
        (record) => {
          const gate = new Deferred();
          gates.set(nameIn(record), gate);
          started.push(nameIn(record));
          return gate.promise;
        },
        { order: 'partition' },
      );
      await settled();
      expect(started).to.deep.equal(['t-0@1', 't-1@1']);
      gates.get('t-1@1')!.resolve();
      await settled();
      expect(started).to.deep.equal(['t-0@1', 't-1@1', 't-1@2']);
      gates.get('t-0@1')!.resolve();
      await settled();
      for (const gate of gates.values()) gate.resolve();
      expect(started).to.deep.equal(['t-0@1', 't-1@1', 't-1@2', 't-0@2']);
      expect(await answer).to.deep.equal(offsets());
    });

    it('has one lane a partition for records without a key, and an empty key is one (K12)', async () => {
      const event = kafkaEvent(
        't-0@1',
        kafkaRecord('t-0@2', { key: null }),
        kafkaRecord('t-0@3', { key: '' }),
        't-1@4',
        't-0@5 k',
      );
      const { ran, handle } = failing('t-0@1');
      expect(await respond(event, handle, { order: 'key' })).to.deep.equal(offsets('t-0@1', 't-0@2'));
      expect(ran).to.have.members(['t-0@1', 't-0@3', 't-1@4', 't-0@5 k']);
    });

    it('is the same of a cluster that AWS does not manage (K14)', async () => {
      const { eventSourceArn: _none, ...event } = mixedEvent();
      const selfManaged = { ...event, eventSource: 'SelfManagedKafka' } as const;
      expect(await respond(selfManaged, failing('orders-0@11 b').handle)).to.deep.equal(offsets('orders-0@11'));
    });

    it('is refused before any record runs where the event is something else (K15)', async () => {
      const { ran, handle } = failing();
      for (const [wrong, said] of [
        [{ ...mixedEvent(), records: [] }, 'records: an array'],
        [{ ...mixedEvent(), records: { 't-0': {} } }, 'records of a partition that are an object'],
        [{ ...mixedEvent(), records: { 't-0': [kafkaRecord('t-0@1'), null] } }, 'at index 1 null'],
        [{ ...mixedEvent(), records: { 't-0': [{ id: 1 }] } }, 'at index 0 one of unknown shape'],
        [{ ...mixedEvent(), records: null }, 'records: null'],
        [{ records: 'a' }, 'records: a value of type string'],
        [sqsEvent('a'), 'records: undefined'],
        [{ eventSource: 'aws:mq', records: {} }, 'records: an object'],
        [{ 'detail-type': 'a', detail: {} }, 'an event of EventBridge'],
        [[kafkaRecord('t-0@1')], 'pipe() of lambda-batch-handler/pipes'],
        [null, 'received null'],
        [undefined, 'received undefined'],
      ] as const) {
        const error = await rejection(respond(wrong as never, handle));
        expect(error, said).to.be.an.instanceOf(UnexpectedBatchTypeError);
        expect(error).to.have.property('message').that.includes(said);
      }
      expect(ran).to.deep.equal([]);
    });

    it('is reported by the name that the event has, where a record disagrees (K16)', async () => {
      const event = { ...mixedEvent(), records: { 'orders-7': [kafkaRecord('orders-0@1'), kafkaRecord('t-9@2')] } };
      expect(await respond(event, failing('t-9@2').handle)).to.deep.equal(offsets('orders-7@2'));
    });

    it('is reported for each partition where one object stands for several records', async () => {
      const record = kafkaRecord('t-0@3');
      const event = { ...mixedEvent(), records: { 'a-0': [record, kafkaRecord('a-0@9')], 'b-0': [record] } };
      expect(await respond(event, failing('t-0@3').handle)).to.deep.equal(offsets('a-0@3', 'b-0@3'));
    });

    it('is reported by the offset that the record had when it came (K17)', async () => {
      const event = kafkaEvent('t-0@1', 't-0@2');
      const handle = (record: KafkaRecord): void => {
        if (record.offset !== 2) return;
        Object.assign(record, { offset: 99, partition: 4, topic: 'x' });
        throw new Error('failed');
      };
      expect(await respond(event, handle)).to.deep.equal(offsets('t-0@2'));
    });

    it('is answered with objects that no other answer shares (K21)', async () => {
      const { handle } = failing('orders-0@11 b');
      const event = mixedEvent();
      const [one, other] = [await respond(event, handle), await respond(event, handle)];
      expect(one.batchItemFailures[0]!.itemIdentifier).not.to.equal(other.batchItemFailures[0]!.itemIdentifier);
      Object.assign(one.batchItemFailures[0]!.itemIdentifier, { offset: 0 });
      expect(other).to.deep.equal(offsets('orders-0@11'));
    });

    it('is told of by topic, partition and offset in one word', async () => {
      const logger = fakeLogger();
      const seen: unknown[] = [];
      const observer = observe({
        onBatchStart: ({ source }) => seen.push(source),
        onRecordFailure: ({ itemIdentifier, receiveCount }) => seen.push(itemIdentifier, receiveCount),
      });
      await respond(mixedEvent(), failing('orders-0@11 b').handle, { logger, observers: [observer] });
      expect(seen).to.deep.equal(['Kafka', 'orders-0@11', undefined]);
      sinon.assert.calledOnceWithMatch(logger.error, 'Record orders-0@11 failed.');
    });

    describe('near the timeout of its function', () => {
      let clock: SinonFakeTimers;
      beforeEach(() => {
        clock = sinon.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setImmediate'] });
      });
      afterEach(() => {
        clock.restore();
      });

      it('reports what runs and what has not run, of every partition (K20)', async () => {
        const event = kafkaEvent('t-0@1', 't-0@2', 't-1@1', 't-1@2');
        const end = Date.now() + 3000;
        const context = lambdaContext(() => end - Date.now());
        const handle = (record: KafkaRecord) => (nameIn(record) === 't-1@1' ? undefined : new Promise(() => undefined));
        const answer = respond(event, handle, { order: 'partition', stopBeforeTimeout: 1000 }, context);
        await clock.tickAsync(2000);
        expect(await answer).to.deep.equal(offsets('t-0@1', 't-0@2', 't-1@2'));
      });
    });
  });
}

describe('A handler for Kafka', () => {
  it('reads a value that Lambda has read with a schema registry, and keeps what is said of it (K18)', async () => {
    const valueSchemaMetadata = { dataFormat: 'AVRO', schemaId: '1234' };
    const seen: unknown[] = [];
    class Readings {
      @BatchHandler({ source: kafka, order: 'partition', payload: json<{ celsius: number }>() })
      handle({ celsius }: { celsius: number }, _context: Context, { record }: Delivery<KafkaRecord>): void {
        seen.push(celsius, record.valueSchemaMetadata);
      }
    }
    const value = Buffer.from('{"celsius":21}').toString('base64');
    const event = kafkaEvent(kafkaRecord('t-0@1', { value, valueSchemaMetadata }));
    expect(await lambdaHandler<typeof kafka>(new Readings(), 'handle')(event, lambdaContext())).to.deep.equal(
      offsets(),
    );
    expect(seen).to.deep.equal([21, valueSchemaMetadata]);
  });

  it('refuses what only queues have, and the order of shards, with a hint', () => {
    const make = (options: object) => () => createBatchHandler({ source: kafka, ...options }, (() => 1) as never);
    expect(make({ fifo: true })).to.throw(
      TypeError,
      "for streams use order: 'partition' or 'key', received source: 'Kafka'",
    );
    expect(make({ retryDelay: exponentialBackoff({ base: 1, max: 2 }) })).to.throw(
      TypeError,
      'retryDelay is for source',
    );
    expect(make({ order: 'shard' })).to.throw(TypeError, "expected order to be 'partition' or 'key', received 'shard'");
    expect(make({ order: 7 })).to.throw(TypeError, 'expected order to be a string, received 7');
    expect(make({ order: 'partition', processInParallel: true })).to.throw(
      TypeError,
      'processInParallel is for batches',
    );
    expect(() => BatchHandler({ source: 'Kafka' } as never)).to.throw(TypeError, 'kafka of lambda-batch-handler/kafka');
    expect(() => new BatchProcessor('Kafka' as never)).to.throw(TypeError, 'kafka of lambda-batch-handler/kafka');
  });

  it('keeps the order of shards for the sources that have shards', () => {
    const make = () =>
      createBatchHandler({ source: 'KinesisDataStreams', order: 'partition' } as never, (() => 1) as never);
    expect(make).to.throw(TypeError, "expected order to be 'shard' or 'key', received 'partition'");
  });

  it('is reported by its own topic and partition where a user takes the records of an event', async () => {
    const processor = new BatchProcessor(kafka);
    const records = [kafkaRecord('t-0@1'), kafkaRecord('my-t-1@2')];
    processor.register(records, failing('my-t-1@2').handle);
    await processor.process();
    expect(processor.response()).to.deep.equal(offsets('my-t-1@2'));
    expect(processor.eventType).to.equal('Kafka');
  });

  it('gives a record handler of the class API a copy with what was read', async () => {
    const handle = sinon.fake();
    const processor = new BatchProcessor(kafka, { payload: text() });
    await processPartialResponse<typeof kafka>(kafkaEvent('t-0@1'), handle, processor);
    sinon.assert.calledOnceWithMatch(handle, { ...kafkaRecord('t-0@1'), value: 't-0@1' });
  });
});
