import type {
  DynamoDBStreamHandler,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  KinesisStreamRecord,
} from 'aws-lambda';
import { expect } from 'chai';

import {
  BatchHandler,
  BatchProcessor,
  EventType,
  lambdaHandler,
  processPartialResponse,
  UnexpectedBatchTypeError,
} from '../../lib';
import {
  dynamodbEvent,
  type DynamoDBChange,
  formatTimeline,
  kinesisEvent,
  type KinesisSimulationOptions,
  simulateStream,
  type Simulation,
} from '../../lib/testing';
import { nameOf } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';

/** A handler that reports the records which fail, by their data. */
const failing =
  (...names: string[]) =>
  ({ Records }: KinesisStreamEvent): KinesisStreamBatchResponse => ({
    batchItemFailures: Records.filter((record) => names.includes(nameOf(record))).map(({ kinesis }) => ({
      itemIdentifier: kinesis.sequenceNumber,
    })),
  });
const succeeding = failing();

/** A handler that throws where one of these records is in the batch. */
const throwingAt =
  (...names: string[]) =>
  ({ Records }: KinesisStreamEvent): void => {
    if (Records.some((record) => names.includes(nameOf(record)))) throw new Error('no');
  };
const throwing = (): never => {
  throw new Error('no');
};

const payloads = <P>(records: readonly { readonly payload: P }[]): P[] => records.map(({ payload }) => payload);
const batches = ({ invocations }: Simulation<unknown, KinesisStreamEvent>): string[] =>
  invocations.map(({ event }) => event.Records.map(nameOf).join(' '));
const times = ({ invocations }: Simulation<unknown>): number[] => invocations.map(({ at }) => at);
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const six = ['1', '2', '3', '4', '5', '6'];

/** A pause that can be told from the default. */
const everySecond = { retryDelayMs: () => 1_000 };

