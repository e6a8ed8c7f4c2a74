import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import sinon from 'sinon';

import { createBatchHandler } from '../../lib';
import { headersOf, kafka, type KafkaBatchResponse, type KafkaEvent, type KafkaRecord } from '../../lib/kafka';
import type { Account } from '../../samples/local/account';
import { startEmulators } from '../../samples/local/emulators';
import { type Entry, type Functions, sampleFunctions } from '../../samples/local/functions';
import { type KafkaBroker, startKafkaBroker } from '../../samples/local/kafka-broker';
import { Ledger } from '../../samples/local/ledger';
import { playKafka, TOPIC } from '../../samples/local/play-kafka';
import { describeAccounts } from '../../samples/local/report';
import { type RunOptions, runQueues } from '../../samples/local/run-queues';
import { type Message, workloadOf } from '../../samples/local/workload';
import { fakeLogger } from '../support/logger';
import { rejection, settled } from '../support/promises';

const common = { sources: ['kafka'], seed: 7 } as const;

/** One of these messages fails, and always: whatever a function does wrong about it is sure to be seen. */
const single = { ...common, messages: 20, failing: 0.05, groups: 1 };

/** What the function of the run of the sample was handed. */
const events: KafkaEvent[] = [];

/** Has the function of the sample wrapped, or replaced. */
const wrapped = (wrap: (entry: Entry<KafkaEvent>) => Entry<KafkaEvent>): { functions: Partial<Functions> } => ({
  functions: { kafka: (attempt) => wrap(sampleFunctions.kafka(attempt)) },
});

// They run side by side, because what takes time is to wait for the group of consumers.
const runs = {
  sample: {
    ...common,
    messages: 60,
    failing: 0.1,
    groups: 8,
    ...wrapped((entry) => (event, context) => {
      events.push(structuredClone(event));
      return entry(event, context);
    }),
  },
  forgetful: { ...single, ...wrapped((entry) => withoutFirstFailure(entry)) },
  swallowing: {
    ...single,
    ...wrapped((entry) => async (event, context) => {
      await Promise.resolve(entry(event, context)).catch(() => undefined);
      return { batchItemFailures: [] };
    }),
  },
  idle: { ...single, attempts: 1, ...wrapped(() => reportsEverything) },
  flat: {
    ...single,
    ...wrapped(() => ({ records }) => ({
      batchItemFailures: recordsIn(records).map(([partition, { offset }]) => ({
        itemIdentifier: `${partition}-${offset}`,
      })),
    })),
  },
  disordered: { ...single, functions: { kafka: goesOnAfterFailures } },
} satisfies Record<string, RunOptions>;

const hasKcat = spawnSync('kcat', ['-V']).error === undefined;

