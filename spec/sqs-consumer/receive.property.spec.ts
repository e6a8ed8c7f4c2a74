import type { Context, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';

import { createBatchHandler, type Delivery } from '../../lib';
import { silent } from '../../lib/batch/log';
import { sqsConsumer, type SqsMessage } from '../../lib/sqs-consumer';
import { settled } from '../support/promises';
import { fakeClock, QueueClient } from './queue-client';

/** What becomes of a message when it runs. */
const fates = ['succeeds', 'succeeds', 'succeeds', 'fails', 'hangs'] as const;

/** What becomes of a call that deletes. */
const refusals = ['taken', 'refused', 'refused for good', 'rejected', 'answered with nothing'] as const;

const arbitrary = fc.record({
  messages: fc.array(
    fc.record({
      fate: fc.constantFrom(...fates),
      id: fc.integer({ min: 0, max: 12 }), // so that some are there twice
      group: fc.constantFrom('a', 'b'),
      ms: fc.constantFrom(0, 5, 40_000),
    }),
    { minLength: 1, maxLength: 10 },
  ),
  deletes: fc.array(fc.constantFrom(...refusals), { maxLength: 4 }),
  fifo: fc.boolean(),
  options: fc.constantFrom<{ readonly throwOnFullBatchFailure?: false; readonly [name: string]: unknown }>(
    {},
    { concurrency: 1 },
    { fifo: true },
    { fifo: true, skipGroupOnError: true, concurrency: 2 },
    { throwOnFullBatchFailure: false },
  ),
  heartbeat: fc.boolean(),
  stopsAfter: fc.constantFrom(0, 6, 30_000, 100_000),
});

type Scenario = typeof arbitrary extends fc.Arbitrary<infer T> ? T : never;

/** Plays one receive until it is over, in virtual time. */
async function play({ messages, deletes, fifo, options, heartbeat, stopsAfter }: Scenario) {
  const clock = fakeClock();
  try {
    const client = new QueueClient(
      messages.map((_, index) => String(index)),
      {
        fifo,
        visibilityTimeout: 120,
        ...(fifo && { messageGroupId: (body: string) => messages[Number(body)]!.group }),
      },
    );
    const released: string[] = [];
    const left = [...deletes];
    client.intercept = (operation, entries) => {
      if (operation === 'change' && entries[0]!.VisibilityTimeout === 0) released.push(...client.bodies(entries));
      return operation === 'delete' ? answerFor(left.shift() ?? 'taken', entries) : undefined;
    };
    const succeeded: string[] = [];
    const entry = createBatchHandler(
      { source: 'SQS', logger: silent, ...options } as never,
      (async ({ body }: SQSRecord, _context: Context, { signal }: Delivery) => {
        const { fate, ms } = messages[Number(body)]!;
        if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
        if (fate === 'fails') throw new Error('no');
        if (fate === 'hangs') await new Promise(() => undefined);
        if (!signal.aborted) succeeded.push(body); // else it was late
      }) as never,
    );
    const { queueUrl, queueArn } = client;
    const common = { queueUrl, queueArn, visibilityTimeout: 120, heartbeat, gracePeriod: 1, logger: silent };
    const orders = sqsConsumer(entry as never, { sqs: client, ...common });
    const received: SqsMessage[] = client.receive().map((message) => {
      const { id } = messages[Number(message.Body)]!;
      return { ...message, MessageId: `id-${id}` };
    });
    const deleted = orders.options.handleMessageBatch([...received]).catch(() => [] as SqsMessage[]);
    await clock.tickAsync(stopsAfter);
    const stop = orders.stop({ stop: () => undefined, status: { isPolling: false } });
    await clock.tickAsync(60_000);
    await settled();
    await stop;
    return {
      received,
      succeeded,
      released,
      deleted: await deleted,
      left: client.left,
      timers: clock.countTimers(),
      orders,
    };
  } finally {
    sinon.restore();
  }
}

function answerFor(how: (typeof refusals)[number], entries: readonly { readonly Id: string }[]): unknown {
  const failed = (some: typeof entries, SenderFault: boolean) =>
    some.map(({ Id }) => ({ Id, Code: 'No', SenderFault }));
  if (how === 'refused') return { Successful: [], Failed: failed(entries, false) };
  if (how === 'refused for good') return { Failed: failed(entries, true) };
  if (how === 'rejected') return Promise.reject(new Error('no network'));
  return how === 'taken' ? undefined : {};
}

describe('Whatever becomes of the messages of a receive, and of the calls', () => {
  it('nothing is deleted that was not done, and nothing given back that was', async () => {
    let deletedInAll = 0;
    let releasedInAll = 0;
    await fc.assert(
      fc.asyncProperty(arbitrary, async (scenario) => {
        const { received, succeeded, released, deleted, left, timers, orders } = await play(scenario);
        const bodies = received.map(({ Body }) => Body!);
        const gone = bodies.filter((body) => !left.includes(body));
        const failed = bodies.filter((body) => !succeeded.includes(body));
        const idOf = (body: string) => received.find(({ Body }) => Body === body)!.MessageId;
        const reported = new Set(failed.map(idOf));

        expect(gone.filter((body) => reported.has(idOf(body)))).to.deep.equal([]);
        if (scenario.deletes.length === 0 && scenario.options.throwOnFullBatchFailure === false) {
          const done = bodies.filter((body) => !reported.has(idOf(body)));
          expect(gone).to.deep.equal(done);
        }
        expect(deleted.map(({ Body }) => Body)).to.deep.equal(gone);
        expect(released.filter((body) => succeeded.includes(body))).to.deep.equal([]);
        expect(released.filter((body) => !left.includes(body))).to.deep.equal([]);
        expect(timers - scenario.messages.filter(({ ms }) => ms === 40_000).length).to.be.at.most(0);
        expect(orders.health()).to.deep.include({ atWork: 0, isStopping: false });
        deletedInAll += gone.length;
        releasedInAll += released.length;
      }),
      { numRuns: 300 },
    );
    expect(deletedInAll).to.be.above(100);
    expect(releasedInAll).to.be.above(50);
  });
});