describe('simulateStream', () => {
  it('needs nothing but a handler and records, and tells all that happened', async () => {
    const event = kinesisEvent(['a', 'b'], { arrivedAt: new Date('2025-12-31T23:59:59.998Z') });
    const [a, b] = event.Records.map(({ kinesis }) => kinesis.sequenceNumber);
    const one = { index: 0, payload: 'a', identifier: a, receiveCount: 1, at: 0 };
    const other = { index: 1, payload: 'b', identifier: b, receiveCount: 1, at: 0 };

    expect(await simulateStream({ handler: () => null, records: ['a', 'b'] })).to.deep.equal({
      deliveries: [
        { ...one, invocation: 0, outcome: 'checkpointed' },
        { ...other, invocation: 0, outcome: 'checkpointed' },
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
          answer: null,
          error: undefined,
          fault: undefined,
          cold: true,
          hung: false,
          interpretation: {
            outcome: 'success',
            returned: [],
            checkpoint: b,
            warnings: ['The answer is null, which counts every record as done: does the handler return its answer?'],
          },
        },
      ],
      timeline: [
        { at: 0, what: 'invoked', records: [0, 1], invocation: 0 },
        { at: 0, what: 'checkpointed', records: [0, 1], invocation: 0 },
      ],
    });
  });

  it('makes no invocation where there is no record', async () => {
    const { invocations, timeline, remaining } = await simulateStream({ handler: throwing, records: [] });

    expect([...invocations, ...timeline, ...remaining]).to.deep.equal([]);
  });

  it('hands over a hundred records at once, or as many as batchSize says, in order', async () => {
    const records = Array.from({ length: 250 }, (_, index) => index);
    const [byDefault, bySeven, all] = await Promise.all([
      simulateStream({ handler: succeeding, records }),
      simulateStream({ handler: succeeding, records, batchSize: 7 }),
      simulateStream({ handler: succeeding, records, batchSize: 10_000 }),
    ]);

    expect(byDefault.invocations.map(({ event }) => event.Records.length)).to.deep.equal([100, 100, 50]);
    expect(batches(bySeven)).to.have.length(36).with.property('0', '0 1 2 3 4 5 6');
    expect(batches(all)).to.have.length(1);
    expect(payloads(bySeven.deleted)).to.deep.equal(records);
  });

  it('begins a batch when the one before it is done, and waits for none in between', async () => {
    const result = await simulateStream({ handler: () => after(100), records: six, batchSize: 2 });

    expect(times(result)).to.deep.equal([0, 100, 200]);
  });

  it('limits a batch to the 6 MB of an event', async () => {
    const heavy = ['1', '2', '3'].map((name) => Buffer.alloc(2 * 1024 * 1024, name));
    const { invocations } = await simulateStream({ handler: succeeding, records: heavy });

    expect(invocations.map(({ event }) => event.Records.length)).to.deep.equal([2, 1]);
  });

  it('delivers thousands of records, each as often as it has to be', async () => {
    const records = Array.from({ length: 2_000 }, (_, index) => index);
    let calls = 0;
    const result = await simulateStream({
      records,
      handler: () => {
        if (calls++ % 2 === 0) throw new Error('no');
      },
    });

    expect(result.invocations).to.have.length(40);
    expect(result.deliveries).to.have.length(4_000);
    expect(payloads(result.deleted)).to.deep.equal(records);
  });

  it('sends no record before it arrived', async () => {
    const lags: number[] = [];
    await simulateStream({
      records: six,
      handler: ({ Records }) => {
        for (const { kinesis } of Records) lags.push(Date.now() - kinesis.approximateArrivalTimestamp * 1000);
      },
    });

    expect(lags).to.have.length(6);
    expect(Math.min(...lags)).to.be.at.least(0);
  });

  describe('after an answer that lists failures', () => {
    it('delivers everything from the lowest one on again, also what succeeded', async () => {
      let calls = 0;
      const result = await simulateStream({
        records: six,
        handler: (event) => (calls++ === 0 ? failing('5', '3')(event) : undefined),
      });

      expect(batches(result)).to.deep.equal(['1 2 3 4 5 6', '3 4 5 6']);
      expect(payloads(result.deleted)).to.deep.equal(six);
      expect(result.deliveries.map(({ outcome }) => outcome)).to.deep.equal([
        ...Array<string>(2).fill('checkpointed'),
        ...Array<string>(4).fill('returned'),
        ...Array<string>(4).fill('checkpointed'),
      ]);
      expect(result.deleted.map(({ receiveCount }) => receiveCount)).to.deep.equal([1, 1, 2, 2, 2, 2]);
    });

    it('makes what is left a new batch with new retries (as AWS did: the last of six records is delivered five times)', async () => {
      const result = await simulateStream({
        handler: failing('6'),
        records: six,
        batchSize: 3,
        maximumRetryAttempts: 3,
      });

      expect(batches(result)).to.deep.equal(['1 2 3', '4 5 6', '6', '6', '6', '6']);
      expect(six.map((name) => result.deliveries.filter(({ payload }) => payload === name).length)).to.deep.equal([
        1, 1, 1, 1, 1, 5,
      ]);
      expect(payloads(result.deleted)).to.deep.equal(['1', '2', '3', '4', '5']);
      expect(result.deadLettered).to.have.length(1);
      expect(result.deadLettered[0]).to.include({
        payload: '6',
        receiveCount: 5,
        invokeCount: 4,
        reason: 'RetryAttemptsExhausted',
      });
    });

    it('waits for nothing before it delivers what is left', async () => {
      const result = await simulateStream({
        ...everySecond,
        handler: failing('2'),
        records: ['1', '2'],
        maximumRetryAttempts: 1,
      });

      expect(times(result)).to.deep.equal([0, 0, 1_000]);
    });

    it('takes a retry where the first record of the batch is listed, which is no progress', async () => {
      const result = await simulateStream({
        handler: failing('1'),
        records: ['1', '2'],
        maximumRetryAttempts: 2,
      });

      expect(batches(result)).to.deep.equal(['1 2', '1 2', '1 2']);
      expect(result.deadLettered.map(({ payload, invokeCount }) => [payload, invokeCount])).to.deep.equal([
        ['1', 3],
        ['2', 3],
      ]);
      expect(result.timeline.at(1)).to.include({
        what: 'returned',
        reason: 'no progress: the checkpoint is at the first record of the batch',
      });
    });
  });

  describe('after a failed invocation', () => {
    for (const retries of [0, 1, 2, 3]) {
      it(`invokes ${retries + 1} times in all where maximumRetryAttempts is ${retries}`, async () => {
        const result = await simulateStream({
          handler: throwingAt('1'),
          records: ['1', '2', '3'],
          batchSize: 2,
          maximumRetryAttempts: retries,
        });

        expect(batches(result)).to.deep.equal([...Array<string>(retries + 1).fill('1 2'), '3']);
        expect(
          result.deadLettered.map(({ payload, invokeCount, reason }) => [payload, invokeCount, reason]),
        ).to.deep.equal([
          ['1', retries + 1, 'RetryAttemptsExhausted'],
          ['2', retries + 1, 'RetryAttemptsExhausted'],
        ]);
        expect(payloads(result.deleted)).to.deep.equal(['3']);
      });
    }

    it('delivers the same batch again before anything else of the shard', async () => {
      let calls = 0;
      const result = await simulateStream({
        records: six,
        batchSize: 2,
        handler: () => {
          if (calls++ === 2) throw new Error('no');
        },
      });

      expect(batches(result)).to.deep.equal(['1 2', '3 4', '5 6', '5 6']);
    });

    it('waits a quarter of a second, and twice as long each time, up to a minute', async () => {
      const result = await simulateStream({ handler: throwing, records: ['a'], maxInvocations: 11 });
      const at = times(result);

      expect(at.slice(1).map((time, index) => time - at[index]!)).to.deep.equal([
        250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
      ]);
    });

    it('waits as long as retryDelayMs says, which is told the number of the retry', async () => {
      const told: number[] = [];
      const result = await simulateStream({
        handler: throwing,
        records: ['a'],
        maximumRetryAttempts: 3,
        retryDelayMs: (retry) => {
          told.push(retry);
          return 10 ** retry;
        },
      });

      expect(told).to.deep.equal([1, 2, 3]);
      expect(times(result)).to.deep.equal([0, 10, 110, 1_110]);
    });

    it('does not wait before the next batch when it has given up on one', async () => {
      const result = await simulateStream({
        ...everySecond,
        handler: throwingAt('1'),
        records: ['1', '2'],
        batchSize: 1,
        maximumRetryAttempts: 1,
      });

      expect(batches(result)).to.deep.equal(['1', '1', '2']);
      expect(times(result)).to.deep.equal([0, 1_000, 1_000]);
    });

    it('takes everything for done where the mapping has no ReportBatchItemFailures and the function answers', async () => {
      const result = await simulateStream({ handler: failing('1'), records: six, reportBatchItemFailures: false });

      expect(payloads(result.deleted)).to.deep.equal(six);
      expect(result.invocations).to.have.length(1);
    });
  });

  describe('with a limit in time', () => {
    it('gives up on records that are older than maximumRecordAgeMs', async () => {
      const result = await simulateStream({
        handler: throwing,
        records: ['a', 'b'],
        maximumRecordAgeMs: 60_000,
        retryDelayMs: () => 20_000,
      });

      expect(times(result)).to.deep.equal([0, 20_000, 40_000, 60_000]);
      expect(result.deadLettered.map(({ payload, at, reason }) => [payload, at, reason])).to.deep.equal([
        ['a', 80_000, 'RecordAgeExceeded'],
        ['b', 80_000, 'RecordAgeExceeded'],
      ]);
    });

    it('counts eight invocations of a record that expires after a minute of retries, as AWS did', async () => {
      const result = await simulateStream({
        handler: throwing,
        records: ['a'],
        batchSize: 1,
        maximumRecordAgeMs: 60_000,
      });

      expect(result.deadLettered[0]).to.include({ reason: 'RecordAgeExceeded', invokeCount: 8 });
    });

    it('gives up on records that were never invoked, and counts one invocation, as AWS does', async () => {
      const result = await simulateStream({
        handler: () => after(61_000),
        records: ['1', '2'],
        batchSize: 1,
        functionTimeoutMs: 900_000,
        maximumRecordAgeMs: 60_000,
        ioWaitMs: 0,
      });

      expect(batches(result)).to.deep.equal(['1']);
      expect(result.deadLettered).to.have.length(1);
      expect(result.deadLettered[0]).to.include({
        payload: '2',
        receiveCount: 0,
        at: 61_000,
        reason: 'RecordAgeExceeded',
        invokeCount: 1,
      });
    });

    it('gives up on records that are too old while the function is throttled', async () => {
      const result = await simulateStream({
        ...everySecond,
        handler: succeeding,
        records: ['a'],
        maximumRecordAgeMs: 60_000,
        faults: () => 'throttle',
      });

      expect(result.invocations).to.have.length(61);
      expect(result.deliveries).to.deep.equal([]);
      expect(result.deadLettered[0]).to.include({ reason: 'RecordAgeExceeded', receiveCount: 0, at: 61_000 });
    });

    it('loses records that the stream has kept for a day, or for retentionMs', async () => {
      const common = { handler: throwing, records: ['a'] };
      const [day, second] = await Promise.all([
        simulateStream({ ...common, retryDelayMs: () => 3_600_000 }),
        simulateStream({ ...common, ...everySecond, retentionMs: 2_000 }),
      ]);

      expect(day.invocations).to.have.length(25);
      expect(day.deadLettered[0]).to.include({ reason: 'RetentionExceeded', at: 25 * 3_600_000 });
      expect(times(second)).to.deep.equal([0, 1_000, 2_000]);
      expect(second.deadLettered[0]).to.include({ reason: 'RetentionExceeded', at: 3_000 });
    });

    it('tells of the age where a record is too old both for the mapping and for the stream', async () => {
      const result = await simulateStream({
        handler: throwing,
        records: ['a'],
        maximumRecordAgeMs: 60_000,
        retentionMs: 60_000,
      });

      expect(result.deadLettered[0]).to.include({ reason: 'RecordAgeExceeded' });
    });

    it('stops at maxInvocations, and tells what remains', async () => {
      const result = await simulateStream({ handler: throwingAt('3'), records: six, batchSize: 2, maxInvocations: 3 });

      expect(batches(result)).to.deep.equal(['1 2', '3 4', '3 4']);
      expect(payloads(result.deleted)).to.deep.equal(['1', '2']);
      expect(result.remaining.map(({ payload, receiveCount }) => [payload, receiveCount])).to.deep.equal([
        ['3', 2],
        ['4', 2],
        ['5', 0],
        ['6', 0],
      ]);
    });
  });

  describe('with records of different ages', () => {
    const minute = { maximumRecordAgeMs: 60_000, maximumRetryAttempts: 1 };

    it('gives up on those that are too old, and hands over the rest of the batch (as AWS did with one of six)', async () => {
      const result = await simulateStream({
        ...minute,
        handler: succeeding,
        records: six,
        ageMs: (_, index) => (index === 0 ? 60_001 : 60_000),
      });

      expect(batches(result)).to.deep.equal(['2 3 4 5 6']);
      expect(payloads(result.deleted)).to.deep.equal(['2', '3', '4', '5', '6']);
      expect(result.deadLettered).to.have.length(1);
      expect(result.deadLettered[0]).to.include({ payload: '1', reason: 'RecordAgeExceeded', invokeCount: 1 });
      expect(result.deadLettered[0]!.onFailure!.KinesisBatchInfo).to.include({
        batchSize: 1,
        endSequenceNumber: result.deadLettered[0]!.identifier,
      });
    });

    it('gives up on each as its time comes, and goes on with the retries of the rest', async () => {
      const result = await simulateStream({
        ...minute,
        maximumRetryAttempts: 3,
        handler: throwing,
        records: ['1', '2', '3'],
        ageMs: (payload) => (payload === '3' ? 0 : 45_000),
        retryDelayMs: () => 10_000,
      });

      expect(batches(result)).to.deep.equal(['1 2 3', '1 2 3', '3', '3']);
      expect(
        result.deadLettered.map(({ payload, at, reason, invokeCount }) => [payload, at, reason, invokeCount]),
      ).to.deep.equal([
        ['1', 20_000, 'RecordAgeExceeded', 2],
        ['2', 20_000, 'RecordAgeExceeded', 2],
        ['3', 30_000, 'RetryAttemptsExhausted', 4],
      ]);
    });

    it('loses what the stream has dropped, of which no destination is told', async () => {
      const result = await simulateStream({
        handler: succeeding,
        records: ['1', '2', '3'],
        maximumRecordAgeMs: 60_000,
        retentionMs: 30_000,
        ageMs: (payload) => ({ '1': 90_000, '2': 40_000 })[payload] ?? 0,
      });

      expect(result.deadLettered.map(({ payload, reason }) => [payload, reason])).to.deep.equal([
        ['1', 'RecordAgeExceeded'],
        ['2', 'RetentionExceeded'],
      ]);
      expect(result.deadLettered.map((letter) => 'onFailure' in letter)).to.deep.equal([true, false]);
      expect(batches(result)).to.deep.equal(['3']);
    });

    it('says in the event when they arrived', async () => {
      const options = { handler: () => undefined, startTime: new Date('2030-01-01T01:00:00.000Z'), ageMs: 3_600_000 };
      const kinesis = await simulateStream({ ...options, records: ['a', 'b'] });
      const dynamodb = await simulateStream({
        ...options,
        source: 'DynamoDBStreams',
        records: [{ eventName: 'INSERT', keys: { id: 1 } }],
        ageMs: ({ eventName }) => (eventName === 'INSERT' ? 3_600_000 : 0),
      });
      const midnight = Date.parse('2030-01-01T00:00:00.000Z');

      expect(
        kinesis.invocations[0]!.event.Records.map((record) => record.kinesis.approximateArrivalTimestamp * 1000),
      ).to.deep.equal([midnight - 2, midnight - 1]);
      expect(dynamodb.invocations[0]!.event.Records[0]!.dynamodb!.ApproximateCreationDateTime).to.equal(
        midnight / 1000 - 1,
      );
    });
  });

  describe('tells what an on-failure destination is sent', () => {
    it('once for a batch: when its retries were used up, and how the last of them ended', async () => {
      const requestIds: string[] = [];
      const [thrown, listed] = await Promise.all([
        simulateStream({
          records: ['a', 'b'],
          maximumRetryAttempts: 1,
          handler: (_, { awsRequestId }) => {
            requestIds.push(awsRequestId);
            throw new Error('no');
          },
        }),
        simulateStream({ records: ['a', 'b'], maximumRetryAttempts: 1, handler: failing('a') }),
      ]);
      const [{ onFailure }, other] = thrown.deadLettered as [(typeof thrown.deadLettered)[0], unknown];

      expect(other).to.have.property('onFailure', onFailure);
      expect(onFailure!.requestContext).to.include({
        requestId: requestIds[1],
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      });
      expect(onFailure!.responseContext!.functionError).to.equal('Unhandled');
      expect(onFailure!.timestamp).to.equal('2026-01-01T00:00:00.250Z');
      expect(onFailure!.KinesisBatchInfo).to.include({
        shardId: 'shardId-000000000000',
        batchSize: 2,
        startSequenceNumber: thrown.deadLettered[0]!.identifier,
        endSequenceNumber: thrown.deadLettered[1]!.identifier,
      });
      expect(listed.deadLettered[0]!.onFailure!.responseContext!.functionError).to.be.null;
    });

    it('as AWS did of the last of six records: four invocations of a batch of one, and no error of the function', async () => {
      const { deadLettered } = await simulateStream({
        handler: failing('6'),
        records: six,
        batchSize: 3,
        maximumRetryAttempts: 3,
      });

      expect(deadLettered[0]!.onFailure).to.deep.include({
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: null },
      });
      expect(deadLettered[0]!.onFailure!.requestContext.approximateInvokeCount).to.equal(4);
      expect(deadLettered[0]!.onFailure!.KinesisBatchInfo!.batchSize).to.equal(1);
    });

    it('and that of the last invocation that was made, where it was throttled at the end', async () => {
      const requestIds: string[] = [];
      const { deadLettered } = await simulateStream({
        ...everySecond,
        records: ['a'],
        maximumRecordAgeMs: 60_000,
        faults: ({ index }) => (index > 0 ? 'throttle' : undefined),
        handler: (_, { awsRequestId }) => {
          requestIds.push(awsRequestId);
          throw new Error('no');
        },
      });

      expect(deadLettered[0]!.onFailure!.requestContext).to.include({
        requestId: requestIds[0],
        condition: 'RecordAgeExceeded',
      });
      expect(deadLettered[0]!.onFailure).not.to.have.property('responseContext');
    });

    it('with the name of the shard that DynamoDB would give it', async () => {
      const { deadLettered } = await simulateStream({
        source: 'DynamoDBStreams',
        records: [{ eventName: 'INSERT', keys: { id: 1 } }],
        maximumRetryAttempts: 0,
        handler: throwing,
      });

      expect(deadLettered[0]!.onFailure!.DDBStreamBatchInfo!.shardId).to.match(
        /^shardId-00000001767225600000-[0-9a-f]{8}$/,
      );
    });
  });

  describe('with bisectBatchOnFunctionError', () => {
    const bisect = { bisectBatchOnFunctionError: true };

    it('splits a failed batch in two, the first half the larger one, until the bad record is alone', async () => {
      const result = await simulateStream({
        ...bisect,
        handler: throwingAt('4'),
        records: ['1', '2', '3', '4', '5'],
        maximumRetryAttempts: 1,
      });

      expect(batches(result)).to.deep.equal(['1 2 3 4 5', '1 2 3', '4 5', '4', '4', '5']);
      expect(payloads(result.deleted)).to.deep.equal(['1', '2', '3', '5']);
      expect(payloads(result.deadLettered)).to.deep.equal(['4']);
    });

    it('takes no retry for a split, so the halves have all of them', async () => {
      const result = await simulateStream({
        ...bisect,
        handler: throwing,
        records: ['1', '2'],
        maximumRetryAttempts: 2,
      });

      expect(batches(result)).to.deep.equal(['1 2', '1', '1', '1', '2', '2', '2']);
      expect(result.deadLettered.map(({ payload, invokeCount }) => [payload, invokeCount])).to.deep.equal([
        ['1', 3],
        ['2', 3],
      ]);
      expect(result.timeline.filter(({ what }) => what === 'split')).to.deep.equal([
        { at: 0, what: 'split', records: [0, 1] },
      ]);
    });

    it('waits before the first half, as before a retry', async () => {
      const result = await simulateStream({
        ...bisect,
        ...everySecond,
        handler: throwingAt('1'),
        records: ['1', '2'],
        maximumRetryAttempts: 0,
      });

      expect(times(result)).to.deep.equal([0, 1_000, 1_000]);
    });

    it('splits where the answer says, and retries only what remains', async () => {
      const result = await simulateStream({
        ...bisect,
        handler: failing('3'),
        records: ['1', '2', '3', '4'],
        maximumRetryAttempts: 1,
      });

      expect(batches(result)).to.deep.equal(['1 2 3 4', '3 4', '3 4']);
      expect(payloads(result.deadLettered)).to.deep.equal(['3', '4']);
    });

    it('splits what an answer has left, where that fails', async () => {
      let calls = 0;
      const result = await simulateStream({
        ...bisect,
        records: ['1', '2', '3'],
        maximumRetryAttempts: 0,
        handler: (event) => (calls++ === 0 ? failing('2')(event) : throwingAt('3')(event)),
      });

      expect(batches(result)).to.deep.equal(['1 2 3', '2 3', '2', '3']);
      expect(payloads(result.deadLettered)).to.deep.equal(['3']);
    });

    it('leaves the second half where the bound is reached in the first', async () => {
      const result = await simulateStream({ ...bisect, handler: throwing, records: ['1', '2'], maxInvocations: 2 });

      expect(batches(result)).to.deep.equal(['1 2', '1']);
      expect(payloads(result.remaining)).to.deep.equal(['1', '2']);
    });
  });

  describe('with faults', () => {
    it('tries a throttled batch again, which takes no retry', async () => {
      const result = await simulateStream({
        ...everySecond,
        handler: throwing,
        records: ['a'],
        maximumRetryAttempts: 1,
        faults: ({ index }) => (index % 2 === 0 ? 'throttle' : undefined),
      });

      expect(times(result)).to.deep.equal([0, 1_000, 2_000, 3_000]);
      expect(result.deliveries).to.have.length(2);
      expect(result.deadLettered[0]).to.include({ receiveCount: 2, invokeCount: 2 });
    });

    it('splits no batch that was throttled', async () => {
      const result = await simulateStream({
        handler: succeeding,
        records: ['1', '2'],
        bisectBatchOnFunctionError: true,
        faults: ({ index }) => (index === 0 ? 'throttle' : undefined),
      });

      expect(batches(result)).to.deep.equal(['1 2', '1 2']);
    });

    it('delivers what was done already again, which takes no retry', async () => {
      const result = await simulateStream({
        handler: succeeding,
        records: ['1', '2'],
        maximumRetryAttempts: 0,
        faults: ({ index }) => (index < 3 ? 'duplicate' : undefined),
      });

      expect(batches(result)).to.deep.equal(['1 2', '1 2', '1 2', '1 2']);
      expect(payloads(result.deleted)).to.deep.equal(['1', '2']);
      expect(result.deleted[0]).to.include({ receiveCount: 4 });
      expect(formatTimeline(result)).to.include('delivered again, whatever the answer');
    });

    it('delivers all of a batch again where a partial answer is duplicated', async () => {
      const result = await simulateStream({
        handler: failing('2'),
        records: ['1', '2'],
        maximumRetryAttempts: 0,
        faults: ({ index }) => (index === 0 ? 'duplicate' : undefined),
      });

      expect(batches(result)).to.deep.equal(['1 2', '1 2', '2']);
      expect(payloads(result.deadLettered)).to.deep.equal(['2']);
    });

    it('takes a retry for a failure, duplicated or not', async () => {
      const result = await simulateStream({
        handler: throwing,
        records: ['1'],
        maximumRetryAttempts: 0,
        faults: () => 'duplicate',
      });

      expect(result.deadLettered[0]).to.include({ reason: 'RetryAttemptsExhausted', invokeCount: 1 });
    });

    for (const fault of ['crash', 'timeout'] as const) {
      it(`delivers the batch again after a ${fault}, although the function has done its work`, async () => {
        const done: string[] = [];
        const result = await simulateStream({
          records: ['1', '2'],
          maximumRetryAttempts: 1,
          faults: ({ index }) => (index === 0 ? fault : undefined),
          handler: ({ Records }) => void done.push(Records.map(nameOf).join(' ')),
        });

        expect(done).to.deep.equal(['1 2', '1 2']);
        expect(payloads(result.deleted)).to.deep.equal(['1', '2']);
      });
    }
  });

  describe('with shards and parts of them', () => {
    const keys = Array.from({ length: 200 }, (_, index) => `key${index}`);
    const records = [1, 2].flatMap((round) => keys.map((key) => `${key} ${round}`));
    const keyOf = (payload: string): string => payload.split(' ')[0]!;
    const shardOf = ({ eventID }: KinesisStreamRecord): string => eventID.split(':')[0]!;

    for (const [shards, parallelizationFactor] of [
      [4, 1],
      [1, 10],
      [3, 5],
    ] as const) {
      const title = `${shards} shards with a parallelizationFactor of ${parallelizationFactor}`;

      it(`keeps the order of each key in ${title}`, async () => {
        const running = new Set<string>();
        let calls = 0;
        let most = 0;
        const ran: string[] = [];
        const result = await simulateStream({
          records,
          shards,
          parallelizationFactor,
          batchSize: 4,
          partitionKey: keyOf,
          handler: async (event) => {
            const names = event.Records.map(nameOf);
            const mine = new Set(names.map(keyOf));
            for (const key of mine) expect(running.has(key), `${key} runs twice`).to.be.false;
            mine.forEach((key) => running.add(key));
            most = Math.max(most, running.size);
            await after(10 * (1 + (calls % 3)));
            mine.forEach((key) => running.delete(key));
            if (calls++ % 5 === 0) throw new Error('no');
            ran.push(...names);
          },
        });

        expect([...payloads(result.deleted)].sort()).to.deep.equal([...records].sort());
        for (const key of keys) {
          expect(ran.filter((name) => keyOf(name) === key)).to.deep.equal([1, 2].map((round) => `${key} ${round}`));
        }
        expect(most).to.be.above(4); // more keys than one batch has
      });

      it(`uses all of the ${title}, and sends records of one shard in a batch, in ascending order`, async () => {
        const { invocations } = await simulateStream({
          handler: () => after(1),
          records,
          shards,
          parallelizationFactor,
          partitionKey: keyOf,
        });
        const seen = new Set<string>();
        for (const { event } of invocations) {
          seen.add(shardOf(event.Records[0]!));
          expect(new Set(event.Records.map(shardOf))).to.have.property('size', 1);
          const sequence = event.Records.map(({ kinesis }) => BigInt(kinesis.sequenceNumber));
          expect(sequence.every((number, index) => index === 0 || number > sequence[index - 1]!)).to.be.true;
        }

        expect([...seen].sort()).to.deep.equal(
          Array.from({ length: shards }, (_, shard) => `shardId-00000000000${shard}`),
        );
        expect(invocations.filter(({ at }) => at === 0)).to.have.length(shards * parallelizationFactor);
      });
    }

    it('names the shard and the sequence number in the id of each event', async () => {
      const { invocations } = await simulateStream({ handler: succeeding, records, shards: 4, partitionKey: keyOf });

      for (const { event } of invocations) {
        for (const { eventID, kinesis } of event.Records) {
          expect(eventID)
            .to.match(/^shardId-00000000000[0-3]:/)
            .and.to.satisfy((id: string) => id.endsWith(`:${kinesis.sequenceNumber}`));
        }
      }
    });

    it('spreads keys as Kinesis does, by the range that the MD5 of the key falls into', async () => {
      // The MD5 of '1' begins with c4, that of '3' with ec, of 'a' with 0c, and of 'b' with 92.
      const { deliveries, invocations } = await simulateStream({
        handler: succeeding,
        records: ['1', 'a', 'b', '3'],
        shards: 4,
        partitionKey: (payload) => payload,
      });
      const shards = deliveries.map(({ payload, invocation }) => [
        payload,
        shardOf(invocations[invocation]!.event.Records[0]!).at(-1),
      ]);

      expect(Object.fromEntries(shards)).to.deep.equal({ 1: '3', 3: '3', a: '0', b: '2' });
    });

    it('keeps the records of one key in one shard, whatever the number of shards', async () => {
      const { invocations } = await simulateStream({ handler: succeeding, records: six, shards: 100 });

      expect(invocations).to.have.length(1);
    });

    it('blocks only the part that has a bad record', async () => {
      const few = keys.slice(0, 20).flatMap((key) => [`${key} 1`, `${key} 2`]);
      const result = await simulateStream({
        handler: throwingAt('key7 1'),
        records: few,
        parallelizationFactor: 10,
        partitionKey: keyOf,
        maxInvocations: 100,
        batchSize: 1,
      });

      expect(payloads(result.remaining)).to.include.members(['key7 1', 'key7 2']).and.to.have.length.below(20);
    });

    it('tells what remains in the order in which it was given, whatever the shards', async () => {
      const { remaining } = await simulateStream({
        handler: succeeding,
        records: keys,
        shards: 10,
        partitionKey: keyOf,
        maxInvocations: 1,
        batchSize: 1,
      });

      expect(payloads(remaining)).to.deep.equal(keys.filter((key) => payloads(remaining).includes(key)));
      expect(remaining).to.have.length(keys.length - 1);
    });
  });

  it('goes on with no shard when it has rejected for another', async () => {
    const gate = new Deferred();
    const error = new Error('no fault of mine');
    let calls = 0;
    const simulation = simulateStream({
      records: ['a', '1', 'a', '1'],
      partitionKey: (payload) => payload,
      shards: 2,
      batchSize: 1,
      handler: () => {
        calls++;
        return gate.promise;
      },
      faults: ({ index }) => {
        if (index === 1) throw error;
        return undefined;
      },
    });
    expect(await rejection(simulation)).to.equal(error);
    gate.resolve();
    for (let turns = 0; turns < 10; turns++) await settled();

    expect(calls).to.equal(1);
  });

  describe('of Kinesis', () => {
    it('sends the events that kinesisEvent makes', async () => {
      const options = {
        eventSourceARN: 'arn:aws:kinesis:us-east-1:111111111111:stream/bills',
        partitionKey: (payload: object) => Object.keys(payload)[0]!,
        seed: 7,
      };
      const startTime = new Date('2030-02-03T04:05:06.007Z');
      const records = [{ id: 1 }, { id: 2 }];
      const { invocations } = await simulateStream({
        ...options,
        source: 'KinesisDataStreams',
        startTime,
        records,
        handler: succeeding,
      });

      expect(invocations.map(({ event }) => event)).to.deep.equal([
        kinesisEvent(records, { ...options, arrivedAt: new Date(startTime.getTime() - 2) }),
      ]);
    });
  });

  describe('of DynamoDB', () => {
    const changes: DynamoDBChange[] = ['a', 'b', 'c'].map((id) => ({
      eventName: 'INSERT',
      keys: { id },
      newImage: { name: `${id}1` },
    }));

    it('sends the events that dynamodbEvent makes', async () => {
      const options = {
        eventSourceARN: 'arn:aws:dynamodb:us-east-1:111111111111:table/bills/stream/2030-01-01T00:00:00.000',
        streamViewType: 'KEYS_ONLY',
        seed: 7,
      } as const;
      const startTime = new Date('2030-02-03T04:05:06.007Z');
      const { invocations } = await simulateStream({
        ...options,
        source: 'DynamoDBStreams',
        startTime,
        records: changes,
        handler: () => undefined,
      });

      expect(invocations.map(({ event }) => event)).to.deep.equal([
        dynamodbEvent(changes, { ...options, changedAt: new Date(startTime.getTime() - 3) }),
      ]);
    });

    it('goes by the checkpoint, as for Kinesis', async () => {
      const result = await simulateStream({
        source: 'DynamoDBStreams',
        records: changes,
        maximumRetryAttempts: 1,
        handler: ({ Records }) => ({
          batchItemFailures: Records.filter((record) => nameOf(record) === 'b1').map(({ dynamodb }) => ({
            itemIdentifier: dynamodb!.SequenceNumber,
          })),
        }),
      });

      expect(result.invocations.map(({ event }) => event.Records.map(nameOf).join(' '))).to.deep.equal([
        'a1 b1 c1',
        'b1 c1',
        'b1 c1',
      ]);
      expect(result.deleted.map(({ payload }) => payload)).to.deep.equal([changes[0]]);
      expect(result.deadLettered.map(({ payload }) => payload)).to.deep.equal([changes[1], changes[2]]);
    });

    it('keeps the order of each item, by its keys', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `item${index}`);
      const records = ['INSERT', 'MODIFY', 'REMOVE'].flatMap((eventName) =>
        ids.map((id) => ({ eventName, keys: { id, at: 1 } }) as DynamoDBChange),
      );
      const ran = new Map<string, string[]>();
      const { invocations } = await simulateStream({
        source: 'DynamoDBStreams',
        records,
        parallelizationFactor: 10,
        batchSize: 2,
        handler: async ({ Records }) => {
          await after(10);
          for (const { eventName, dynamodb } of Records) {
            const id = dynamodb!.Keys!.id!.S!;
            ran.set(id, [...(ran.get(id) ?? []), eventName!]);
          }
        },
      });

      for (const id of ids) expect(ran.get(id)).to.deep.equal(['INSERT', 'MODIFY', 'REMOVE']);
      expect(invocations.filter(({ at }) => at === 0)).to.have.length.above(5);
    });

    it('runs a handler of the class API, as its type says', async () => {
      const processor = new BatchProcessor(EventType.DynamoDBStreams);
      const handler: DynamoDBStreamHandler = (event) => processPartialResponse(event, () => undefined, processor);
      const result = await simulateStream({ source: 'DynamoDBStreams', handler, records: changes });

      expect(result.deleted).to.have.length(3);
    });
  });

  it('hands over events of their own, so that nothing that a function does to one is seen elsewhere', async () => {
    const data: string[] = [];
    const result = await simulateStream({
      records: ['1', '2'],
      maximumRetryAttempts: 1,
      handler: ({ Records }) => {
        data.push(...Records.map(nameOf));
        for (const { kinesis } of Records) {
          kinesis.data = 'changed';
          kinesis.sequenceNumber = 'changed';
        }
        Records.length = 0;
        throw new Error('no');
      },
    });

    expect(data).to.deep.equal(['1', '2', '1', '2']);
    expect(batches(result)).to.deep.equal(['1 2', '1 2']);
    expect(result.deadLettered.map(({ identifier }) => identifier)).to.deep.equal(
      kinesisEvent(['1', '2']).Records.map(({ kinesis }) => kinesis.sequenceNumber),
    );
  });

  it('gives the same result for the same options, and the same story for another seed', async () => {
    const options = (seed?: number): KinesisSimulationOptions<string> => ({
      handler: throwingAt('3'),
      records: six,
      partitionKey: (payload) => payload,
      shards: 3,
      batchSize: 2,
      maximumRetryAttempts: 2,
      bisectBatchOnFunctionError: true,
      faults: ({ index }) => (index % 4 === 1 ? 'throttle' : index % 4 === 2 ? 'crash' : undefined),
      ...(seed !== undefined && { seed }),
    });
    const first = await simulateStream(options());
    const other = await simulateStream(options(2));

    expect(await simulateStream(options())).to.deep.equal(first);
    expect(await simulateStream(options(1))).to.deep.equal(first);
    expect(formatTimeline(other)).to.equal(formatTimeline(first));
    expect(other.deliveries[0]!.identifier).not.to.equal(first.deliveries[0]!.identifier);
  });

  describe('refuses', () => {
    const given = { handler: succeeding, records: ['a'] };
    const refusals: Record<string, [options: object, error: typeof TypeError | typeof RangeError, message: string]> = {
      'no records': [{ records: undefined }, TypeError, 'records to be an array, received undefined'],
      'records that are no array': [{ records: 'abc' }, TypeError, "records to be an array, received 'abc' (string)"],
      'a record that has no JSON': [{ records: [undefined] }, TypeError, 'received undefined'],
      'no handler': [{ handler: undefined }, TypeError, 'handler to be a function, received undefined'],
      'a handler that is no function': [{ handler: 'index.handler' }, TypeError, "received 'index.handler' (string)"],
      'another source': [{ source: 'SQS' }, TypeError, "KinesisDataStreams, DynamoDBStreams, received 'SQS' (string)"],
      'an option that it does not know': [{ batchsize: 5 }, TypeError, 'simulateStream: unknown option batchsize'],
      'an option of queues': [{ maxReceiveCount: 2 }, TypeError, 'simulateStream: unknown option maxReceiveCount'],
      'an option of DynamoDB': [{ streamViewType: 'KEYS_ONLY' }, TypeError, 'unknown option streamViewType'],
      'an option of Kinesis with DynamoDB': [
        { source: 'DynamoDBStreams', partitionKey: 'a' },
        TypeError,
        'unknown option partitionKey',
      ],
      'changes that are none': [
        { source: 'DynamoDBStreams' },
        TypeError,
        'Expected a change to be an object, received ',
      ],
      'a batchSize of none': [{ batchSize: 0 }, RangeError, 'batchSize to be an integer from 1 to 10000, received 0.'],
      'a batchSize above 10,000': [{ batchSize: 10_001 }, RangeError, 'received 10001.'],
      'retries below -1': [{ maximumRetryAttempts: -2 }, RangeError, 'from -1 to 10000, received -2.'],
      'retries above 10,000': [{ maximumRetryAttempts: 10_001 }, RangeError, 'received 10001.'],
      'retries that are no number': [{ maximumRetryAttempts: '3' }, TypeError, "received '3' (string)."],
      'a record age below a minute': [
        { maximumRecordAgeMs: 59_999 },
        RangeError,
        'from 60000 to 604800000, received 59999.',
      ],
      'a record age above a week': [{ maximumRecordAgeMs: 604_800_001 }, RangeError, 'received 604800001.'],
      'a retention of none': [
        { retentionMs: 0 },
        RangeError,
        'retentionMs to be an integer from 1 to 31536000000, received 0.',
      ],
      'a retention without end': [{ retentionMs: Infinity }, RangeError, 'received Infinity.'],
      'a parallelizationFactor above 10': [{ parallelizationFactor: 11 }, RangeError, 'from 1 to 10, received 11.'],
      'a parallelizationFactor of none': [{ parallelizationFactor: 0 }, RangeError, 'received 0.'],
      'no shards': [{ shards: 0 }, RangeError, 'shards to be an integer from 1 to 10000, received 0.'],
      'a retryDelayMs that is no function': [{ retryDelayMs: 500 }, TypeError, 'function, received 500 (number)'],
      'a maxInvocations of none': [{ maxInvocations: 0 }, RangeError, 'received 0.'],
      'a function timeout above 15 minutes': [{ functionTimeoutMs: 900_001 }, RangeError, 'received 900001.'],
      'a bisectBatchOnFunctionError that is no boolean': [
        { bisectBatchOnFunctionError: 'false' },
        TypeError,
        "received 'false' (string)",
      ],
      'an age below none': [{ ageMs: -1 }, RangeError, 'ageMs of record 0, at most that of the record before,'],
      'an age that is no number': [{ ageMs: () => '1' }, TypeError, "from 0 to 31536000000, received '1' (string)."],
      'a record that is older than the one before it': [
        { records: ['a', 'b'], ageMs: (_: string, index: number) => index + 5 },
        RangeError,
        'ageMs of record 1, at most that of the record before, to be an integer from 0 to 5, received 6.',
      ],
      'a startTime that is no moment': [
        { startTime: new Date(NaN) },
        TypeError,
        'startTime to be a valid Date, received Invalid Date',
      ],
    };
    for (const [what, [options, type, message]] of Object.entries(refusals)) {
      it(what, async () => {
        const error = await rejection(simulateStream({ ...given, ...options } as never));

        expect(error).to.be.an.instanceOf(type).with.property('message').that.includes(message);
      });
    }

    it('options that are none', async () => {
      for (const options of [undefined, null, 7]) {
        const error = await rejection(simulateStream(options as never));

        expect(error)
          .to.be.an.instanceOf(TypeError)
          .with.property('message')
          .that.matches(/^simulateStream: expected options, received /);
      }
    });

    for (const [delay, type] of [
      [-1, RangeError],
      [NaN, RangeError],
      ['500', TypeError],
      [undefined, TypeError],
    ] as const) {
      it(`a retryDelayMs that answers ${String(delay)} (${typeof delay})`, async () => {
        const error = await rejection(
          simulateStream({ ...given, handler: throwing, maxInvocations: 3, retryDelayMs: () => delay as number }).then(
            formatTimeline,
          ),
        );

        expect(error).to.be.an.instanceOf(type).with.property('message').that.includes(`received`);
      });
    }

    it('a retryDelayMs that answers 0 where nothing but the clock would end the simulation', async () => {
      const error = await rejection(
        simulateStream({
          ...given,
          handler: throwing,
          retryDelayMs: () => 0,
          // Ends the spec, where nothing else does.
          faults: ({ index }) => {
            if (index === 100) throw new Error('It would never have ended.');
            return undefined;
          },
        }),
      );

      expect(error).to.be.an.instanceOf(RangeError).with.property('message').that.includes('received 0');
    });
  });

  describe('runs', () => {
    it('the entry of a decorated class', async () => {
      class Orders {
        @BatchHandler({ source: 'KinesisDataStreams', logger: fakeLogger() })
        async handle(record: KinesisStreamRecord): Promise<void> {
          if (nameOf(record) === 'bad') throw new Error('no');
        }
      }
      const result = await simulateStream({
        handler: lambdaHandler(new Orders(), 'handle'),
        records: ['good', 'bad', 'after'],
        maximumRetryAttempts: 1,
      });

      expect(batches(result)).to.deep.equal(['good bad after', 'bad after', 'bad after']);
      expect(payloads(result.deleted)).to.deep.equal(['good']);
      expect(payloads(result.deadLettered)).to.deep.equal(['bad', 'after']);
    });

    it("a decorated method with order: 'key', which leaves the rest of a failed key to the next delivery", async () => {
      const ran: string[] = [];
      let failed = false;
      const handler = handlerFor<'KinesisDataStreams'>(
        { source: 'KinesisDataStreams', order: 'key', logger: fakeLogger() },
        (record) => {
          ran.push(nameOf(record));
          if (nameOf(record) === 'a2' && !failed) {
            failed = true;
            throw new Error('no');
          }
        },
      );
      const result = await simulateStream({
        handler,
        records: ['a1', 'b1', 'a2', 'b2', 'a3', 'b3'],
        partitionKey: (payload) => payload[0]!,
      });

      expect(batches(result)).to.deep.equal(['a1 b1 a2 b2 a3 b3', 'a2 b2 a3 b3']);
      expect(ran.filter((name) => name.startsWith('a'))).to.deep.equal(['a1', 'a2', 'a2', 'a3']);
      // What succeeded behind the checkpoint is delivered again.
      expect(ran.filter((name) => name.startsWith('b'))).to.deep.equal(['b1', 'b2', 'b3', 'b2', 'b3']);
      expect(payloads(result.deleted)).to.deep.equal(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
    });

    it('a decorated method of another source, whose refusal fails the invocation', async () => {
      const handler = handlerFor<'SQS'>({ source: 'SQS', logger: fakeLogger() }, () => undefined);
      const { invocations } = await simulateStream({
        handler: handler as never,
        records: ['a'],
        maximumRetryAttempts: 0,
      });

      expect(invocations[0]!.error).to.be.an.instanceOf(UnexpectedBatchTypeError);
    });
  });
});
