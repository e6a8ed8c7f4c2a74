import type { SQSBatchResponse, SQSEvent, SQSHandler, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';

import {
  BatchHandler,
  BatchProcessor,
  EventType,
  lambdaHandler,
  processPartialResponse,
  processPartialResponseSync,
  SqsFifoPartialProcessor,
} from '../../lib';
import {
  formatTimeline,
  type QueueSimulationOptions,
  simulateQueue,
  type Simulation,
  sqsEvent,
} from '../../lib/testing';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { rejection } from '../support/promises';

const receives = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);

/** A handler that reports the messages which fail, by body and by how often they have been received. */
const failing =
  (fails: (body: string, receiveCount: number) => boolean) =>
  ({ Records }: SQSEvent): SQSBatchResponse => ({
    batchItemFailures: Records.filter((record) => fails(record.body, receives(record))).map(({ messageId }) => ({
      itemIdentifier: messageId,
    })),
  });
const succeeding = failing(() => false);
const throwing = (): never => {
  throw new Error('no');
};

const payloads = <P>(records: readonly { readonly payload: P }[]): P[] => records.map(({ payload }) => payload);
const batches = ({ invocations }: Simulation<unknown, SQSEvent>): string[] =>
  invocations.map(({ event }) => event.Records.map(({ body }) => body).join(' '));
const times = ({ invocations }: Simulation<unknown>): number[] => invocations.map(({ at }) => at);
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** FIFO messages whose group is the first letter of their body, as in `a1`. */
const grouped = { fifo: true, messageGroupId: (body: string) => body[0]! };

