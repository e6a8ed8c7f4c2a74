import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { createBatchHandler, FullBatchFailureError } from '../../lib';
import { delayBy } from '../../lib/retry-delay';
import { type SqsEntry, type SqsMessage } from '../../lib/sqs-consumer';
import { checkOptions, type SqsConsumerOptions } from '../../lib/sqs-consumer/options';
import { QueueCalls } from '../../lib/sqs-consumer/queue-calls';
import { Receive } from '../../lib/sqs-consumer/receive';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';
import { fakeClock, QueueClient } from './queue-client';

type Method = (record: SQSRecord, signal: AbortSignal) => unknown;

describe('A receive', () => {
  let clock: sinon.SinonFakeTimers;
  let logger: ReturnType<typeof fakeLogger>;

  beforeEach(() => {
    clock = fakeClock();
    logger = fakeLogger();
  });

  afterEach(() => {
    expect(clock.countTimers()).to.equal(0);
    sinon.restore();
  });

  const handling = (method: Method, options: object = {}): SqsEntry =>
    createBatchHandler({ source: 'SQS', logger, ...options }, (record, _context, { signal }) => method(record, signal));

  function receiveOf(
    client: QueueClient,
    entry: SqsEntry,
    options: Partial<SqsConsumerOptions> = {},
    messages: readonly SqsMessage[] = client.receive(),
  ) {
    const { queueUrl, queueArn } = client;
    const checked = checkOptions({ sqs: client, queueUrl, queueArn, visibilityTimeout: 30, logger, ...options });
    const calls = new QueueCalls(checked);
    return new Receive(messages, { entry, options: checked, calls, untilStop: () => Infinity });
  }

  const failing =
    (...bodies: readonly string[]): Method =>
    ({ body }) => {
      if (bodies.includes(body)) throw new Error('no');
    };

  const bodiesOf = (messages: readonly SqsMessage[]) => messages.map(({ Body }) => Body);

  it('deletes what the entry has done, and leaves what it reports (S2)', async () => {
    const client = new QueueClient(['a', 'b', 'c']);
    const deleted = await receiveOf(client, handling(failing('b'))).run();

    expect(bodiesOf(deleted)).to.deep.equal(['a', 'c']);
    expect(client.left).to.deep.equal(['b']);
    expect(client.of('change')).to.deep.equal([]); // b waits for its visibility timeout
  });

  describe('deletes nothing', () => {
    for (const [what, entry, problem] of [
      ['where the entry rejects (S3)', () => Promise.reject(new Error('broken')), 'broken'],
      [
        'where the entry throws at once (S3)',
        () => {
          throw new Error('broken');
        },
        'broken',
      ],
      [
        'where the answer lists what is no message of it (S4)',
        () => ({ batchItemFailures: [{ itemIdentifier: 'another' }] }),
        'Nothing is deleted, because batchItemFailures[0] has an itemIdentifier that is not in the batch.',
      ],
      [
        'where the answer lists an empty identifier (S4)',
        () => ({ batchItemFailures: [{ itemIdentifier: '' }] }),
        'Nothing is deleted, because batchItemFailures[0] has an empty itemIdentifier.',
      ],
      ['where the answer is a text', () => 'done', 'Nothing is deleted, because the answer is a string instead of'],
      ['where the answer is no JSON', () => 1n, 'Nothing is deleted, because the answer cannot be serialised'],
    ] as const) {
      it(what, async () => {
        const client = new QueueClient(['a', 'b']);
        const error = await rejection(receiveOf(client, entry).run());

        expect(error).to.be.an('error').with.property('message').that.includes(problem);
        expect(client.calls).to.deep.equal([]);
        expect(client.left).to.deep.equal(['a', 'b']);
      });
    }

    it('where no message succeeds: what the entry throws is passed on (S3)', async () => {
      const client = new QueueClient(['a', 'b']);
      const error = await rejection(receiveOf(client, handling(failing('a', 'b'))).run());

      expect(error).to.be.an.instanceOf(FullBatchFailureError);
      expect(client.left).to.deep.equal(['a', 'b']);
    });
  });

  it('takes an answer of nothing for success, as Lambda does, and warns of it', async () => {
    const client = new QueueClient(['a']);

    expect(await receiveOf(client, () => undefined).run()).to.have.length(1);
    expect(client.left).to.deep.equal([]);
    sinon.assert.calledOnceWithMatch(logger.warn, 'does the handler return its answer?');
  });

  it('deletes neither of two messages with one messageId where one of them is reported (S10)', async () => {
    const client = new QueueClient(['a', 'b', 'c']);
    const [a, b, c] = client.receive();
    const twin = { ...b!, MessageId: a!.MessageId };
    const deleted = await receiveOf(client, handling(failing('b')), {}, [a!, twin, c!]).run();

    expect(bodiesOf(deleted)).to.deep.equal(['c']);
    expect(client.left).to.deep.equal(['a', 'b']);
  });

  it('deletes both of two messages with one messageId, by their receipt handles (S10)', async () => {
    const client = new QueueClient(['a', 'b']);
    const [a, b] = client.receive();
    await receiveOf(client, handling(failing()), {}, [a!, { ...b!, MessageId: a!.MessageId }]).run();

    expect(client.left).to.deep.equal([]);
  });

  it('goes by the messages as they were received, whatever the handler does to its event', async () => {
    const client = new QueueClient(['a', 'b']);
    const entry: SqsEntry = (event) => {
      const [first] = event.Records;
      const batchItemFailures = [{ itemIdentifier: first!.messageId }];
      first!.messageId = 'changed';
      event.Records.length = 0;
      return { batchItemFailures };
    };

    expect(bodiesOf(await receiveOf(client, entry).run())).to.deep.equal(['b']);
  });

  it('is not told of records that a wrapper has put in the place of its own', async () => {
    const client = new QueueClient(['a', 'b']);
    const own = handling(failing('b'));
    const entry: SqsEntry = ({ Records }, context) =>
      own({ Records: Records.map((record) => ({ ...record, receiptHandle: 'made up' })) }, context);

    expect(bodiesOf(await receiveOf(client, entry).run())).to.deep.equal(['a']);
  });

  it('deletes a message without an id only where all of them are done', async () => {
    const client = new QueueClient(['a', 'b', 'c', 'd']);
    const [a, b, c, d] = client.receive();
    const without = ({ MessageId: _, ...message }: SqsMessage): SqsMessage => message;
    const reportsA: SqsEntry = () => ({ batchItemFailures: [{ itemIdentifier: a!.MessageId }] });
    await receiveOf(client, reportsA, {}, [a!, without(b!)]).run();
    expect(client.left).to.deep.equal(['a', 'b', 'c', 'd']);

    await receiveOf(client, handling(failing()), {}, [c!, without(d!)]).run();
    expect(client.left).to.deep.equal(['a', 'b']);
  });

  it('keeps a FIFO group in order behind a failure (S7)', async () => {
    const client = new QueueClient(['a1', 'a2', 'b1', 'a3'], { fifo: true, messageGroupId: (body) => body[0]! });
    const ran: string[] = [];
    const entry = handling(
      ({ body }) => {
        ran.push(body);
        if (body === 'a2' && !ran.includes('a2 again')) {
          ran.push('a2 again');
          throw new Error('no');
        }
      },
      { fifo: true, skipGroupOnError: true },
    );
    await receiveOf(client, entry).run();
    expect(client.left).to.deep.equal(['a2', 'a3']);
    expect(client.receive()).to.deep.equal([]);
    clock.tick(30_000);
    await receiveOf(client, entry).run();

    expect(client.left).to.deep.equal([]);
    expect(ran.filter((body) => body.startsWith('a'))).to.deep.equal(['a1', 'a2', 'a2 again', 'a2', 'a3']);
  });

  it('has a remaining time that counts down from the visibility timeout, in which the entry answers (S9)', async () => {
    const client = new QueueClient(['a', 'b']);
    const hung = new Deferred();
    const entry = handling(({ body }) => (body === 'b' ? hung.promise : undefined), { stopBeforeTimeout: 2_000 });
    const run = receiveOf(client, entry).run();
    await clock.tickAsync(27_999);
    expect(client.calls).to.deep.equal([]);
    await clock.tickAsync(1);

    expect(bodiesOf(await run)).to.deep.equal(['a']);
    expect(client.of('delete').map(({ at }) => at)).to.deep.equal([28_000]);
  });

  it('has a remaining time that is that of the stop, where this comes first', async () => {
    const client = new QueueClient(['a']);
    let left: number | undefined;
    const { queueUrl, queueArn } = client;
    const options = checkOptions({ sqs: client, queueUrl, queueArn, visibilityTimeout: 30, logger });
    const receive = new Receive(client.receive(), {
      entry: (_event, context) => (left = context.getRemainingTimeInMillis()) && { batchItemFailures: [] },
      options,
      calls: new QueueCalls(options),
      untilStop: () => 1_234,
    });
    await receive.run();

    expect(left).to.equal(1_234);
  });

  describe('with a heartbeat', () => {
    const heartbeat = { heartbeat: true };

    it('keeps a message invisible while its method runs, and one that failed no longer', async () => {
      const client = new QueueClient(['a', 'b', 'c']);
      const slow = new Deferred();
      const entry = handling(({ body }) => {
        if (body === 'b') throw new Error('no');
        return body === 'c' ? slow.promise : undefined;
      });
      const run = receiveOf(client, entry, heartbeat).run();
      await clock.tickAsync(29_999);
      expect(client.receive()).to.deep.equal([]);
      await clock.tickAsync(1);
      expect(bodiesOf(client.receive())).to.deep.equal(['b']); // others can have it, while c goes on
      await clock.tickAsync(3_600_000);
      expect(client.left).to.deep.equal(['a', 'b', 'c']);
      expect(bodiesOf(client.receive())).to.deep.equal(['b']);
      slow.resolve();

      expect(bodiesOf(await run)).to.deep.equal(['a', 'c']); // a has succeeded long ago, and was kept until now
      expect(client.left).to.deep.equal(['b']);
    });

    it('keeps what waits for its turn', async () => {
      const client = new QueueClient(['a', 'b']);
      const slow = new Deferred();
      const run = receiveOf(
        client,
        handling(() => slow.promise, { concurrency: 1 }),
        heartbeat,
      ).run();
      await clock.tickAsync(100_000);
      expect(client.receive()).to.deep.equal([]);
      slow.resolve();

      expect(await run).to.have.length(2);
    });

    it('lets go, in a FIFO queue, of what stands behind a failure of its group and will not run', async () => {
      const client = new QueueClient(['a1', 'b1', 'a2', 'b2'], { fifo: true, messageGroupId: (body) => body[0]! });
      const slow = new Deferred();
      const entry = handling(
        ({ body }) => {
          if (body === 'a1') throw new Error('no');
          return body === 'b1' ? slow.promise : undefined;
        },
        { fifo: true, skipGroupOnError: true },
      );
      const run = receiveOf(client, entry, heartbeat).run();
      await clock.tickAsync(30_000);
      expect(bodiesOf(client.receive())).to.deep.equal(['a1', 'a2']);
      slow.resolve();

      expect(bodiesOf(await run)).to.deep.equal(['b1', 'b2']);
    });

    it('goes on while what is done is being deleted', async () => {
      const client = new QueueClient(['a', 'b']);
      const slow = new Deferred();
      client.intercept = (operation) => (operation === 'delete' ? slow.promise.then(() => ({})) : undefined);
      const run = receiveOf(client, handling(failing('b')), { ...heartbeat, visibilityTimeout: 3 }).run();
      await clock.tickAsync(2_500);
      expect(client.of('change').map(({ entries }) => client.bodies(entries))).to.deep.equal([['a'], ['a']]);
      client.intercept = () => undefined;
      slow.resolve();
      await clock.tickAsync(200);

      expect(bodiesOf(await run)).to.deep.equal(['a']);
    });

    it('leaves retryDelay what it has set, also where a beat is under way when a message fails', async () => {
      const client = new QueueClient(['a', 'b']);
      const beat = new Deferred();
      const entry = handling(
        async ({ body }) => {
          if (body === 'b') return;
          await new Promise((resolve) => setTimeout(resolve, 10_000));
          throw new Error('timed out'); // in the same moment as the first beat
        },
        { retryDelay: delayBy(() => 100, { client, queueUrl: client.queueUrl }) },
      );
      client.intercept = (operation, entries) =>
        operation === 'change' && entries[0]!.VisibilityTimeout === 30
          ? beat.promise.then(() => {
              client.intercept = () => undefined;
              return client.send({ input: { Entries: entries } });
            })
          : undefined;
      const run = receiveOf(client, entry, heartbeat).run();
      await clock.tickAsync(10_050);
      expect(client.of('change')).to.have.length(1); // the delay waits
      beat.resolve();
      await run;

      expect(client.of('change').at(-1)!.entries[0]!.VisibilityTimeout).to.equal(100);
      await clock.tickAsync(99_000);
      expect(client.receive()).to.deep.equal([]);
      await clock.tickAsync(1_000);
      expect(bodiesOf(client.receive())).to.deep.equal(['a']);
    });

    it('has a remaining time that counts down from the longest that it may take', async () => {
      const client = new QueueClient(['a']);
      const left: number[] = [];
      const entry: SqsEntry = (_event, context) => {
        left.push(context.getRemainingTimeInMillis());
        return { batchItemFailures: [] };
      };
      await receiveOf(client, entry, heartbeat).run();
      await receiveOf(client, entry, { ...heartbeat, longest: 600 }, []).run();

      expect(left).to.deep.equal([43_200_000, 600_000]);
    });

    it('is over where the entry throws, or deletes fail', async () => {
      const client = new QueueClient(['a']);
      await rejection(receiveOf(client, () => Promise.reject(new Error('broken')), heartbeat).run());

      expect(clock.countTimers()).to.equal(0);
    });
  });

  describe('that is stopped', () => {
    const slowFor = (body: string, seen: AbortSignal[] = []): Method => {
      return (record, signal) => {
        if (record.body !== body) return undefined;
        seen.push(signal);
        return new Promise(() => undefined);
      };
    };

    it('deletes what is done, then gives back what was not run, in its order, and leaves what did run', async () => {
      const client = new QueueClient(['a1', 'b1', 'a2', 'a3', 'b2'], {
        fifo: true,
        messageGroupId: (body) => body[0]!,
      });
      const signals: AbortSignal[] = [];
      const receive = receiveOf(client, handling(slowFor('a2', signals), { fifo: true }));
      const run = receive.run();
      await settled();
      receive.stop();

      expect(bodiesOf(await run)).to.deep.equal(['a1']);
      expect(signals[0]!.aborted).to.be.true;
      expect(client.calls.map(({ operation, entries }) => [operation, ...client.bodies(entries)])).to.deep.equal([
        ['delete', 'a1'],
        ['change', 'a3', 'b1', 'b2'],
      ]);
      expect(client.of('change')[0]!.entries.map(({ VisibilityTimeout }) => VisibilityTimeout)).to.deep.equal([
        0, 0, 0,
      ]);
      expect(bodiesOf(client.receive())).to.deep.equal(['b1', 'b2']); // at once; the other group is held by a2
      clock.tick(30_000);
      expect(bodiesOf(client.receive())).to.deep.equal(['a2', 'a3', 'b1', 'b2']);
      expect(receive.givenBack).to.equal(3);
    });

    it('gives back what was not run also where nothing was done, and the entry throws', async () => {
      const client = new QueueClient(['a', 'b']);
      const receive = receiveOf(client, handling(slowFor('a'), { concurrency: 1 }), { heartbeat: true });
      const run = receive.run();
      await clock.tickAsync(15_000);
      receive.stop();

      expect(await rejection(run)).to.be.an.instanceOf(FullBatchFailureError);
      expect(bodiesOf(client.receive())).to.deep.equal(['b']);
    });

    it('gives nothing back that an entry reports for reasons of its own', async () => {
      const client = new QueueClient(['a1', 'a2', 'b1'], { fifo: true, messageGroupId: (body) => body[0]! });
      const entry = handling(
        (record, signal) => {
          if (record.body === 'a1') throw new Error('no');
          return slowFor('b1')(record, signal);
        },
        { fifo: true, skipGroupOnError: true },
      );
      const receive = receiveOf(client, entry);
      const run = rejection(receive.run());
      await settled();
      receive.stop();
      await run;

      expect(client.calls).to.deep.equal([]); // a2 stands behind a1, which waits for its visibility timeout
      expect(receive.givenBack).to.equal(0);
    });

    it('gives all of it back where it is to be run by nobody', async () => {
      const client = new QueueClient(['a', 'b']);
      const receive = receiveOf(client, () => undefined);
      await receive.giveBack();

      expect(receive.givenBack).to.equal(receive.size).and.to.equal(2);
      expect(bodiesOf(client.receive())).to.deep.equal(['a', 'b']);
    });
  });
});
