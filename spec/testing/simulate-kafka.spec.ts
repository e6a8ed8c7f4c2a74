import { expect } from 'chai';
import fc from 'fast-check';

import {
  BatchHandler,
  createBatchHandler,
  lambdaHandler,
  NonRetryableError,
  UnexpectedBatchTypeError,
} from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { headersOf, kafka, type KafkaEvent, type KafkaRecord, keyOf } from '../../lib/kafka';
import {
  formatTimeline,
  kafkaEvent,
  type KafkaSimulationOptions,
  simulateKafka,
  type Simulation,
} from '../../lib/testing';
import { nameIn, offsets } from '../support/kafka';
import { fakeLogger } from '../support/logger';
import { rejection } from '../support/promises';

const recordsIn = ({ records }: KafkaEvent): KafkaRecord[] => Object.values(records).flat();
const textOf = ({ topic, partition, offset }: KafkaRecord): string => `${topic}-${partition}@${offset}`;

/** A handler that reports the records of these names, by their values. */
const failing =
  (...names: string[]) =>
  (event: KafkaEvent) =>
    offsets(
      ...recordsIn(event)
        .filter((record) => names.includes(nameIn(record)))
        .map(textOf),
    );
const succeeding = failing();

/** A handler that throws where one of these is in the batch. */
const throwingAt =
  (...names: string[]) =>
  (event: KafkaEvent): void => {
    if (recordsIn(event).some((record) => names.includes(nameIn(record)))) throw new Error('no');
  };
const throwing = (): never => {
  throw new Error('no');
};

const payloads = <P>(records: readonly { readonly payload: P }[]): P[] => records.map(({ payload }) => payload);
const batches = ({ invocations }: Simulation<unknown, KafkaEvent>): string[] =>
  invocations.map(({ event }) => recordsIn(event).map(nameIn).join(' '));
const times = ({ invocations }: Simulation<unknown>): number[] => invocations.map(({ at }) => at);
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Records of two partitions, told by their letters. */
const six = ['a0', 'b0', 'a1', 'b1', 'a2', 'b2'];
const byLetter = { partitions: 2, partition: (payload: string) => (payload.startsWith('a') ? 0 : 1) };
const everySecond = { retryDelayMs: () => 1_000 };
const readings = ['items', 'resume'] as const;