describe('simulateQueue', () => {
  it('needs nothing but a handler and messages, and tells all that happened', async () => {
    const { Records } = sqsEvent(['a', 'b']);
    const [a, b] = Records.map(({ messageId }) => messageId);
    const one = { index: 0, payload: 'a', identifier: a, receiveCount: 1, at: 0 };
    const other = { index: 1, payload: 'b', identifier: b, receiveCount: 1, at: 0 };
    const answer = { batchItemFailures: [] };
    const result = await simulateQueue({ handler: () => answer, messages: ['a', 'b'] });
    const { event } = result.invocations[0]!;

    expect(result).to.deep.equal({
      deliveries: [
        { ...one, invocation: 0, outcome: 'deleted' },
        { ...other, invocation: 0, outcome: 'deleted' },
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
          answer,
          error: undefined,
          fault: undefined,
          cold: true,
          hung: false,
          interpretation: { outcome: 'success', returned: [], warnings: [] },
        },
      ],
      timeline: [
        { at: 0, what: 'invoked', records: [0, 1], invocation: 0 },
        { at: 0, what: 'deleted', records: [0, 1], invocation: 0 },
      ],
    });
    expect(event.Records.map(({ body }) => body)).to.deep.equal(['a', 'b']);
  });

  it('makes no invocation where there is no message', async () => {
    const { invocations, timeline, remaining } = await simulateQueue({ handler: throwing, messages: [] });

    expect([...invocations, ...timeline, ...remaining]).to.deep.equal([]);
  });

  it('hands over ten messages at once, or as many as batchSize says, in the order in which they were sent', async () => {
    const messages = numbers(25);
    const [byDefault, byFour, all] = await Promise.all([
      simulateQueue({ handler: succeeding, messages }),
      simulateQueue({ handler: succeeding, messages, batchSize: 4 }),
      simulateQueue({ handler: succeeding, messages, batchSize: 10_000 }),
    ]);

    expect(batches(byDefault)).to.deep.equal([
      '0 1 2 3 4 5 6 7 8 9',
      '10 11 12 13 14 15 16 17 18 19',
      '20 21 22 23 24',
    ]);
    expect(batches(byFour)).to.have.length(7).with.property('6', '24');
    expect(batches(all)).to.have.length(1);
    expect(payloads(all.deleted)).to.deep.equal(messages);
  });

  it('sends texts as they are and anything else as JSON, and tells of each as it was given', async () => {
    const order = { id: 1 };
    const result = await simulateQueue({ handler: succeeding, messages: ['{"id":0}', order, 2, null] });

    expect(batches(result)).to.deep.equal(['{"id":0} {"id":1} 2 null']);
    expect(result.deleted[1]!.payload).to.equal(order);
  });

  it('sends the events that sqsEvent makes, as they look after a receive', async () => {
    const options = {
      fifo: true,
      eventSourceARN: 'arn:aws:sqs:us-east-1:111111111111:bills.fifo',
      messageGroupId: (body: string, index: number) => `${body}-${index}`,
      messageAttributes: { kind: 'bill' },
      seed: 7,
    };
    const startTime = new Date('2030-02-03T04:05:06.007Z');
    const { invocations } = await simulateQueue({ ...options, startTime, handler: succeeding, messages: ['a', 'b'] });
    const { Records } = sqsEvent(['a', 'b'], { ...options, sentAt: new Date(startTime.getTime() - 2) });

    expect(invocations).to.have.length(1);
    invocations[0]!.event.Records.forEach(({ receiptHandle, attributes, ...sent }, index) => {
      const { receiptHandle: _, attributes: given, ...expected } = Records[index]!;
      expect(sent).to.deep.equal(expected);
      expect(receiptHandle).to.match(/^[A-Za-z0-9+/=]{100,}$/);
      expect(attributes).to.deep.equal({
        ...given,
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: String(startTime.getTime()),
      });
    });
  });

  it('takes a queue whose name ends with .fifo for a FIFO queue', async () => {
    const { invocations } = await simulateQueue({
      handler: succeeding,
      messages: ['a'],
      eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:bills.fifo',
    });

    expect(invocations[0]!.event.Records[0]!.attributes.MessageGroupId).to.equal('1');
  });

  it('sends no message before it was sent', async () => {
    const lags: number[] = [];
    await simulateQueue({
      messages: numbers(5),
      handler: ({ Records }) => {
        for (const { attributes } of Records) {
          lags.push(
            Number(attributes.ApproximateFirstReceiveTimestamp) - Number(attributes.SentTimestamp),
            Date.now() - Number(attributes.ApproximateFirstReceiveTimestamp),
          );
        }
      },
    });

    expect(lags).to.have.length(10);
    expect(Math.min(...lags)).to.be.at.least(0);
  });

  describe('after a failure', () => {
    it('delivers a message again when the visibility timeout is over, which is the time between retries', async () => {
      const common = { handler: failing((_, count) => count < 4), messages: ['a'] };
      const [byDefault, short] = await Promise.all([
        simulateQueue(common),
        simulateQueue({ ...common, visibilityTimeoutMs: 5_000 }),
      ]);

      expect(times(byDefault)).to.deep.equal([0, 30_000, 60_000, 90_000]);
      expect(times(short)).to.deep.equal([0, 5_000, 10_000, 15_000]);
    });

    it('counts the visibility timeout from the receive, not from the end of the function', async () => {
      const result = await simulateQueue({
        messages: ['a'],
        ioWaitMs: 0,
        handler: async (event) => {
          await after(1_000);
          return failing((_, count) => count === 1)(event);
        },
      });

      expect(result.invocations.map(({ at, endedAt }) => [at, endedAt])).to.deep.equal([
        [0, 1_000],
        [30_000, 31_000],
      ]);
    });

    it('delivers a message with the same id, another receipt handle, and a higher receive count', async () => {
      const { invocations } = await simulateQueue({ handler: failing((_, count) => count < 3), messages: ['a'] });
      const records = invocations.map(({ event }) => event.Records[0]!);

      expect(new Set(records.map(({ messageId }) => messageId))).to.have.property('size', 1);
      expect(new Set(records.map(({ receiptHandle }) => receiptHandle))).to.have.property('size', 3);
      expect(records.map(({ attributes }) => attributes.ApproximateReceiveCount)).to.deep.equal(['1', '2', '3']);
      expect(new Set(records.map(({ attributes }) => attributes.ApproximateFirstReceiveTimestamp))).to.have.property(
        'size',
        1,
      );
    });

    it('deletes exactly what the answer does not list', async () => {
      const result = await simulateQueue({
        handler: failing((body, count) => body === 'b' && count === 1),
        messages: ['a', 'b', 'c'],
      });

      expect(batches(result)).to.deep.equal(['a b c', 'b']);
      expect(payloads(result.deleted)).to.deep.equal(['a', 'c', 'b']);
      expect(
        result.deliveries.map(({ payload, receiveCount, outcome }) => [payload, receiveCount, outcome]),
      ).to.deep.equal([
        ['a', 1, 'deleted'],
        ['b', 1, 'returned'],
        ['c', 1, 'deleted'],
        ['b', 2, 'deleted'],
      ]);
    });

    it('brings back the whole batch where the function throws', async () => {
      let calls = 0;
      const result = await simulateQueue({
        messages: ['a', 'b'],
        handler: () => {
          if (calls++ === 0) throw new Error('no');
        },
      });

      expect(batches(result)).to.deep.equal(['a b', 'a b']);
      expect(result.invocations[0]!.interpretation).to.deep.include({
        outcome: 'failure',
        reason: 'the invocation failed: no',
      });
    });

    it('brings back the whole batch where the answer lists what was not in it', async () => {
      const result = await simulateQueue({
        messages: ['a', 'b'],
        maxInvocations: 1,
        handler: () => ({ batchItemFailures: [{ itemIdentifier: 'elsewhere' }] }),
      });

      expect(payloads(result.remaining)).to.deep.equal(['a', 'b']);
    });

    it('goes on with other messages while those that failed are invisible', async () => {
      const result = await simulateQueue({
        handler: failing((body, count) => body === 'a' && count === 1),
        messages: ['a', 'b', 'c'],
        batchSize: 1,
      });

      expect(batches(result)).to.deep.equal(['a', 'b', 'c', 'a']);
      expect(times(result)).to.deep.equal([0, 0, 0, 30_000]);
    });

    it('deletes everything, failed or not, where the mapping has no ReportBatchItemFailures', async () => {
      const result = await simulateQueue({
        handler: failing(() => true),
        messages: ['a', 'b'],
        reportBatchItemFailures: false,
      });

      expect(payloads(result.deleted)).to.deep.equal(['a', 'b']);
      expect(result.invocations[0]!.interpretation!.warnings[0]).to.match(/^The answer is ignored/);
    });

    it('takes answers of which AWS says nothing for failures, unless it is told to be lenient', async () => {
      const common = { handler: () => 'done', messages: ['a'], maxInvocations: 1 };
      const [strict, lenient] = await Promise.all([
        simulateQueue(common),
        simulateQueue({ ...common, undocumented: 'lenient' }),
      ]);

      expect(payloads(strict.remaining)).to.deep.equal(['a']);
      expect(payloads(lenient.deleted)).to.deep.equal(['a']);
    });
  });

  describe('with a redrive policy', () => {
    it('moves a message at what would be its next receive: two invocations where maxReceiveCount is 2', async () => {
      const result = await simulateQueue({ handler: throwing, messages: ['a'], maxReceiveCount: 2 });
      const { messageId } = sqsEvent(['a']).Records[0]!;

      expect(result.invocations.map(({ event }) => event.Records[0]!.attributes.ApproximateReceiveCount)).to.deep.equal(
        ['1', '2'],
      );
      expect(result.deadLettered).to.deep.equal([
        {
          index: 0,
          payload: 'a',
          identifier: messageId,
          receiveCount: 2,
          at: 60_000,
          reason: 'MaxReceiveCountExceeded',
        },
      ]);
      expect(result.invocations[1]!.event.Records[0]!.messageId).to.equal(messageId);
      expect(result.deleted).to.deep.equal([]);
    });

    it('moves a message after ten receives by default', async () => {
      const result = await simulateQueue({ handler: throwing, messages: ['a'] });

      expect(result.invocations).to.have.length(10);
      expect(result.deadLettered[0]).to.include({ receiveCount: 10, at: 300_000 });
    });

    it('goes on for ever without one, until maxInvocations is reached', async () => {
      const result = await simulateQueue({
        handler: failing((body) => body === 'a'),
        messages: ['a', 'b'],
        maxReceiveCount: Infinity,
        maxInvocations: 50,
      });

      expect(result.invocations).to.have.length(50);
      expect(result.remaining).to.deep.equal([
        {
          index: 0,
          payload: 'a',
          identifier: result.deliveries[0]!.identifier,
          receiveCount: 50,
          at: 49 * 30_000,
        },
      ]);
      expect(result.deadLettered).to.deep.equal([]);
    });
  });

  it('limits a batch to the 6 MB of an event', async () => {
    const heavy = Array.from('1234567', (name) => name.repeat(1_000_000));
    const { invocations } = await simulateQueue({ handler: succeeding, messages: heavy });

    expect(invocations.map(({ event }) => event.Records.length)).to.deep.equal([6, 1]);
  });

  it('delivers thousands of messages, each as often as it has to be', async () => {
    const result = await simulateQueue({
      handler: failing((_, count) => count === 1),
      messages: numbers(2_000),
      batchSize: 100,
    });

    expect(result.invocations).to.have.length(40);
    expect(result.deliveries).to.have.length(4_000);
    expect(payloads(result.deleted)).to.deep.equal(numbers(2_000));
  });

  describe('with a FIFO queue', () => {
    it('delivers the rest of a group together, and moves what fails again (as AWS did)', async () => {
      const result = await simulateQueue({
        handler: failing((body, count) => body === '4' || (body !== '1' && count === 1)),
        messages: ['1', '2', '3', '4'],
        fifo: true,
        maxReceiveCount: 2,
      });

      expect(batches(result)).to.deep.equal(['1 2 3 4', '2 3 4']);
      expect(result.deleted.map(({ payload, at }) => [payload, at])).to.deep.equal([
        ['1', 0],
        ['2', 30_000],
        ['3', 30_000],
      ]);
      expect(result.deadLettered.map(({ payload, receiveCount }) => [payload, receiveCount])).to.deep.equal([['4', 2]]);
    });

    it('hands over as many as possible of one group at once', async () => {
      const result = await simulateQueue({
        ...grouped,
        handler: succeeding,
        messages: ['a1', 'b1', 'a2', 'b2', 'a3', 'b3'],
        batchSize: 3,
      });

      expect(batches(result)).to.deep.equal(['a1 a2 a3', 'b1 b2 b3']);
    });

    it('hands over nothing of a group behind what is in flight of it', async () => {
      const result = await simulateQueue({
        ...grouped,
        handler: failing((body, count) => body === 'a1' && count === 1),
        messages: ['a1', 'a2', 'a3', 'b1'],
        batchSize: 2,
      });

      expect(batches(result)).to.deep.equal(['a1 a2', 'b1', 'a1 a3']);
      expect(times(result)).to.deep.equal([0, 0, 30_000]);
    });

    it('runs groups side by side, and one group never, however many invocations may run', async () => {
      const running = new Map<string, number>();
      let most = 0;
      const result = await simulateQueue({
        ...grouped,
        messages: ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'],
        batchSize: 1,
        maximumConcurrency: 10,
        handler: async ({ Records }) => {
          const group = Records[0]!.body[0]!;
          running.set(group, (running.get(group) ?? 0) + 1);
          most = Math.max(most, ...running.values());
          await after(100);
          running.set(group, running.get(group)! - 1);
        },
      });

      expect(batches(result)).to.deep.equal(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
      expect(times(result)).to.deep.equal([0, 0, 0, 100, 100, 200]);
      expect(most).to.equal(1);
    });

    it('runs no more groups side by side than maximumConcurrency says', async () => {
      const result = await simulateQueue({
        ...grouped,
        messages: ['a1', 'b1', 'c1', 'd1'],
        batchSize: 1,
        maximumConcurrency: 2,
        handler: () => after(100),
      });

      expect(times(result)).to.deep.equal([0, 0, 100, 100]);
    });

    it('lets messages overtake one that failed, where the answer lists that one only', async () => {
      const result = await simulateQueue({
        handler: failing((body, count) => body === '1' && count === 1),
        messages: ['1', '2'],
        fifo: true,
      });

      expect(payloads(result.deleted)).to.deep.equal(['2', '1']);
      expect(result.invocations[0]!.interpretation!.warnings[0]).to.match(/order is lost/);
    });
  });

  describe('with more than one invocation at once', () => {
    it('runs as many as maximumConcurrency says, and one by default', async () => {
      const common = { handler: () => after(1_000), messages: numbers(5), batchSize: 1, ioWaitMs: 0 };
      const [one, two, many] = await Promise.all([
        simulateQueue(common),
        simulateQueue({ ...common, maximumConcurrency: 2 }),
        simulateQueue({ ...common, maximumConcurrency: 100 }),
      ]);

      expect(times(one)).to.deep.equal([0, 1_000, 2_000, 3_000, 4_000]);
      expect(times(two)).to.deep.equal([0, 0, 1_000, 1_000, 2_000]);
      expect(times(many)).to.deep.equal([0, 0, 0, 0, 0]);
    });

    it('takes no notice of a message group in a standard queue', async () => {
      const result = await simulateQueue({
        handler: () => after(10),
        messages: ['a1', 'a2'],
        messageGroupId: 'tenant',
        batchSize: 1,
        maximumConcurrency: 2,
      });

      expect(times(result)).to.deep.equal([0, 0]);
    });

    it('gives what was done as it ended, and deliveries as they began', async () => {
      const result = await simulateQueue({
        messages: ['300', '200', '100'],
        batchSize: 1,
        maximumConcurrency: 3,
        handler: ({ Records }) => after(Number(Records[0]!.body)),
      });

      expect(payloads(result.deleted)).to.deep.equal(['100', '200', '300']);
      expect(payloads(result.deliveries)).to.deep.equal(['300', '200', '100']);
      expect(result.invocations.map(({ endedAt }) => endedAt)).to.deep.equal([300, 200, 100]);
    });

    /** The batch is throttled first, so the function still runs when the visibility timeout is over. */
    const overlapping = (): Promise<Simulation<string, SQSEvent>> =>
      simulateQueue({
        messages: ['a'],
        visibilityTimeoutMs: 3_000,
        maximumConcurrency: 2,
        ioWaitMs: 0,
        faults: ({ index }) => (index === 0 ? 'throttle' : undefined),
        handler: () => after(2_500),
      });

    it('delivers a message again that is still being worked on when its visibility timeout is over', async () => {
      const { invocations, deliveries, deleted } = await overlapping();

      expect(invocations.map(({ at, endedAt }) => [at, endedAt])).to.deep.equal([
        [0, 0],
        [1_000, 3_500],
        [3_000, 5_500],
      ]);
      // The receipt handle of the first receive is out of date by the time the function has answered.
      expect(deliveries.map(({ outcome }) => outcome)).to.deep.equal(['returned', 'deleted']);
      expect(deleted.map(({ at, receiveCount }) => [at, receiveCount])).to.deep.equal([[5_500, 2]]);
    });

    for (const { kind, fifo, outcomes, reasons } of [
      { kind: 'standard queue deletes', fifo: false, outcomes: ['deleted'], reasons: [] },
      {
        kind: 'FIFO queue refuses to delete',
        fifo: true,
        outcomes: ['returned', 'deleted'],
        reasons: ['InvalidParameterValue: the visibility timeout was over, and a FIFO queue deletes nothing then'],
      },
    ]) {
      it(`goes by when the answer comes: a ${kind} what is visible again by then (as AWS did)`, async () => {
        const { deliveries, timeline } = await simulateQueue({
          messages: ['a'],
          fifo,
          visibilityTimeoutMs: 3_000,
          ioWaitMs: 0,
          // Throttled first, so that the function still runs when the visibility timeout is over.
          faults: ({ index }) => (index === 0 ? 'throttle' : undefined),
          handler: ({ Records }) => after(receives(Records[0]!) === 1 ? 2_500 : 100),
        });
        const told = timeline.filter(({ what }) => what === 'returned').map(({ reason }) => reason);

        expect(deliveries.map(({ outcome }) => outcome)).to.deep.equal(outcomes);
        expect(told).to.deep.equal(reasons);
      });
    }

    it('tells of each delivery the receive count that its event told', async () => {
      const { invocations, deliveries } = await overlapping();

      for (const { invocation, receiveCount } of deliveries) {
        expect(receiveCount).to.equal(receives(invocations[invocation]!.event.Records[0]!));
      }
    });

    it('tells why a message came back although its answer said that it is done', async () => {
      const { timeline } = await overlapping();

      expect(timeline.find(({ what }) => what === 'returned')).to.have.property(
        'reason',
        'the receipt handle is out of date',
      );
    });
  });

  describe('while the function is throttled', () => {
    it('tries the same batch again each second, as the same receive', async () => {
      const result = await simulateQueue({
        handler: succeeding,
        messages: ['a', 'b'],
        faults: ({ index }) => (index < 3 ? 'throttle' : undefined),
      });

      expect(times(result)).to.deep.equal([0, 1_000, 2_000, 3_000]);
      expect(batches(result)).to.deep.equal(['a b', 'a b', 'a b', 'a b']);
      expect(result.deliveries.map(({ invocation, receiveCount }) => [invocation, receiveCount])).to.deep.equal([
        [3, 1],
        [3, 1],
      ]);
      expect(result.invocations[0]).to.include({ fault: 'throttle', cold: false, interpretation: undefined });
      expect(result.invocations[3]).to.include({ fault: undefined, cold: true });
    });

    it('drops the batch when the visibility timeout is over: a receive is spent, and the function has not run', async () => {
      let calls = 0;
      const result = await simulateQueue({
        messages: ['a'],
        visibilityTimeoutMs: 3_000,
        maxReceiveCount: 2,
        faults: () => 'throttle',
        handler: () => {
          calls++;
        },
      });

      expect(calls).to.equal(0);
      expect(times(result)).to.deep.equal([0, 1_000, 2_000, 3_000, 4_000, 5_000]);
      expect(result.deliveries).to.deep.equal([]);
      expect(result.deadLettered.map(({ receiveCount, at }) => [receiveCount, at])).to.deep.equal([[2, 6_000]]);
      expect(result.timeline.filter(({ what }) => what === 'returned')).to.deep.equal([
        { at: 3_000, what: 'returned', records: [0], reason: 'the function was throttled' },
        { at: 6_000, what: 'returned', records: [0], reason: 'the function was throttled' },
      ]);
    });

    it('stops at maxInvocations, which counts attempts too', async () => {
      const result = await simulateQueue({
        handler: succeeding,
        messages: ['a'],
        maxInvocations: 2,
        faults: () => 'throttle',
      });

      expect(times(result)).to.deep.equal([0, 1_000]);
      expect(result.remaining.map(({ payload, receiveCount }) => [payload, receiveCount])).to.deep.equal([['a', 1]]);
    });
  });

  it('delivers again what was done already, where the fault is a duplicate', async () => {
    const result = await simulateQueue({
      handler: failing((body, count) => body === 'b' && count === 1),
      messages: ['a', 'b'],
      faults: ({ index }) => (index === 0 ? 'duplicate' : undefined),
    });

    expect(batches(result)).to.deep.equal(['a b', 'a b']);
    expect(result.deliveries.map(({ outcome }) => outcome)).to.deep.equal([
      'returned',
      'returned',
      'deleted',
      'deleted',
    ]);
    expect(result.invocations[0]!.interpretation).to.deep.include({ outcome: 'partial' });
    expect(formatTimeline(result)).to.include('delivered again, whatever the answer');
  });

  it('hands over events of their own, so that nothing that a function does to one is seen elsewhere', async () => {
    const bodies: string[] = [];
    const result = await simulateQueue({
      messages: ['a', 'b'],
      maxReceiveCount: 2,
      handler: ({ Records }) => {
        bodies.push(...Records.map(({ body }) => body));
        for (const record of Records) {
          record.body = 'changed';
          record.messageId = 'changed';
          record.attributes.ApproximateReceiveCount = '99';
        }
        Records.length = 0;
        throw new Error('no');
      },
    });

    expect(bodies).to.deep.equal(['a', 'b', 'a', 'b']);
    expect(batches(result)).to.deep.equal(['a b', 'a b']);
    expect(result.deadLettered.map(({ payload, receiveCount }) => [payload, receiveCount])).to.deep.equal([
      ['a', 2],
      ['b', 2],
    ]);
  });

  it('takes the messages as they are when it is called', async () => {
    const messages = ['a', 'b'];
    const simulation = simulateQueue({ handler: succeeding, messages });
    messages.reverse();
    messages.length = 1;

    expect(payloads((await simulation).deleted)).to.deep.equal(['a', 'b']);
  });

  describe('with the same options', () => {
    const options = (seed?: number): QueueSimulationOptions<string> => ({
      ...grouped,
      handler: failing((body, count) => body === 'b1' || count === 1),
      messages: ['a1', 'b1', 'a2', 'c1'],
      maximumConcurrency: 2,
      maxReceiveCount: 3,
      batchSize: 2,
      faults: ({ index }) => (index % 3 === 0 ? 'throttle' : index % 3 === 1 ? 'crash' : undefined),
      ...(seed !== undefined && { seed }),
    });

    it('gives the same result', async () => {
      const first = await simulateQueue(options());

      expect(await simulateQueue(options())).to.deep.equal(first);
      expect(first.invocations).to.have.length.above(6);
    });

    it('gives the same story with other identifiers where the seed is another', async () => {
      const [one, two] = [await simulateQueue(options(1)), await simulateQueue(options(2))];

      expect(one).to.deep.equal(await simulateQueue(options()));
      expect(formatTimeline(one)).to.equal(formatTimeline(two));
      expect(one.deliveries[0]!.identifier).not.to.equal(two.deliveries[0]!.identifier);
    });
  });

  describe('refuses', () => {
    const given = { handler: succeeding, messages: ['a'] };
    const refusals: Record<string, [options: object, error: typeof TypeError | typeof RangeError, message: string]> = {
      'no messages': [{ messages: undefined }, TypeError, 'messages to be an array, received undefined'],
      'messages that are no array': [
        { messages: 'abc' },
        TypeError,
        "messages to be an array, received 'abc' (string)",
      ],
      'a message that has no JSON': [{ messages: [1n] }, TypeError, 'received 1n'],
      'no handler': [{ handler: undefined }, TypeError, 'handler to be a function, received undefined'],
      'a handler that is no function': [{ handler: {} }, TypeError, 'handler to be a function, received {} (object)'],
      'a coldStart that is no function': [
        { coldStart: 1 },
        TypeError,
        'coldStart to be a function, received 1 (number)',
      ],
      'faults that are no function': [
        { faults: ['crash'] },
        TypeError,
        "faults to be a function, received [ 'crash' ]",
      ],
      'an option that it does not know': [{ batchsize: 5 }, TypeError, 'simulateQueue: unknown option batchsize'],
      'an option of streams': [{ shards: 2 }, TypeError, 'simulateQueue: unknown option shards'],
      'a batchSize of none': [{ batchSize: 0 }, RangeError, 'batchSize to be an integer from 1 to 10000, received 0.'],
      'a batchSize that is no integer': [{ batchSize: 1.5 }, RangeError, 'received 1.5.'],
      'a batchSize above 10,000': [{ batchSize: 10_001 }, RangeError, 'received 10001.'],
      'a batchSize that is no number': [{ batchSize: '10' }, TypeError, "received '10' (string)."],
      'a batchSize above 10 with a FIFO queue': [
        { fifo: true, batchSize: 11 },
        RangeError,
        'from 1 to 10, received 11.',
      ],
      'fifo for a queue of another name': [
        { fifo: true, eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:orders' },
        TypeError,
        "received fifo: true and 'arn:aws:sqs:eu-west-1:123456789012:orders'",
      ],
      'a fifo that is no boolean': [{ fifo: 1 }, TypeError, 'fifo to be one of true, false, received 1 (number)'],
      'a function timeout above the visibility timeout': [
        { functionTimeoutMs: 31_000 },
        RangeError,
        'visibilityTimeoutMs to be an integer from 31000 to 43200000, received 30000.',
      ],
      'a visibility timeout below the function timeout': [{ visibilityTimeoutMs: 2_999 }, RangeError, 'received 2999.'],
      'a visibility timeout above 12 hours': [{ visibilityTimeoutMs: 43_200_001 }, RangeError, 'received 43200001.'],
      'a function timeout of none': [{ functionTimeoutMs: 0 }, RangeError, 'from 1 to 900000, received 0.'],
      'a function timeout above 15 minutes': [{ functionTimeoutMs: 900_001 }, RangeError, 'received 900001.'],
      'a function timeout that is NaN': [{ functionTimeoutMs: NaN }, RangeError, 'received NaN.'],
      'a maxReceiveCount of none': [{ maxReceiveCount: 0 }, RangeError, 'or Infinity, received 0.'],
      'a maxReceiveCount that is no number': [{ maxReceiveCount: null }, TypeError, 'received null (object).'],
      'a maximumConcurrency of none': [{ maximumConcurrency: 0 }, RangeError, 'of at least 1, received 0.'],
      'a maximumConcurrency without bound': [{ maximumConcurrency: Infinity }, RangeError, 'received Infinity.'],
      'a maxInvocations of none': [{ maxInvocations: 0 }, RangeError, 'or Infinity, received 0.'],
      'an ioWaitMs below 0': [{ ioWaitMs: -1 }, RangeError, 'from 0 to 60000, received -1.'],
      'an ioWaitMs above a minute': [{ ioWaitMs: 60_001 }, RangeError, 'received 60001.'],
      'an undocumented of another name': [{ undocumented: 'maybe' }, TypeError, "received 'maybe' (string)."],
      'a queue that never ends': [
        { maxReceiveCount: Infinity },
        RangeError,
        'maxReceiveCount or maxInvocations to be finite, received Infinity for both.',
      ],
      'a startTime that is no date': [{ startTime: '2026-01-01' }, TypeError, "received '2026-01-01' (string)"],
      'a startTime that is no moment': [
        { startTime: new Date(NaN) },
        TypeError,
        'startTime to be a valid Date, received Invalid Date',
      ],
      'a reportBatchItemFailures that is no boolean': [
        { reportBatchItemFailures: 'false' },
        TypeError,
        "received 'false' (string)",
      ],
      'a seed that is no number': [{ seed: {} }, TypeError, 'received {} (object)'],
      'an eventSourceARN that is no text': [{ eventSourceARN: 7 }, TypeError, 'received 7 (number)'],
      'a functionTimeoutMs that is null': [{ functionTimeoutMs: null }, TypeError, 'received null (object)'],
      'a maxInvocations that is null': [{ maxInvocations: null }, TypeError, 'received null (object)'],
    };
    for (const [what, [options, type, message]] of Object.entries(refusals)) {
      it(what, async () => {
        const error = await rejection(simulateQueue({ ...given, ...options }));

        expect(error).to.be.an.instanceOf(type).with.property('message').that.includes(message);
      });
    }

    it('options that are none', async () => {
      for (const options of [undefined, null, 7]) {
        const error = await rejection(simulateQueue(options as never));

        expect(error)
          .to.be.an.instanceOf(TypeError)
          .with.property('message')
          .that.matches(/^simulateQueue: expected options, received /);
      }
    });
  });

  it('takes an option that is undefined for one that was left out', async () => {
    const given = { handler: succeeding, messages: ['a', 'b'] };
    const left = await simulateQueue({
      ...given,
      fifo: undefined,
      batchSize: undefined,
      visibilityTimeoutMs: undefined,
      maxReceiveCount: undefined,
      maximumConcurrency: undefined,
      maxInvocations: undefined,
      functionTimeoutMs: undefined,
      ioWaitMs: undefined,
      seed: undefined,
      startTime: undefined,
    });

    expect(left).to.deep.equal(await simulateQueue(given));
  });

  describe('runs', () => {
    const record = ({ body }: SQSRecord): void => {
      if (body === 'bad') throw new Error('no');
    };

    it('an SQSHandler of the class API', async () => {
      const processor = new BatchProcessor(EventType.SQS);
      const handler: SQSHandler = (event, context) => processPartialResponse(event, record, processor, { context });
      const result = await simulateQueue({ handler, messages: ['good', 'bad'], maxReceiveCount: 2 });

      expect(payloads(result.deleted)).to.deep.equal(['good']);
      expect(payloads(result.deadLettered)).to.deep.equal(['bad']);
    });

    it('a sync handler of the class API, in FIFO order', async () => {
      const processor = new SqsFifoPartialProcessor();
      const result = await simulateQueue({
        handler: (event: SQSEvent) => processPartialResponseSync(event, record, processor),
        messages: ['good', 'bad', 'next'],
        fifo: true,
        maxReceiveCount: 2,
      });

      expect(batches(result)).to.deep.equal(['good bad next', 'bad next']);
      expect(payloads(result.deadLettered)).to.deep.equal(['bad', 'next']);
    });

    it('the entry of a decorated class', async () => {
      const ran: string[] = [];
      class Orders {
        @BatchHandler({ source: 'SQS', logger: fakeLogger() })
        async handle(message: SQSRecord): Promise<void> {
          await after(10);
          ran.push(message.body);
          record(message);
        }
      }
      const result = await simulateQueue({
        handler: lambdaHandler(new Orders(), 'handle'),
        messages: ['good', 'bad', 'better'],
        maxReceiveCount: 2,
      });

      expect(ran).to.deep.equal(['good', 'bad', 'better', 'bad']);
      expect(payloads(result.deleted)).to.deep.equal(['good', 'better']);
      expect(payloads(result.deadLettered)).to.deep.equal(['bad']);
    });

    it('a decorated method with fifo, which leaves what follows a failure to the next delivery', async () => {
      const ran: string[] = [];
      const handler = handlerFor<'SQS'>({ source: 'SQS', fifo: true, logger: fakeLogger() }, (message) => {
        ran.push(`${message.body} (${receives(message)})`);
        if (message.body === '4' || (message.body === '2' && receives(message) === 1)) throw new Error('no');
      });
      const result = await simulateQueue({ handler, messages: ['1', '2', '3', '4'], fifo: true, maxReceiveCount: 2 });

      expect(ran).to.deep.equal(['1 (1)', '2 (1)', '2 (2)', '3 (2)', '4 (2)']);
      expect(payloads(result.deleted)).to.deep.equal(['1', '2', '3']);
      expect(payloads(result.deadLettered)).to.deep.equal(['4']);
      expect(result.invocations).to.have.length(2);
    });

    for (const [skipGroupOnError, healthy, dead] of [
      [true, ['b1', 'b2'], ['a1', 'a2']],
      [false, [], ['a1', 'a2', 'b1', 'b2']],
    ] as const) {
      it(`a decorated method with skipGroupOnError: ${skipGroupOnError}, by which other groups fare`, async () => {
        const ran: string[] = [];
        const handler = handlerFor<'SQS'>(
          { source: 'SQS', fifo: true, skipGroupOnError: skipGroupOnError as true, logger: fakeLogger() },
          ({ body }) => {
            ran.push(body);
            if (body === 'a1') throw new Error('no');
          },
        );
        const result = await simulateQueue({
          ...grouped,
          handler,
          messages: ['a1', 'b1', 'a2', 'b2'],
          maxReceiveCount: 2,
        });

        expect(payloads(result.deleted)).to.deep.equal(healthy);
        expect(payloads(result.deadLettered)).to.deep.equal(dead);
        expect(ran).to.deep.equal(['a1', ...healthy, 'a1']);
      });
    }

    it('a decorated method with stopBeforeTimeout, which answers before a record that hangs costs it the batch', async () => {
      const common = { messages: ['a', 'hangs', 'c'], maxReceiveCount: 2, functionTimeoutMs: 10_000, ioWaitMs: 0 };
      const method = ({ body }: SQSRecord) => (body === 'hangs' ? new Promise<void>(() => undefined) : undefined);
      const logger = fakeLogger();
      const [stopped, timedOut] = await Promise.all([
        simulateQueue({
          ...common,
          handler: handlerFor<'SQS'>({ source: 'SQS', stopBeforeTimeout: 500, logger }, method),
        }),
        simulateQueue({ ...common, handler: handlerFor<'SQS'>({ source: 'SQS', logger }, method) }),
      ]);

      expect(payloads(stopped.deleted)).to.deep.equal(['a', 'c']);
      expect(payloads(stopped.deadLettered)).to.deep.equal(['hangs']);
      expect(stopped.invocations.map(({ at, endedAt }) => endedAt - at)).to.deep.equal([9_500, 9_500]);
      expect(payloads(timedOut.deleted)).to.deep.equal([]);
      expect(timedOut.invocations.map(({ at, endedAt }) => endedAt - at)).to.deep.equal([10_000, 10_000]);
      expect(timedOut.invocations.map(({ hung }) => hung)).to.deep.equal([false, false]);
    });
  });
});
