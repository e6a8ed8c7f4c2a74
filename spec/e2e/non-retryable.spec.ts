import {
  DeleteQueueCommand,
  type SendMessageBatchCommand,
  type SendMessageBatchCommandOutput,
} from '@aws-sdk/client-sqs';
import { expect } from 'chai';

import { NonRetryableError } from '../../lib';
import { deadLetter, sqsQueue } from '../../lib/dead-letter';
import { type Account, accountOf } from '../../samples/local/account';
import { type Emulators, startEmulators } from '../../samples/local/emulators';
import { type Facts, Ledger } from '../../samples/local/ledger';
import { playQueue } from '../../samples/local/play-queue';
import { drainQueue, type Queue } from '../../samples/local/queue';
import { workloadOf } from '../../samples/local/workload';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';

const workload = { messages: 1_000, groups: 50, seed: 7 };

interface Run {
  readonly account: Account;
  readonly facts: readonly Facts[];
  /** The ids of the messages that throw a NonRetryableError. */
  readonly hopeless: readonly string[];
  /** The ids of the messages that were read from the queue that they are delivered to. */
  readonly delivered: readonly string[];
}

interface RunOptions {
  readonly fifo?: boolean;
  /** The queue is deleted as soon as it has taken so many. */
  readonly deletedAfter?: number;
}

/**
 * In a standard queue, 50 messages throw a NonRetryableError, 50 another error whenever they run, and 100 fail once or
 * twice. In a FIFO queue what fails always would take others of its group along, so there it is 50, none, and 50.
 */
async function play(emulators: Emulators, name: string, { fifo = false, deletedAfter = Infinity }: RunOptions) {
  const messages = workloadOf(fifo ? 'fifo' : 'standard', { ...workload, failing: fifo ? 0.1 : 0.2 });
  const attempts = fifo ? 20 : 3;
  const bad = messages.filter(({ failures }) => failures === Infinity).map(({ id }) => id);
  const hopeless = bad.filter((_, index) => fifo || index % 2 === 0);
  const rules = { title: name, byBatch: false, attempts, ...(fifo && { orderedBy: 'group' as const }) };
  const ledger = new Ledger(rules, messages, () => undefined);
  const queue = await emulators.createQueue(
    `${name}-hopeless${fifo ? '.fifo' : ''}`,
    fifo ? { FifoQueue: 'true' } : {},
  );
  const delivered: string[] = [];
  const client = clientOf(emulators, queue, deletedAfter, delivered);
  const order = fifo ? ({ fifo, skipGroupOnError: true, concurrency: 10 } as const) : {};
  const nonRetryable = deadLetter({ deliverTo: sqsQueue({ queueUrl: queue.url, client }) });

  const entry = handlerFor({ source: 'SQS', ...order, nonRetryable, logger: fakeLogger() }, (record) => {
    const id = idIn(record.body);
    return ledger.attempt(id, async () => {
      if (hopeless.includes(id)) throw new NonRetryableError('never');
      if (bad.includes(id)) throw new Error('not this time');
    });
  });
  await playQueue({ emulators, messages, ledger, signal: new AbortController().signal, entry, fifo });
  const letters = deletedAfter === Infinity ? await lettersOf(emulators, queue) : delivered;
  return { account: accountOf(ledger, 0, false), facts: ledger.facts(), hopeless, delivered: letters };
}

async function run(name: string, options: RunOptions): Promise<Run> {
  const emulators = await startEmulators();
  try {
    return await play(emulators, name, options);
  } finally {
    await emulators.close();
  }
}

/** Sends one call after the other, so that it is certain what the queue had taken when it was deleted. */
function clientOf({ sqs }: Emulators, queue: Queue, deletedAfter: number, delivered: string[]) {
  let last: Promise<unknown> = Promise.resolve();
  const sendNext = async (command: SendMessageBatchCommand): Promise<SendMessageBatchCommandOutput> => {
    const answer = await sqs.send(command);
    const taken = new Set(answer.Successful?.map(({ Id }) => Id));
    delivered.push(
      ...command.input.Entries!.filter(({ Id }) => taken.has(Id)).map((entry) => idIn(entry.MessageBody!)),
    );
    // At once: while its batch waits, a message whose visibility timeout of a second is over is received again.
    if (delivered.length >= deletedAfter) await sqs.send(new DeleteQueueCommand({ QueueUrl: queue.url }));
    return answer;
  };
  return {
    send(command: never) {
      const answer = last.then(() => sendNext(command));
      last = answer.catch(() => undefined);
      return answer;
    },
  };
}

const idIn = (body: string): string => (JSON.parse(body) as { id: string }).id;

async function lettersOf({ sqs }: Pick<Emulators, 'sqs'>, queue: Queue): Promise<string[]> {
  return (await drainQueue(sqs, queue)).map(({ Body }) => idIn(Body!));
}

describe('A run with messages that can never succeed', () => {
  const runs = new Map<string, Run>();

  before(async function () {
    this.timeout(60_000);
    const all: Record<string, RunOptions> = { standard: {}, FIFO: { fifo: true }, deleted: { deletedAfter: 25 } };
    await Promise.all(Object.entries(all).map(async ([name, options]) => runs.set(name, await run(name, options))));
  });

  const failedForGood = (ids: readonly string[]) => ids.map((id) => `${id} has left the source, but never succeeded`);
  const factsOf = ({ facts }: Run, ids: readonly string[]) => facts.filter(({ message }) => ids.includes(message.id));

  for (const [name, others] of [
    ['standard', 50],
    ['FIFO', 0],
  ] as const) {
    it(`delivers them elsewhere, after one receive each: ${name} queue`, () => {
      const it = runs.get(name)!;

      expect(it.hopeless).to.have.length(50);
      expect(it.delivered).to.have.length(50).and.have.members(it.hopeless);
      for (const { isDone, deadLetters, receives, receivesBehind, runs: ran } of factsOf(it, it.hopeless)) {
        expect({ isDone, deadLetters, ran: ran?.count }).to.deep.equal({ isDone: true, deadLetters: 0, ran: 1 });
        expect(receives).to.be.within(1, 1 + receivesBehind);
      }
    });

    it(`has the rest succeed, or moved by the redrive policy, and knows of all: ${name} queue`, () => {
      const { account, hopeless } = runs.get(name)!;

      expect(account.faults).to.have.members(failedForGood(hopeless));
      expect(account).to.include({ succeeded: 950 - others, deadLettered: others, takenAlong: 0 });
    });
  }

  it('keeps message groups in order, but for what is given up', () => {
    expect(runs.get('FIFO')!.account).to.include({ groups: 50, groupsOutOfOrder: 0 });
  });

  it('reports them where the queue to deliver to is deleted half way: nothing is lost', () => {
    const it = runs.get('deleted')!;
    const others = it.hopeless.filter((id) => !it.delivered.includes(id));

    expect(it.delivered.length).to.be.within(25, 34);
    expect(it.hopeless).to.include.members([...it.delivered]);
    expect(new Set(it.delivered).size).to.equal(it.delivered.length);
    expect(it.account.faults).to.have.members(failedForGood(it.delivered));
    for (const { isDone, deadLetters, receives } of factsOf(it, others)) {
      expect({ isDone, deadLetters, receives }).to.deep.equal({ isDone: false, deadLetters: 1, receives: 3 });
    }
    expect(it.account).to.include({ succeeded: 900, deadLettered: 50 + others.length, takenAlong: 0 });
  });
});
