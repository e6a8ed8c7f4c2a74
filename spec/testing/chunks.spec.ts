import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

import type { DynamoDBStreamEvent, KinesisStreamEvent, KinesisStreamRecord, SQSEvent, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';

import { NonRetryableError } from '../../lib';
import { ChunkError, chunksOf } from '../../lib/chunk';
import { deadLetter } from '../../lib/dead-letter';
import { type ChunkCall, CHUNKED } from '../../lib/errors/chunked';
import { DELIVERED } from '../../lib/errors/delivered';
import { kafka } from '../../lib/kafka';
import { json } from '../../lib/payload';
import {
  formatTimeline,
  type Handler,
  lambdaContext,
  simulateKafka,
  simulateQueue,
  simulateStream,
  type Simulation,
  sqsEvent,
} from '../../lib/testing';
import { anotherCopyOf } from '../support/another-copy';
import { nameOf } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';

type Method<R> = (chunk: readonly R[]) => unknown;

/** The entry of a decorated method for chunks. */
const entryFor = <E>(options: object, method: Method<never>) =>
  handlerFor<'SQS'>(
    { logger: fakeLogger(), throwOnFullBatchFailure: false, ...options } as never,
    method as never,
  ) as unknown as Handler<E>;
const ofQueue = (options: object, method: Method<SQSRecord> = succeeding) =>
  entryFor<SQSEvent>({ source: 'SQS', ...options }, method);
const ofStream = (options: object, method: Method<KinesisStreamRecord> = succeeding) =>
  entryFor<KinesisStreamEvent>({ source: 'KinesisDataStreams', ...options }, method);

const succeeding = (): void => undefined;
const after = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const forEver = () => new Promise<never>(() => undefined);
const receives = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);

/** A method that reports those of its records that are named. */
const failing =
  <R>(nameIn: (record: R) => string, ...names: readonly string[]): Method<R> =>
  (chunk) => {
    const failed = [...chunk.keys()].filter((index) => names.includes(nameIn(chunk[index]!)));
    if (failed.length > 0) throw new ChunkError(new Map(failed.map((index) => [index, new Error('failed')])));
  };
const failingBodies = (...bodies: readonly string[]) => failing<SQSRecord>(({ body }) => body, ...bodies);

/** When a method was called for which records, and in which invocation. */
const chunksIn = ({ timeline }: Simulation<unknown>) =>
  timeline
    .filter(({ what }) => what === 'chunk')
    .map(({ at, invocation, records }) => `${at} ms, invocation ${invocation}: ${records.join(' ')}`);

/** FIFO messages whose group is the first letter of their body, as in `a1`. */
const grouped = { fifo: true, messageGroupId: (body: string) => body[0]! };
/** Records of a stream whose key is the first letter of their payload. */
const keyed = { partitionKey: (payload: string) => payload[0]! };