describe('simulateKafka', () => {
  it('needs nothing but a handler and records, and tells all that happened', async () => {
    const event = kafkaEvent(['a', 'b'], { arrivedAt: new Date('2025-12-31T23:59:59.998Z') });
    const one = { index: 0, payload: 'a', identifier: 'orders-0@0', receiveCount: 1, at: 0 };
    const other = { index: 1, payload: 'b', identifier: 'orders-0@1', receiveCount: 1, at: 0 };

    expect(await simulateKafka({ handler: () => ({}), records: ['a', 'b'] })).to.deep.equal({
      deliveries: [
        { ...one, invocation: 0, outcome: 'committed' },
        { ...other, invocation: 0, outcome: 'committed' },
      ],
      deleted: [one, other],
      deliveredElsewhere: [],
      deadLettered: [],
      remaining: [],
      invocations: [
        {
          at: 0,
          endedAt: 0,
          event,
          answer: {},
          error: undefined,
          fault: undefined,
          cold: true,
          hung: false,
          interpretation: { outcome: 'success', returned: [], warnings: [] },
        },
      ],
      timeline: [
        { at: 0, what: 'invoked', records: [0, 1], invocation: 0 },
        { at: 0, what: 'committed', records: [0, 1], invocation: 0 },
      ],
    });
  });

  it('makes no invocation where there is no record', async () => {
    const { invocations, remaining } = await simulateKafka({
      handler: throwing,
      records: [],
      partitions: 3,
      pollers: 3,
    });

    expect([...invocations, ...remaining]).to.deep.equal([]);
  });

  it('sends the events that kafkaEvent makes, of its options', async () => {
    const options = {
      topic: 'bills',
      partition: (_: object, index: number) => index % 2,
      key: ({ id }: { id: number }) => String(id),
      headers: { mark: 'ë' },
      offset: 7,
      eventSource: 'SelfManagedKafka',
      bootstrapServers: 'a:1,b:2',
    } as const;
    const startTime = new Date('2030-02-03T04:05:06.007Z');
    const records = [{ id: 1 }, { id: 2 }, { id: 3 }];
    const { invocations } = await simulateKafka({ ...options, startTime, records, partitions: 2, handler: succeeding });
    const arrivedAt = new Date(startTime.getTime() - 3);

    expect(invocations.map(({ event }) => event)).to.deep.equal([kafkaEvent(records, { ...options, arrivedAt })]);
    expect(String(headersOf(invocations[0]!.event.records['bills-0']![0]!).get('mark'))).to.equal('ë');
  });

  it('sends tombstones for null and undefined', async () => {
    const { invocations, deleted } = await simulateKafka({ handler: succeeding, records: [null, undefined, 'a'] });

    expect(recordsIn(invocations[0]!.event).map((record) => 'value' in record)).to.deep.equal([false, false, true]);
    expect(payloads(deleted)).to.deep.equal([null, undefined, 'a']);
  });

  it('hands over a hundred records at once, or as many as batchSize says, and at most 6 MB', async () => {
    const records = Array.from({ length: 250 }, (_, index) => index);
    const sizesOf = (result: Simulation<unknown, KafkaEvent>) =>
      result.invocations.map(({ event }) => recordsIn(event).length);
    const heavy = ['1', '2', '3'].map((name) => Buffer.alloc(2 * 1024 * 1024, name));

    expect(sizesOf(await simulateKafka({ handler: succeeding, records }))).to.deep.equal([100, 100, 50]);
    expect(sizesOf(await simulateKafka({ handler: succeeding, records, batchSize: 125 }))).to.deep.equal([125, 125]);
    expect(sizesOf(await simulateKafka({ handler: succeeding, records: heavy }))).to.deep.equal([2, 1]);
  });

  describe('with several partitions', () => {
    it('has one poller take one record of each in turn, so that a batch has several', async () => {
      const records = ['a0', 'a1', 'a2', 'b0', 'b1', 'b2'];
      const result = await simulateKafka({ ...byLetter, handler: succeeding, records, batchSize: 4 });

      expect(batches(result)).to.deep.equal(['a0 a1 b0 b1', 'a2 b2']);
      expect(payloads(result.deliveries)).to.deep.equal(['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
    });

    it('shares them among its pollers, which run side by side, each with one batch at a time', async () => {
      const result = await simulateKafka({
        ...byLetter,
        handler: () => after(100),
        records: six,
        batchSize: 2,
        pollers: 2,
      });

      expect(batches(result)).to.deep.equal(['a0 a1', 'b0 b1', 'a2', 'b2']);
      expect(times(result)).to.deep.equal([0, 0, 100, 100]);
    });

    it('has nothing to do for more pollers than partitions', async () => {
      const result = await simulateKafka({ ...byLetter, handler: succeeding, records: six, pollers: 10 });

      expect(result.invocations).to.have.length(2);
      expect(result.deleted).to.have.length(6);
    });

    it('blocks only the partitions of the poller that has a bad record', async () => {
      const result = await simulateKafka({
        ...byLetter,
        handler: throwingAt('a0'),
        records: six,
        pollers: 2,
        maxInvocations: 10,
      });

      expect(payloads(result.remaining)).to.deep.equal(['a0', 'a1', 'a2']);
    });

    it('chooses the partition of a key as the producers of Kafka do', async () => {
      // By murmur2: '21' makes -973932308, 'abc' 479470107 and 'foobar' -790332482, of which the sign is dropped.
      const { deleted } = await simulateKafka({
        handler: succeeding,
        records: ['21', 'abc', 'foobar'],
        partitions: 10,
        key: (payload) => payload,
      });

      expect(deleted.map(({ payload, identifier }) => [payload, identifier])).to.have.deep.members([
        ['21', `orders-${(-973932308 & 0x7fffffff) % 10}@0`],
        ['abc', 'orders-7@0'],
        ['foobar', `orders-${(-790332482 & 0x7fffffff) % 10}@0`],
      ]);
    });

    it('deals out records without a key in turn, in each topic', async () => {
      const { deliveries } = await simulateKafka({
        handler: succeeding,
        records: ['o1', 'o2', 'b1', 'o3', 'b2'],
        topic: (payload) => (payload.startsWith('b') ? 'bills' : 'orders'),
        partitions: 2,
      });

      expect(Object.fromEntries(deliveries.map(({ payload, identifier }) => [payload, identifier]))).to.deep.equal({
        o1: 'orders-0@0',
        o2: 'orders-1@0',
        b1: 'bills-0@0',
        o3: 'orders-0@1',
        b2: 'bills-1@0',
      });
    });
  });

  // AWS does not say which of both it is: further-sources, section 3.3.
  describe('after an answer that lists failures', () => {
    const once = (...names: string[]) => {
      let calls = 0;
      return (event: KafkaEvent) => (calls++ === 0 ? failing(...names)(event) : undefined);
    };

    it('delivers everything of the partition from the lowest offset on again, unless told otherwise', async () => {
      for (const options of [{}, { undocumented: 'resume' } as const]) {
        const result = await simulateKafka({ ...byLetter, ...options, handler: once('a1'), records: six });

        expect(batches(result)).to.deep.equal(['a0 a1 a2 b0 b1 b2', 'a1 a2']);
        expect(payloads(result.deleted)).to.have.members(six);
      }
    });

    it('delivers exactly what is listed again where told so, before anything newer', async () => {
      const result = await simulateKafka({
        ...byLetter,
        handler: once('a1', 'b0'),
        records: [...six, 'a3'],
        batchSize: 6,
        undocumented: 'items',
      });

      expect(batches(result)).to.deep.equal(['a0 a1 a2 b0 b1 b2', 'b0 a1', 'a3']);
      expect(payloads(result.deleted)).to.deep.equal(['a0', 'b1', 'a2', 'b2', 'b0', 'a1', 'a3']);
      expect(result.invocations[0]!.interpretation!.warnings).to.have.lengthOf(3); // a2, b1 and b2 overtake
    });

    it('makes what is left a new batch with new retries, as for streams', async () => {
      for (const undocumented of readings) {
        const result = await simulateKafka({
          handler: failing('2'),
          records: ['1', '2'],
          maximumRetryAttempts: 2,
          undocumented,
        });

        expect(batches(result)).to.deep.equal(['1 2', '2', '2', '2']);
        expect(result.deadLettered[0]).to.include({ payload: '2', receiveCount: 4, invokeCount: 3 });
      }
    });

    it('takes a retry where all of the batch comes back', async () => {
      const result = await simulateKafka({
        ...everySecond,
        handler: failing('1'),
        records: ['1', '2'],
        maxInvocations: 3,
      });

      expect(batches(result)).to.deep.equal(['1 2', '1 2', '1 2']);
      expect(times(result)).to.deep.equal([0, 1_000, 2_000]);
      expect(result.timeline.at(1)).to.include({
        what: 'returned',
        reason: 'no progress: every record of the batch comes back',
      });
    });

    it('takes a flat identifier for a failure of the whole batch (K10)', async () => {
      const result = await simulateKafka({
        handler: () => ({ batchItemFailures: [{ itemIdentifier: 'orders-0@1' }] }),
        records: ['1', '2'],
        maximumRetryAttempts: 0,
      });

      expect(payloads(result.deadLettered)).to.deep.equal(['1', '2']);
    });

    it('commits a record that failed where the mapping has no ReportBatchItemFailures: it is lost', async () => {
      const failed: string[] = [];
      const entry = createBatchHandler({ source: kafka, logger: fakeLogger() }, (record) => {
        if (nameIn(record) !== '2') return;
        failed.push(nameIn(record));
        throw new Error('no');
      });
      const result = await simulateKafka({
        handler: entry,
        records: ['1', '2', '3'],
        reportBatchItemFailures: false,
      });

      expect(failed).to.deep.equal(['2']);
      expect(payloads(result.deleted)).to.deep.equal(['1', '2', '3']);
      expect(result.invocations).to.have.length(1);
      expect(result.invocations[0]!.interpretation!.warnings[0]).to.include('ReportBatchItemFailures is not set');
    });
  });

  describe('after a failed invocation', () => {
    it('delivers the whole batch again, of all of its partitions, before anything else', async () => {
      let calls = 0;
      const result = await simulateKafka({
        ...byLetter,
        records: six,
        batchSize: 4,
        handler: () => {
          if (calls++ < 2) throw new Error('no');
        },
      });

      expect(batches(result)).to.deep.equal([...Array<string>(3).fill('a0 a1 b0 b1'), 'a2 b2']);
      expect(times(result)).to.deep.equal([0, 250, 750, 750]);
    });

    it('gives up on it after maximumRetryAttempts, and tells an on-failure destination where it is', async () => {
      const result = await simulateKafka({
        ...byLetter,
        handler: throwing,
        records: ['a0', 'b0', 'a1'],
        maximumRetryAttempts: 1,
      });
      const [{ onFailure }, ...others] = result.deadLettered as [(typeof result.deadLettered)[0]];

      expect(
        result.deadLettered.map(({ payload, reason, invokeCount }) => [payload, reason, invokeCount]),
      ).to.deep.equal(['a0', 'b0', 'a1'].map((payload) => [payload, 'RetryAttemptsExhausted', 2]));
      for (const other of others as unknown[]) expect(other).to.have.property('onFailure', onFailure);
      expect(onFailure!.requestContext).to.include({ condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 });
      expect(onFailure!.responseContext).to.include({ functionError: 'Unhandled' });
      expect(onFailure!.KafkaBatchInfo).to.include({ batchSize: 3 });
      expect(onFailure!.KafkaBatchInfo!.recordsInfo['orders-0']).to.include({
        firstRecordOffset: '0',
        lastRecordOffset: '1',
      });
    });

    it('splits it in two with bisectBatchOnFunctionError, until the bad record is alone', async () => {
      const result = await simulateKafka({
        handler: throwingAt('4'),
        records: ['1', '2', '3', '4', '5'],
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: 1,
      });

      expect(batches(result)).to.deep.equal(['1 2 3 4 5', '1 2 3', '4 5', '4', '4', '5']);
      expect(payloads(result.deadLettered)).to.deep.equal(['4']);
    });

    it('gives up on records that are too old, of whichever partition, and goes on with the rest', async () => {
      const result = await simulateKafka({
        ...byLetter,
        handler: succeeding,
        records: ['b0', 'a0', 'b1', 'a1'],
        ageMs: (_, index) => (index < 3 ? 60_001 : 0),
        maximumRecordAgeMs: 60_000,
      });

      expect(batches(result)).to.deep.equal(['a1']);
      expect(result.deadLettered.map(({ payload, reason }) => [payload, reason])).to.deep.equal(
        ['b0', 'a0', 'b1'].map((payload) => [payload, 'RecordAgeExceeded']),
      );
      expect(result.deadLettered[0]!.onFailure!.KafkaBatchInfo!.recordsInfo).to.have.all.keys('orders-1', 'orders-0');
    });

    it('loses what the topic has dropped: after a week, or after retentionMs, without telling anybody', async () => {
      const common = { handler: throwing, records: ['a'] };
      const [week, second] = await Promise.all([
        simulateKafka({ ...common, retryDelayMs: () => 86_400_000 }),
        simulateKafka({ ...common, ...everySecond, retentionMs: 2_000 }),
      ]);

      expect(week.deadLettered[0]).to.include({ reason: 'RetentionExceeded', at: 8 * 86_400_000, receiveCount: 8 });
      expect(times(second)).to.deep.equal([0, 1_000, 2_000]);
      expect(second.deadLettered[0]).not.to.have.property('onFailure');
    });

    it('tells the age of a record in its timestamp', async () => {
      const { invocations } = await simulateKafka({
        handler: succeeding,
        records: ['a', 'b'],
        ageMs: 60_000,
        startTime: new Date(1_800_000_060_000),
      });

      expect(recordsIn(invocations[0]!.event).map(({ timestamp }) => timestamp)).to.deep.equal([
        1_799_999_999_998, 1_799_999_999_999,
      ]);
    });
  });

  describe('with faults', () => {
    it('tries a throttled batch again, and delivers what was committed again where it is duplicated', async () => {
      const result = await simulateKafka({
        ...everySecond,
        handler: succeeding,
        records: ['1', '2'],
        maximumRetryAttempts: 0,
        faults: ({ index, event }) =>
          recordsIn(event).length === 2 ? (['throttle', 'duplicate'] as const)[index] : undefined,
      });

      expect(times(result)).to.deep.equal([0, 1_000, 2_000]);
      expect(batches(result)).to.deep.equal(['1 2', '1 2', '1 2']);
      expect(result.deleted.map(({ receiveCount }) => receiveCount)).to.deep.equal([2, 2]);
    });

    for (const fault of ['crash', 'timeout'] as const) {
      it(`delivers the batch again after a ${fault}`, async () => {
        const result = await simulateKafka({
          handler: succeeding,
          records: ['1', '2'],
          faults: ({ index }) => (index === 0 ? fault : undefined),
        });

        expect(batches(result)).to.deep.equal(['1 2', '1 2']);
        expect(payloads(result.deleted)).to.deep.equal(['1', '2']);
      });
    }
  });

  it('is told by formatTimeline', async () => {
    const result = await simulateKafka({
      ...byLetter,
      handler: failing('a1'),
      records: six,
      maximumRetryAttempts: 0,
      undocumented: 'items',
    });

    expect(formatTimeline(result).split('\n')).to.deep.equal([
      '0.000 s  invocation 0  invoked        #0 #1 #2 #3 #4 #5',
      '0.000 s  invocation 0  committed      #0 #1 #3 #4 #5',
      '0.000 s  invocation 0  returned       #2',
      '0.000 s  invocation 1  invoked        #2',
      '0.000 s  invocation 1  returned       #2                 no progress: every record of the batch comes back',
      '0.000 s                dead-lettered  #2                 RetryAttemptsExhausted',
      '5 done, 1 dead-lettered, 0 remaining',
    ]);
  });

  it('gives the same result for the same options', async () => {
    const options = (): KafkaSimulationOptions<string> => ({
      handler: throwingAt('b1'),
      records: six,
      key: (payload) => payload[0],
      partitions: 3,
      pollers: 2,
      batchSize: 2,
      maximumRetryAttempts: 2,
      bisectBatchOnFunctionError: true,
      faults: ({ index }) => (index % 4 === 1 ? 'throttle' : index % 4 === 2 ? 'crash' : undefined),
    });

    expect(await simulateKafka(options())).to.deep.equal(await simulateKafka(options()));
  });

  describe('runs', () => {
    for (const undocumented of readings) {
      it(`a handler in order of partitions that fails now and then to its end, with ${undocumented}`, async () => {
        const records = Array.from({ length: 120 }, (_, index) => `${index % 7}/${index}`);
        const succeeded = new Map<number, string[]>();
        let calls = 0;
        class Orders {
          @BatchHandler({ source: kafka, order: 'partition', logger: fakeLogger() })
          async handle(record: KafkaRecord): Promise<void> {
            await after(1);
            if (calls++ % 5 === 3) throw new Error('no');
            const { partition } = record;
            succeeded.set(partition, [...(succeeded.get(partition) ?? []), nameIn(record)]);
          }
        }
        const result = await simulateKafka({
          handler: lambdaHandler<typeof kafka>(new Orders(), 'handle'),
          records,
          partitions: 4,
          key: (payload) => payload.split('/')[0],
          pollers: 2,
          batchSize: 9,
          undocumented,
        });
        const ofPartition = new Map<number, string[]>();
        for (const { event } of result.invocations) {
          for (const record of recordsIn(event)) {
            const names = ofPartition.get(record.partition) ?? [];
            ofPartition.set(record.partition, names.includes(nameIn(record)) ? names : [...names, nameIn(record)]);
          }
        }

        expect(payloads(result.deleted)).to.have.members(records);
        expect([...result.deadLettered, ...result.remaining]).to.deep.equal([]);
        expect(calls).to.be.above(records.length);
        expect(succeeded).to.deep.equal(ofPartition); // each once, in order
        expect(result.invocations.flatMap(({ interpretation }) => interpretation!.warnings)).to.deep.equal([]);
      });

      it(`a handler in order of keys to its end, with ${undocumented}`, async () => {
        const records = Array.from({ length: 60 }, (_, index) => `${index % 7}/${index}`);
        const firsts = new Map<string, string[]>();
        let calls = 0;
        const handler = createBatchHandler({ source: kafka, order: 'key', logger: fakeLogger() }, (record) => {
          if (calls++ % 6 === 4) throw new Error('no');
          const key = String(keyOf(record));
          const seen = firsts.get(key) ?? [];
          firsts.set(key, seen.includes(nameIn(record)) ? seen : [...seen, nameIn(record)]);
        });
        const result = await simulateKafka({
          handler,
          records,
          partitions: 2,
          key: (payload) => payload.split('/')[0],
          batchSize: 9,
          undocumented,
        });

        expect(payloads(result.deleted)).to.have.members(records);
        for (const [key, seen] of firsts) {
          expect(seen).to.deep.equal(records.filter((name) => name.startsWith(`${key}/`)));
        }
        expect(firsts.size).to.equal(7);
      });
    }

    it('a handler that delivers a record elsewhere, which is committed, and told apart', async () => {
      const handler = createBatchHandler(
        { source: kafka, logger: fakeLogger(), nonRetryable: deadLetter({ deliverTo: 'discard' }) },
        (record) => {
          if (nameIn(record) === 'b0') throw new NonRetryableError('never');
        },
      );
      const result = await simulateKafka({ ...byLetter, handler, records: six });

      expect(result.deliveredElsewhere.map(({ payload, identifier }) => [payload, identifier])).to.deep.equal([
        ['b0', 'orders-1@0'],
      ]);
      expect(result.deleted).to.have.length(5);
    });

    // At least once, and in order: whatever goes wrong, and whichever reading of the two is right.
    it('any handler in order of partitions to its end, whatever goes wrong', async () => {
      const cases = fc.record({
        partitions: fc.integer({ min: 1, max: 4 }),
        pollers: fc.integer({ min: 1, max: 3 }),
        batchSize: fc.integer({ min: 1, max: 6 }),
        bisectBatchOnFunctionError: fc.boolean(),
        undocumented: fc.constantFrom(...readings),
        places: fc.array(fc.nat({ max: 3 }), { maxLength: 20 }),
        failures: fc.infiniteStream(fc.integer({ min: 0, max: 4 }).map((one) => one === 0)),
        faults: fc.array(
          fc.constantFrom(undefined, 'crash' as const, 'timeout' as const, 'throttle' as const, 'duplicate' as const),
          { maxLength: 10 },
        ),
      });
      await fc.assert(
        fc.asyncProperty(cases, async ({ places, failures, faults, partitions, ...options }) => {
          const succeeded: string[] = [];
          const handler = createBatchHandler({ source: kafka, order: 'partition', logger: fakeLogger() }, (record) => {
            if (failures.next().value === true) throw new Error('no');
            if (!succeeded.includes(textOf(record))) succeeded.push(textOf(record));
          });
          const result = await simulateKafka({
            ...options,
            partitions,
            handler,
            records: places,
            partition: (place) => place % partitions,
            faults: ({ index }) => faults[index],
            ioWaitMs: 0,
          });

          expect(result.deleted.map(({ identifier }) => identifier)).to.have.members(succeeded);
          expect(result.deleted).to.have.lengthOf(places.length);
          for (const partition of new Set(places.map((place) => place % partitions))) {
            const offsetsOf = succeeded.filter((text) => text.startsWith(`orders-${partition}@`));
            expect(offsetsOf).to.deep.equal(offsetsOf.map((_, offset) => `orders-${partition}@${offset}`));
          }
        }),
        { numRuns: 60 },
      );
    });

    it('a handler of another source, whose refusal fails the invocation', async () => {
      const handler = createBatchHandler({ source: 'SQS', logger: fakeLogger() }, () => undefined);
      const { invocations } = await simulateKafka({
        handler: handler as never,
        records: ['a'],
        maximumRetryAttempts: 0,
      });

      expect(invocations[0]!.error).to.be.an.instanceOf(UnexpectedBatchTypeError);
    });
  });

  describe('refuses', () => {
    const given = { handler: succeeding, records: ['a'] };
    const refusals: Record<string, [options: object, error: typeof TypeError | typeof RangeError, message: string]> = {
      'no records': [{ records: undefined }, TypeError, 'records to be an array, received undefined'],
      'a record that has no JSON': [{ records: [7n] }, TypeError, 'received 7n (bigint)'],
      'no handler': [{ handler: undefined }, TypeError, 'handler to be a function, received undefined'],
      'an option that it does not know': [{ batchsize: 5 }, TypeError, 'simulateKafka: unknown option batchsize'],
      'an option of streams': [{ shards: 2 }, TypeError, 'simulateKafka: unknown option shards'],
      'a time of arrival, for which there is startTime': [{ arrivedAt: new Date() }, TypeError, 'option arrivedAt'],
      'no partitions': [{ partitions: 0 }, RangeError, 'partitions to be an integer from 1 to 10000, received 0.'],
      'a partition beyond them': [
        { partition: 2, partitions: 2 },
        RangeError,
        'partition to be an integer from 0 to 1, received 2.',
      ],
      'no pollers': [{ pollers: 0 }, RangeError, 'pollers to be an integer from 1 to 10000, received 0.'],
      'a batchSize of none': [{ batchSize: 0 }, RangeError, 'batchSize to be an integer from 1 to 10000, received 0.'],
      'retries below -1': [{ maximumRetryAttempts: -2 }, RangeError, 'from -1 to 10000, received -2.'],
      'a record age below a minute': [{ maximumRecordAgeMs: 59_999 }, RangeError, 'from 60000 to 604800000'],
      'an age below none': [{ ageMs: -1 }, RangeError, 'ageMs of record 0, at most that of the record before,'],
      'another cluster': [
        { eventSource: 'aws:sqs' },
        TypeError,
        'eventSource to be one of aws:kafka, SelfManagedKafka',
      ],
      'a way of other sources to take what is undocumented': [
        { undocumented: 'lenient' },
        TypeError,
        "undocumented to be one of resume, items, received 'lenient' (string).",
      ],
    };
    for (const [what, [options, type, message]] of Object.entries(refusals)) {
      it(what, async () => {
        const error = await rejection(simulateKafka({ ...given, ...options }));

        expect(error).to.be.an.instanceOf(type).with.property('message').that.includes(message);
      });
    }
  });
});