describe('A run on a local Kafka topic', function () {
  this.timeout(60_000);

  const accounts = new Map<string, Account>();
  const of = (run: keyof typeof runs) => accounts.get(run)!;

  before(async function () {
    if (!hasKcat) {
      console.log('There is no kcat on PATH: the runs on a Kafka topic are skipped.');
      this.skip();
    }
    const run = async ([name, options]: [string, RunOptions]) => accounts.set(name, (await runQueues(options))[0]!);
    sinon.stub(console, 'error');
    sinon.stub(console, 'warn');
    try {
      await Promise.all(Object.entries(runs).map(run));
    } finally {
      sinon.restore();
    }
  });

  afterEach(async () => {
    expect(await leftOpen()).to.deep.equal([]);
  });

  describe('with the sample', () => {
    it('accounts for every message, and keeps each partition in order', () => {
      const { succeeded, deadLettered, takenAlong, ...account } = of('sample');

      expect(account).to.deep.include({ sent: 60, unaccounted: 0, unfinished: 0, groupsOutOfOrder: 0, faults: [] });
      expect(account.groups).to.be.within(2, 4);
      expect(succeeded + deadLettered).to.equal(60);
      expect(deadLettered - takenAlong).to.equal(3);
    });

    it('delivers what always fails as often as it may, and what fails once or twice until it succeeds', () => {
      for (const { id, failures } of workloadOf('kafka', runs.sample)) {
        const deliveries = events.flatMap((event) => recordsIn(event.records)).filter(([, it]) => idOf(it) === id);

        expect(deliveries.length).to.be.above(failures === Infinity ? 4 : failures);
      }
    });

    it('says so in a table', () => {
      const lines = describeAccounts([of('sample')]).split('\n');

      expect(lines[1]).to.match(/^Kafka topic +60 +\d+ +\d+ +0 +\d+ +(\d)\/\1 +\d+ +\d+\.\d s$/);
      expect(lines.at(-1)).to.equal('All 60 messages are accounted for, each partition in order.');
    });
  });

  describe('hands to a function', () => {
    const all = (): [string, KafkaRecord][] => events.flatMap((event) => recordsIn(event.records));

    it('events of a cluster, by topic and partition, with several of them and ten records of each at the most', () => {
      for (const { records, ...cluster } of events) {
        expect(cluster).to.have.all.keys('eventSource', 'bootstrapServers');
        expect(cluster.eventSource).to.equal('SelfManagedKafka');
        expect(cluster.bootstrapServers).to.match(/^127\.0\.0\.1:\d+$/);
        for (const batch of Object.values(records)) expect(batch).to.have.length.within(1, 10);
      }
      for (const [name, { topic, partition }] of all()) expect(name).to.equal(`${topic}-${partition}`);
      expect(Math.max(...events.map(({ records }) => Object.keys(records).length))).to.be.above(1);
    });

    it('records in the order of their offsets, with key and value in base64', () => {
      for (const batch of events.flatMap(({ records }) => Object.values(records))) {
        batch.forEach(({ offset }, index) => expect(offset).to.equal(batch[0]!.offset + index));
      }
      for (const { id, group, payload } of workloadOf('kafka', runs.sample)) {
        const [, { key, value }] = all().find(([, it]) => idOf(it) === id)!;
        expect(textIn(key)).to.equal(group);
        if (payload !== null) expect(JSON.parse(textIn(value))).to.deep.equal(payload);
      }
    });

    it('tombstones, which have no value', () => {
      const tombstones = all().filter(([, record]) => !('value' in record));

      const ids = workloadOf('kafka', runs.sample)
        .filter(({ payload }) => payload === null)
        .map(({ id }) => id);

      expect(ids).to.have.length.above(0);
      expect([...new Set(tombstones.map(([, record]) => idOf(record)))]).to.have.members(ids);
    });

    it('headers of signed bytes', () => {
      for (const [, { headers }] of all()) {
        expect(headers.slice(1)).to.deep.equal([{ site: [90, -61, -68, 114, 105, 99, 104] }]);
      }
    });
  });

  describe('finds', () => {
    const failedForGood = ({ id }: Message) => `${id} has left the source, but never succeeded`;

    it('the message that an answer forgets', () => {
      expect(of('forgetful')).to.deep.include({ succeeded: 19, unaccounted: 1, faults: [failedForGood(failing)] });
    });

    it('a function that swallows failures', () => {
      const { deadLettered, faults } = of('swallowing');

      expect(deadLettered).to.equal(0);
      expect(faults[0]).to.equal(failedForGood(failing));
    });

    for (const run of ['idle', 'flat'] as const) {
      it(`messages that are given up on although they could succeed: ${run}`, () => {
        const { deadLettered, faults } = of(run);

        expect(deadLettered).to.equal(20);
        expect(faults).to.include('temperature-1 is dead-lettered, although the first record of its batch can succeed');
      });
    }

    it('records of a partition that run before an earlier one is settled', () => {
      const { unaccounted, groupsOutOfOrder, faults } = of('disordered');

      expect({ unaccounted, groupsOutOfOrder }).to.deep.equal({ unaccounted: 0, groupsOutOfOrder: 1 });
      expect(faults[0]).to.match(
        new RegExp(`^temperature-\\d+ ran before ${failing.id}, sent earlier in temperatures-\\d, was settled$`),
      );
    });
  });

  describe('that ends early', () => {
    beforeEach(() => {
      sinon.stub(console, 'error');
      sinon.stub(console, 'warn');
    });

    afterEach(() => {
      sinon.restore();
    });

    it('tells what it had where it is stopped, and blames nobody for the rest', async () => {
      const stop = new AbortController();

      const [account] = await runQueues({ ...single, signal: stop.signal, onProgress: () => stop.abort() });

      expect(account).to.deep.include({ sent: 20, unaccounted: 0, deadLettered: 0, faults: [], invocations: 1 });
      expect(account!.unfinished).to.be.above(0);
    });

    it('tells that it had nothing where it is stopped before the first event', async () => {
      const [account] = await runQueues({ ...single, signal: AbortSignal.timeout(1_000) });

      expect(account).to.deep.include({ succeeded: 0, unaccounted: 0, faults: [], invocations: 0 });
    });

    it('fails where the broker is gone', async () => {
      const emulators = await startEmulators();
      const broker = (await startKafkaBroker(TOPIC)) as KafkaBroker;
      const messages = workloadOf('kafka', single);
      const ledger = new Ledger({ title: 'gone', byBatch: true, attempts: 5 }, messages, () => undefined);
      const { signal } = new AbortController();
      const entry = () => broker.stop();

      const failure = await rejection(playKafka({ emulators, broker, messages, ledger, signal, entry }));

      await emulators.close();
      expect(failure).to.be.an.instanceOf(Error);
      expect(() => process.kill(broker.pid, 0)).to.throw('ESRCH');
    });
  });
});

/** The servers, sockets and processes that are open, once Node.js has let go of those that were just closed. */
async function leftOpen(): Promise<string[]> {
  await settled();
  await settled();
  return process.getActiveResourcesInfo().filter((type) => /^(TCP|Process)/.test(type));
}

const failing = workloadOf('kafka', single).find(({ failures }) => failures > 0)!;

/** The records of an event, each with the topic and partition that it is under. */
const recordsIn = (records: KafkaEvent['records']): [string, KafkaRecord][] =>
  Object.entries(records).flatMap(([name, list]) => list.map((record): [string, KafkaRecord] => [name, record]));

const idOf = (record: KafkaRecord): string => String(headersOf(record).get('id')![0]);

const textIn = (base64: string | null | undefined): string => Buffer.from(base64 ?? '', 'base64').toString();

function reportsEverything({ records }: KafkaEvent): KafkaBatchResponse {
  return {
    batchItemFailures: recordsIn(records).map(([partition, { offset }]) => ({ itemIdentifier: { partition, offset } })),
  };
}

/** Answers as an entry does, only that the first failure is not in it. */
function withoutFirstFailure(entry: Entry<KafkaEvent>): Entry<KafkaEvent> {
  return async (event, context) => {
    const answer = Promise.resolve(entry(event, context) as Promise<KafkaBatchResponse>);
    const { batchItemFailures } = await answer.catch(() => reportsEverything(event));
    return { batchItemFailures: batchItemFailures.slice(1) };
  };
}

/** Handles records one after the other, but keeps no order: it goes on where one has failed. */
function goesOnAfterFailures(...[attempt]: Parameters<Functions['kafka']>): Entry<KafkaEvent> {
  return createBatchHandler({ source: kafka, concurrency: 1, logger: fakeLogger() }, (record) =>
    attempt(idOf(record), async () => {
      if (textIn(record.value).includes('-')) throw new Error('fewer than none');
    }),
  );
}