describe('The timeline of chunks', () => {
  describe('of a queue', () => {
    it('has one line a call, within its invocation', async () => {
      const result = await simulateQueue({
        messages: ['0', '1', 'bad', '3', '4'],
        maxReceiveCount: 2,
        handler: ofQueue({ chunk: chunksOf(2) }, failingBodies('bad')),
      });

      expect(formatTimeline(result).split('\n')).to.deep.equal([
        ' 0.000 s  invocation 0  invoked        #0 #1 #2 #3 #4',
        ' 0.000 s  invocation 0  chunk          #0 #1',
        ' 0.000 s  invocation 0  chunk          #2 #3',
        ' 0.000 s  invocation 0  chunk          #4',
        ' 0.000 s  invocation 0  deleted        #0 #1 #3 #4',
        ' 0.000 s  invocation 0  returned       #2',
        '30.000 s  invocation 1  invoked        #2',
        '30.000 s  invocation 1  chunk          #2',
        '30.000 s  invocation 1  returned       #2',
        '60.000 s                dead-lettered  #2              MaxReceiveCountExceeded',
        '4 done, 1 dead-lettered, 0 remaining',
      ]);
    });

    it('has an entry like any other', async () => {
      const { timeline } = await simulateQueue({ messages: ['a', 'b'], handler: ofQueue({ chunk: chunksOf(2) }) });

      expect(timeline).to.deep.equal([
        { at: 0, what: 'invoked', records: [0, 1], invocation: 0 },
        { at: 0, what: 'chunk', records: [0, 1], invocation: 0 },
        { at: 0, what: 'deleted', records: [0, 1], invocation: 0 },
      ]);
    });

    it('shows chunks of one record, and none where there is no chunk', async () => {
      const messages = ['a', 'b'];
      const inChunks = await simulateQueue({ messages, handler: ofQueue({ chunk: chunksOf(1) }) });
      const single = await simulateQueue({ messages, handler: ofQueue({}, succeeding) });

      expect(chunksIn(inChunks)).to.deep.equal(['0 ms, invocation 0: 0', '0 ms, invocation 0: 1']);
      expect(chunksIn(single)).to.deep.equal([]);
    });

    it('shows when each begins, also where several run at once', async () => {
      const result = await simulateQueue({
        messages: ['0', '1', '2', '3', '4', '5', '6'],
        handler: ofQueue({ concurrency: 2, chunk: chunksOf(2) }, ([first]) => after(first!.body === '0' ? 100 : 30)),
      });

      expect(chunksIn(result)).to.deep.equal([
        '0 ms, invocation 0: 0 1',
        '0 ms, invocation 0: 2 3',
        '30 ms, invocation 0: 4 5',
        '60 ms, invocation 0: 6',
      ]);
    });

    it('that is FIFO ends at the first failure', async () => {
      const result = await simulateQueue({
        ...grouped,
        messages: ['a0', 'a1', 'a2', 'a3'],
        maxReceiveCount: 1,
        handler: ofQueue({ fifo: true, chunk: chunksOf(2) }, failingBodies('a1')),
      });

      expect(chunksIn(result)).to.deep.equal(['0 ms, invocation 0: 0 1']);
    });

    it('that is FIFO shows by group what is next of each', async () => {
      const result = await simulateQueue({
        ...grouped,
        messages: ['a0', 'b1', 'a2', 'b3', 'a4', 'b5'],
        maxReceiveCount: 2,
        handler: ofQueue(
          { fifo: true, skipGroupOnError: true, chunk: chunksOf(4, { distinct: true }) },
          failingBodies('b3'),
        ),
      });

      expect(formatTimeline(result).split('\n').slice(0, 9)).to.deep.equal([
        ' 0.000 s  invocation 0  invoked        #0 #2 #4 #1 #3 #5',
        ' 0.000 s  invocation 0  chunk          #0 #1',
        ' 0.000 s  invocation 0  chunk          #2 #3',
        ' 0.000 s  invocation 0  chunk          #4',
        ' 0.000 s  invocation 0  deleted        #0 #2 #4 #1',
        ' 0.000 s  invocation 0  returned       #3 #5',
        '30.000 s  invocation 1  invoked        #3 #5',
        '30.000 s  invocation 1  chunk          #3',
        '30.000 s  invocation 1  returned       #3 #5',
      ]);
    });

    it('has nothing of a record that cannot be read', async () => {
      const result = await simulateQueue({
        messages: ['0', 'no JSON', '2'],
        maxReceiveCount: 1,
        handler: ofQueue({ payload: json(), chunk: chunksOf(5) }),
      });

      expect(chunksIn(result)).to.deep.equal(['0 ms, invocation 0: 0 2']);
    });

    it('shows a chunk that hangs until the timeout of the function, and those beside it', async () => {
      const result = await simulateQueue({
        messages: ['0', '1', 'hangs', '3', '4', '5'],
        visibilityTimeoutMs: 3_000,
        ioWaitMs: 0,
        handler: ofQueue({ concurrency: 2, chunk: chunksOf(2) }, async (chunk) => {
          await after(10);
          if (chunk.some((record) => record.body === 'hangs' && receives(record) === 1)) await forEver();
        }),
      });

      expect(formatTimeline(result).split('\n')).to.deep.equal([
        '0.000 s  invocation 0  invoked   #0 #1 #2 #3 #4 #5',
        '0.000 s  invocation 0  chunk     #0 #1',
        '0.000 s  invocation 0  chunk     #2 #3',
        '0.010 s  invocation 0  chunk     #4 #5',
        '3.000 s  invocation 0  returned  #0 #1 #2 #3 #4 #5  the invocation failed: The function timed out after 3000 ms.',
        '3.000 s  invocation 1  invoked   #0 #1 #2 #3 #4 #5',
        '3.000 s  invocation 1  chunk     #0 #1',
        '3.000 s  invocation 1  chunk     #2 #3',
        '3.010 s  invocation 1  chunk     #4 #5',
        '3.020 s  invocation 1  deleted   #0 #1 #2 #3 #4 #5',
        '6 done, 0 dead-lettered, 0 remaining',
      ]);
    });

    it('shows what happened before the answer was lost', async () => {
      const result = await simulateQueue({
        messages: ['a', 'b'],
        faults: ({ index }) => ([undefined, 'timeout', 'crash', 'throttle'] as const)[3 - index],
        handler: ofQueue({ chunk: chunksOf(2) }),
      });

      expect(chunksIn(result)).to.deep.equal([
        '1000 ms, invocation 1: 0 1',
        '30000 ms, invocation 2: 0 1',
        '60000 ms, invocation 3: 0 1',
      ]);
    });

    it('does not mix up invocations that overlap', async () => {
      const result = await simulateQueue({
        messages: ['0', '1', '2', '3', '4', '5'],
        batchSize: 3,
        maximumConcurrency: 2,
        handler: ofQueue({ concurrency: 1, chunk: chunksOf(2) }, () => after(10)),
      });

      expect(chunksIn(result)).to.deep.equal([
        '0 ms, invocation 0: 0 1',
        '0 ms, invocation 1: 3 4',
        '10 ms, invocation 0: 2',
        '10 ms, invocation 1: 5',
      ]);
    });

    it('does not mix up two receives of the same messages that overlap, also where the function copies them', async () => {
      const entry = ofQueue({ concurrency: 1, chunk: chunksOf(1) }, () => after(1_400));
      const copying: Handler<SQSEvent> = ({ Records }, context) =>
        entry({ Records: Records.map((record) => ({ ...record })) }, context, undefined as never);
      for (const handler of [entry, copying]) {
        const result = await simulateQueue({
          handler,
          messages: ['a', 'b'],
          visibilityTimeoutMs: 3_000,
          maximumConcurrency: 2,
          ioWaitMs: 0,
          faults: ({ index }) => (index === 0 ? 'throttle' : undefined),
        });

        expect(chunksIn(result)).to.deep.equal([
          '1000 ms, invocation 1: 0',
          '2400 ms, invocation 1: 1',
          '3000 ms, invocation 2: 0',
          '4400 ms, invocation 2: 1',
        ]);
      }
    });

    it('shows the chunks of each handler of a batch, and of no other batch', async () => {
      const [orders, others] = [ofQueue({ chunk: chunksOf(2) }), ofQueue({ chunk: chunksOf(2) })] as Handler<object>[];
      const result = await simulateQueue({
        messages: ['a', 'b', 'c'],
        handler: async ({ Records: [first, ...rest] }, context) => {
          const other = sqsEvent(['x', 'y'], { seed: 7 });
          await Promise.all([
            orders!({ Records: [first] }, context, undefined as never),
            others!({ Records: rest }, context, undefined as never),
            others!(other, context, undefined as never),
            others!({ Records: [first, ...other.Records] }, context, undefined as never),
          ]);
        },
      });

      expect(chunksIn(result)).to.deep.equal([
        '0 ms, invocation 0: 0',
        '0 ms, invocation 0: 1 2',
        '0 ms, invocation 0: 0',
      ]);
    });

    it('shows the chunks of another copy of the package', async () => {
      const other = anotherCopyOf('chunk') as { readonly chunksOf: typeof chunksOf };
      const result = await simulateQueue({ messages: ['a', 'b'], handler: ofQueue({ chunk: other.chunksOf(2) }) });

      expect(chunksIn(result)).to.deep.equal(['0 ms, invocation 0: 0 1']);
    });
  });

  describe('of a stream', () => {
    it('by shard ends at the first failure', async () => {
      const result = await simulateStream({
        records: ['a0', 'a1', 'a2', 'a3', 'a4'],
        maximumRetryAttempts: 0,
        handler: ofStream({ order: 'shard', chunk: chunksOf(2) }, failing(nameOf, 'a3')),
      });

      expect(formatTimeline(result).split('\n')).to.deep.equal([
        '0.000 s  invocation 0  invoked        #0 #1 #2 #3 #4',
        '0.000 s  invocation 0  chunk          #0 #1',
        '0.000 s  invocation 0  chunk          #2 #3',
        '0.000 s  invocation 0  checkpointed   #0 #1 #2',
        '0.000 s  invocation 0  returned       #3 #4',
        '0.000 s  invocation 1  invoked        #3 #4',
        '0.000 s  invocation 1  chunk          #3 #4',
        '0.000 s  invocation 1  returned       #3 #4           no progress: the checkpoint is at the first record of the batch',
        '0.000 s                dead-lettered  #3 #4           RetryAttemptsExhausted',
        '3 done, 2 dead-lettered, 0 remaining',
      ]);
    });

    it('by key shows what is next of each', async () => {
      const result = await simulateStream({
        ...keyed,
        records: ['a0', 'b1', 'a2', 'c3', 'b4'],
        handler: ofStream({ order: 'key', concurrency: 2, chunk: chunksOf(2) }, ([first]) =>
          after(nameOf(first!) === 'a0' ? 100 : 10),
        ),
      });

      expect(chunksIn(result)).to.deep.equal([
        '0 ms, invocation 0: 0 1',
        '0 ms, invocation 0: 3',
        '100 ms, invocation 0: 2 4',
      ]);
    });

    it('does not mix up its shards', async () => {
      const result = await simulateStream({
        records: ['a0', 'b1', 'a2', 'b3', 'a4', 'b5'],
        shards: 2,
        ...keyed,
        handler: ofStream({ order: 'shard', chunk: chunksOf(2) }, () => after(10)),
      });
      const lanes = result.invocations.map(({ event }) => event.Records.map(nameOf).join(' '));

      expect(lanes).to.have.members(['a0 a2 a4', 'b1 b3 b5']);
      expect(chunksIn(result)).to.have.members(
        lanes.flatMap((lane, invocation) => {
          const [one, two, three] = [...lane.matchAll(/\d/g)].map(String);
          return [`0 ms, invocation ${invocation}: ${one} ${two}`, `10 ms, invocation ${invocation}: ${three}`];
        }),
      );
    });

    it('takes no delivery for that of another invocation either', async () => {
      let calls = 0;
      const result = await simulateStream({
        records: ['a'],
        ioWaitMs: 0,
        retryDelayMs: () => 1_000,
        handler: ofStream(
          { order: 'shard', chunk: chunksOf(1), nonRetryable: deadLetter({ deliverTo: 'discard' }) },
          async () => {
            const isFirst = calls++ === 0;
            await after(isFirst ? 5_000 : 2_000);
            if (isFirst) throw new NonRetryableError('late');
          },
        ),
      });

      expect(result.deliveredElsewhere).to.deep.equal([]);
      expect(result.deleted).to.have.length(1);
    });

    it('of DynamoDB shows chunks too', async () => {
      const result = await simulateStream({
        source: 'DynamoDBStreams',
        records: [1, 2, 3].map((id) => ({ eventName: 'INSERT' as const, keys: { id }, newImage: { id } })),
        handler: entryFor<DynamoDBStreamEvent>(
          { source: 'DynamoDBStreams', order: 'key', chunk: chunksOf(2) },
          succeeding,
        ),
      });

      expect(chunksIn(result)).to.deep.equal(['0 ms, invocation 0: 0 1', '0 ms, invocation 0: 2']);
    });
  });

  it('of Kafka shows them in the order of the event, partition by partition', async () => {
    const result = await simulateKafka({
      records: ['a0', 'b1', 'a2', 'b3', 'a4'],
      partitions: 2,
      partition: (payload) => (payload.startsWith('a') ? 0 : 1),
      handler: entryFor({ source: kafka, order: 'partition', chunk: chunksOf(3) }, succeeding),
    });

    expect(chunksIn(result)).to.deep.equal(['0 ms, invocation 0: 0 2 4', '0 ms, invocation 0: 1 3']);
  });

  it('of a stream or topic has nothing that a function does after its timeout, when the same records have come again', async () => {
    const late = { records: ['0', '1'], ioWaitMs: 0, retryDelayMs: () => 1_000 };
    const simulations = [
      (method: () => unknown) =>
        simulateStream({ ...late, handler: ofStream({ order: 'shard', chunk: chunksOf(1) }, method) }),
      (method: () => unknown) =>
        simulateKafka({
          ...late,
          partition: 0,
          handler: entryFor({ source: kafka, order: 'partition', chunk: chunksOf(1) }, method),
        }),
    ];
    for (const simulate of simulations) {
      let calls = 0;
      const result = await simulate(() => after(calls++ === 0 ? 5_000 : 1_200));

      expect(calls).to.equal(4);
      expect(chunksIn(result)).to.deep.equal([
        '0 ms, invocation 0: 0',
        '4000 ms, invocation 1: 0',
        '5200 ms, invocation 1: 1',
      ]);
    }
  });

  it('is told on a channel, of identifiers and records, and only while a simulation runs', async () => {
    const event = sqsEvent(['1', '2']);
    const told: ChunkCall[] = [];
    const see = (message: unknown) => void told.push(message as ChunkCall);
    await simulateQueue({ messages: ['1'], handler: ofQueue({ chunk: chunksOf(2) }) });
    expect([CHUNKED, DELIVERED].map((name) => channel(name).hasSubscribers)).to.deep.equal([false, false]);
    const entry = ofQueue({ payload: json(), chunk: chunksOf(2) });
    subscribe(CHUNKED, see);
    try {
      await entry(event, lambdaContext(), undefined as never);
    } finally {
      unsubscribe(CHUNKED, see);
    }

    const [{ deliveries, ...rest }] = told as [ChunkCall];
    expect(told).to.have.length(1);
    expect(rest).to.deep.equal({});
    expect(deliveries.map(({ itemIdentifier }) => itemIdentifier)).to.deep.equal(
      event.Records.map(({ messageId }) => messageId),
    );
    expect(deliveries.every(({ record }, index) => record === event.Records[index])).to.equal(true);
  });
});
