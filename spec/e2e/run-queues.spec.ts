import type { KinesisStreamEvent, KinesisStreamRecord, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { kinesisEvent, sqsEvent } from '../../lib/testing';
import type { Account } from '../../samples/local/account';
import { type Entry, type Functions, sampleFunctions } from '../../samples/local/functions';
import { describeAccounts } from '../../samples/local/report';
import { type RunOptions, runQueues } from '../../samples/local/run-queues';
import { type Message, type SourceName, workloadOf } from '../../samples/local/workload';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { settled } from '../support/promises';

type AnyEvent = SQSEvent | KinesisStreamEvent;

type QueueOrStream = Exclude<SourceName, 'kafka'>;

const sources: readonly QueueOrStream[] = ['standard', 'fifo', 'stream'];
const titles = ['standard queue', 'FIFO queue', 'Kinesis stream'];

/** One of these messages fails, and always: whatever a function does wrong about it is sure to be seen. */
const single = { sources, messages: 20, failing: 0.05, groups: 1, seed: 7 };

/** What the functions of the run of the samples were handed. */
const events: Record<QueueOrStream, AnyEvent[]> = { standard: [], fifo: [], stream: [] };

// They run side by side, because what takes time is to wait for visibility timeouts.
const runs = {
  samples: {
    sources,
    messages: 60,
    failing: 0.1,
    groups: 8,
    seed: 7,
    functions: wrapped((entry, source) => (event, context) => {
      events[source].push(structuredClone(event));
      return entry(event, context);
    }),
  },
  forgetful: { ...single, functions: wrapped((entry) => withoutFirstFailure(entry)) },
  idle: { ...single, attempts: 1, functions: wrapped(() => reportsEverything) },
  pessimistic: {
    ...single,
    attempts: 1,
    functions: wrapped((entry) => async (event, context) => {
      await Promise.resolve(entry(event, context)).catch(() => undefined);
      return reportsEverything(event);
    }),
  },
  disorderedQueue: { ...single, sources: ['fifo'], functions: { fifo: goesOnAfterFailuresOfAGroup } },
  // Records are read while others are still sent, so batches differ: with many failures some are followed by others.
  disorderedStream: {
    ...single,
    messages: 60,
    failing: 0.5,
    sources: ['stream'],
    functions: { stream: goesOnAfterFailuresOfAKey },
  },
} satisfies Record<string, RunOptions>;

describe('A run on local queues', () => {
  const accounts = new Map<string, Account[]>();
  const of = (run: keyof typeof runs) => accounts.get(run)!;

  before(async function () {
    this.timeout(60_000);
    sinon.stub(console, 'error');
    sinon.stub(console, 'warn');
    const run = async ([name, options]: [string, RunOptions]) => accounts.set(name, await runQueues(options));
    try {
      await Promise.all(Object.entries(runs).map(run));
    } finally {
      sinon.restore();
    }
  });

  it('leaves no server behind', async () => {
    expect(await servers()).to.deep.equal([]);
  });

  describe('with the samples', () => {
    it('accounts for every message of every source', () => {
      expect(of('samples').map(({ rules }) => rules.title)).to.deep.equal(titles);
      for (const { sent, succeeded, deadLettered, unaccounted, unfinished, faults } of of('samples')) {
        expect(faults).to.deep.equal([]);
        expect({ sent, unaccounted, unfinished }).to.deep.equal({ sent: 60, unaccounted: 0, unfinished: 0 });
        expect(succeeded + deadLettered).to.equal(60);
      }
    });

    it('gives up on what always fails and, in a standard queue, on nothing else', () => {
      for (const { deadLettered, takenAlong } of of('samples')) expect(deadLettered - takenAlong).to.equal(3);
      expect(of('samples')[0]).to.include({ succeeded: 57, deadLettered: 3, takenAlong: 0 });
    });

    it('keeps each message group and each partition key in order', () => {
      const kept = of('samples').map(({ groups, groupsOutOfOrder }) => [groups, groupsOutOfOrder]);

      expect(kept).to.deep.equal([[0, 0], [8, 0], [8, 0]]); // prettier-ignore
    });

    it('has a queue hand out what always fails as often as its redrive policy says', () => {
      for (const source of ['standard', 'fifo'] as const) {
        for (const { id } of workloadOf(source, runs.samples).filter(({ failures }) => failures === Infinity)) {
          expect(receiveCountsOf(id, events[source] as SQSEvent[])).to.deep.equal(['1', '2', '3', '4', '5']);
        }
      }
    });

    it('has a failed message of a queue come again until it succeeds', () => {
      for (const { id, failures } of workloadOf('standard', runs.samples)) {
        if (failures === Infinity) continue;
        expect(receiveCountsOf(id, events.standard as SQSEvent[])).to.have.length.above(failures);
      }
    });

    it('says so in a table', () => {
      const lines = describeAccounts(of('samples')).split('\n');

      expect(lines.slice(0, 4).map((line) => line.split(/ {2,}/)[0])).to.deep.equal(['source', ...titles]);
      expect(lines[1]).to.match(/^standard queue +60 +57 +3 +0 +\d+ +- +\d+ +\d+\.\d s$/);
      expect(lines[2]).to.match(/^FIFO queue +60 +\d+ +\d+ +0 +\d+ +8\/8 +\d+ +\d+\.\d s$/);
      expect(lines[3]).to.match(/^Kinesis stream +60 +\d+ +\d+ +0 +\d+ +8\/8 +\d+ +\d+\.\d s$/);
      expect(lines.at(-1)).to.equal('All 180 messages are accounted for, each group and key in order.');
    });
  });

  describe('hands to a function', () => {
    it('messages that have what those of Lambda have', () => {
      const messageAttributes = { contentType: 'application/json' };
      const standard = sqsEvent([{}], { messageAttributes });
      const fifo = sqsEvent([{}], { messageAttributes, fifo: true });

      expect(shapeOf((events.standard as SQSEvent[])[0]!)).to.deep.equal(shapeOf(standard));
      expect(shapeOf((events.fifo as SQSEvent[])[0]!)).to.deep.equal(shapeOf(fifo));
    });

    it('records that have what those of Lambda have', () => {
      expect(shapeOf((events.stream as KinesisStreamEvent[])[0]!)).to.deep.equal(shapeOf(kinesisEvent([{}])));
    });

    it('several at once, and ten at the most', () => {
      for (const source of sources) {
        const sizes = events[source].map(({ Records }) => Records.length);

        expect(Math.max(...sizes)).to.be.within(2, 10);
      }
    });
  });

  describe('finds', () => {
    it('the message that an answer forgets', () => {
      for (const [index, { succeeded, deadLettered, unaccounted, faults }] of of('forgetful').entries()) {
        const { id } = failingOf(sources[index]!);
        expect(faults).to.deep.equal([`${id} has left the source, but never succeeded`]);
        expect({ succeeded, deadLettered, unaccounted }).to.deep.equal({
          succeeded: 19,
          deadLettered: 0,
          unaccounted: 1,
        });
      }
    });

    it('messages that are given up on without having run', () => {
      const [standard, fifo, stream] = of('idle');

      expect(standard!.faults).to.have.length(20);
      expect(standard!.faults[0]).to.equal(
        'order-1 is dead-lettered, although it was not run, and nothing was in its way',
      );
      expect(fifo!.faults).to.include('parcel-1 is dead-lettered, although it was not run, and nothing was in its way');
      expect(stream!.faults).to.include(
        'reading-1 is dead-lettered, although the first record of its batch can succeed',
      );
    });

    it('messages that are given up on although they have succeeded', () => {
      const [standard, fifo, stream] = of('pessimistic');

      expect(standard!.faults).to.have.length(19);
      expect(standard!.faults[0]).to.equal('order-1 is dead-lettered, although it succeeded');
      expect(fifo!.faults).to.include('parcel-1 is dead-lettered, although it succeeded');
      expect(stream!.faults).to.include(
        'reading-1 is dead-lettered, although the first record of its batch can succeed',
      );
    });

    it('messages of a group that run before an earlier one is settled', () => {
      const [{ unaccounted, groups, groupsOutOfOrder, faults }] = of('disorderedQueue') as [Account];
      const { id, group } = failingOf('fifo');

      expect({ unaccounted, groups, groupsOutOfOrder }).to.deep.equal({
        unaccounted: 0,
        groups: 1,
        groupsOutOfOrder: 1,
      });
      expect(faults[0]).to.match(new RegExp(`^parcel-\\d+ ran before ${id}, sent earlier in ${group}, was settled$`));
    });

    it('records of a key that run before an earlier one is settled', () => {
      const [{ unaccounted, groups, groupsOutOfOrder, faults }] = of('disorderedStream') as [Account];

      expect({ unaccounted, groups, groupsOutOfOrder }).to.deep.equal({
        unaccounted: 0,
        groups: 1,
        groupsOutOfOrder: 1,
      });
      expect(faults[0]).to.match(/^reading-\d+ ran before reading-\d+, sent earlier in group-1, was settled$/);
    });

    it('says so below the table', () => {
      const text = describeAccounts(of('forgetful'));

      expect(text).to.include(`FAULT: FIFO queue: ${failingOf('fifo').id} has left the source, but never succeeded.`);
      expect(text).to.match(/\nFaults among 60 messages: 3\.$/);
    });
  });
});

describe('A run that is stopped', () => {
  beforeEach(() => {
    sinon.stub(console, 'error');
    sinon.stub(console, 'warn');
  });

  afterEach(() => {
    sinon.restore();
  });

  it('tells what it had, and blames nobody for the rest', async () => {
    const stop = new AbortController();
    const onProgress = () => {
      stop.abort();
    };

    const accounts = await runQueues({ ...single, messages: 200, signal: stop.signal, onProgress });

    expect(accounts.flatMap(({ faults }) => faults)).to.deep.equal([]);
    expect(accounts.some(({ sent }) => sent < 200)).to.equal(true);
    expect(await servers()).to.deep.equal([]);
  });

  it('closes what it has started where something throws', async () => {
    const standard = (): never => {
      throw new Error('no such function');
    };

    const failure = await runQueues({ ...single, functions: { standard } }).catch((error: unknown) => error);

    expect(failure).to.have.property('message', 'no such function');
    expect(await servers()).to.deep.equal([]);
  });
});

/** The servers and sockets that are open, once Node.js has let go of those that were just closed. */
async function servers(): Promise<string[]> {
  await settled();
  await settled();
  return process.getActiveResourcesInfo().filter((type) => type.startsWith('TCP'));
}

function wrapped(wrap: <E extends AnyEvent>(entry: Entry<E>, source: QueueOrStream) => Entry<E>): Partial<Functions> {
  return {
    standard: (attempt) => wrap(sampleFunctions.standard(attempt), 'standard'),
    fifo: (attempt) => wrap(sampleFunctions.fifo(attempt), 'fifo'),
    stream: (attempt) => wrap(sampleFunctions.stream(attempt), 'stream'),
  };
}

function reportsEverything({ Records }: AnyEvent): SQSBatchResponse {
  return { batchItemFailures: Records.map((record) => ({ itemIdentifier: identifierOf(record) })) };
}

/** Answers as an entry does, only that the first failure is not in it. */
function withoutFirstFailure<E extends AnyEvent>(entry: Entry<E>): Entry<E> {
  return async (event, context) => {
    const answer = Promise.resolve(entry(event, context) as Promise<SQSBatchResponse>);
    const { batchItemFailures } = await answer.catch(() => reportsEverything(event));
    return { batchItemFailures: batchItemFailures.slice(1) };
  };
}

function goesOnAfterFailuresOfAGroup(...[attempt]: Parameters<Functions['fifo']>): Entry<SQSEvent> {
  return handlerFor({ source: 'SQS', processInParallel: false, logger: fakeLogger() }, (record) => {
    const { id, weight } = JSON.parse(record.body) as { id: string; weight: number };
    return attempt(id, async () => {
      if (weight > 30) throw new Error('too heavy');
    });
  });
}

function goesOnAfterFailuresOfAKey(...[attempt]: Parameters<Functions['stream']>): Entry<KinesisStreamEvent> {
  return handlerFor({ source: 'KinesisDataStreams', processInParallel: false, logger: fakeLogger() }, ({ kinesis }) => {
    const { kilowattHours } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString()) as { kilowattHours: number };
    return attempt(`reading-${Math.abs(kilowattHours)}`, async () => {
      if (kilowattHours < 0) throw new Error('backwards');
    });
  });
}

const failingOf = (source: SourceName): Message => workloadOf(source, single).find(({ failures }) => failures > 0)!;

const identifierOf = (record: SQSRecord | KinesisStreamRecord): string =>
  'kinesis' in record ? record.kinesis.sequenceNumber : record.messageId;

function receiveCountsOf(id: string, received: readonly SQSEvent[]): string[] {
  const records = received.flatMap(({ Records }) => Records);
  return records
    .filter(({ body }) => (JSON.parse(body) as { id: string }).id === id)
    .map(({ attributes }) => attributes.ApproximateReceiveCount);
}

/** The names of all that the first record of an event has, with the types of what they stand for. */
function shapeOf({ Records }: AnyEvent): unknown {
  const shape = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]))
      : typeof value;
  return shape(Records[0]);
}
