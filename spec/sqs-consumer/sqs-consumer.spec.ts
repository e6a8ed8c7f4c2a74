import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import * as major14 from 'sqs-consumer';

import { createBatchHandler } from '../../lib';
import { delayBy } from '../../lib/retry-delay';
import { type SqsConsumer, sqsConsumer, type SqsConsumerOptions, type SqsEntry } from '../../lib/sqs-consumer';
import { unhandledRejections } from '../support/engine';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection } from '../support/promises';
import { fakeClock, QueueClient } from './queue-client';

// eslint-disable-next-line @typescript-eslint/no-require-imports -- one of the two has to have another name
const major15 = require('sqs-consumer-15') as typeof major14;

type Consumer = major14.Consumer;
type Stopping = Pick<SqsConsumer, 'stop'>;

for (const [major, { Consumer }] of [
  [14, major14],
  [15, major15],
] as const) {
  describe(`A consumer of sqs-consumer ${major}`, () => {
    let clock: sinon.SinonFakeTimers;
    let logger: ReturnType<typeof fakeLogger>;
    let ran: string[];

    beforeEach(() => {
      clock = fakeClock();
      logger = fakeLogger();
      ran = [];
    });

    afterEach(() => {
      sinon.restore();
    });

    const entryOf = (method: (body: string, signal: AbortSignal) => unknown, options: object = {}): SqsEntry =>
      createBatchHandler({ source: 'SQS', logger, ...options }, ({ body }: SQSRecord, _context, { signal }) => {
        ran.push(body);
        return method(body, signal);
      });

    function consuming(
      client: QueueClient,
      entry: SqsEntry,
      options: Partial<SqsConsumerOptions> = {},
      more: object = {},
    ) {
      const { queueUrl, queueArn } = client;
      const orders = sqsConsumer(entry, { sqs: client, queueUrl, queueArn, visibilityTimeout: 30, logger, ...options });
      const consumer = Consumer.create({ ...orders.options, ...more } as never);
      const events: string[] = [];
      for (const name of ['error', 'message_processed', 'stopped', 'processing_error'] as const) {
        consumer.on(name, () => {
          events.push(name);
        });
      }
      return { orders, consumer, events };
    }

    /** Stops, and tells when that is over. */
    function stopping(orders: Stopping, consumer: Consumer) {
      const stop = { isOver: false, promise: Promise.resolve() };
      stop.promise = orders.stop(consumer).then(() => {
        stop.isOver = true;
      });
      return stop;
    }

    it('receives all there is to know of a message, in tens, and handles and deletes it', async () => {
      const client = new QueueClient(Array.from({ length: 25 }, (_, index) => `${index}`));
      const { consumer, orders, events } = consuming(
        client,
        entryOf(() => undefined),
      );
      const receive = sinon.spy(client, 'send');
      consumer.start();
      await clock.tickAsync(1_000);

      expect(client.left).to.deep.equal([]);
      expect(ran).to.have.length(25);
      expect(events.filter((name) => name === 'message_processed')).to.have.length(25);
      expect(receive.firstCall.args[0].input).to.deep.include({
        QueueUrl: client.queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 30,
        AttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      });
      await stopped(orders, consumer);
    });

    /** Stops when nothing is at work, whatever time the receive takes that is under way. */
    async function stopped(orders: Stopping, consumer: Consumer): Promise<void> {
      const stop = orders.stop(consumer);
      await clock.tickAsync(30_000);
      await stop;
      expect(clock.countTimers()).to.equal(0);
    }

    it('counts a message as processed that SQS has deleted, and no other (S5)', async () => {
      const client = new QueueClient(['a', 'b', 'c']);
      const { consumer, orders, events } = consuming(
        client,
        entryOf(() => undefined),
      );
      client.intercept = (operation, entries) =>
        operation === 'delete'
          ? {
              Successful: [entries[0]],
              Failed: entries.slice(1).map(({ Id }) => ({ Id, Code: 'No', SenderFault: true })),
            }
          : undefined;
      consumer.start();
      await clock.tickAsync(1_000);

      expect(events).to.deep.equal(['message_processed']);
      expect(orders.health().failures).to.equal(2);
      await stopped(orders, consumer);
    });

    it('says as an error event what the entry throws, and goes on (S3)', async () => {
      const client = new QueueClient(['a']);
      const { consumer, orders, events } = consuming(client, () => Promise.reject(new Error('broken')));
      consumer.start();
      await clock.tickAsync(65_000);

      expect(events).to.deep.equal(['error', 'error']); // after 0 and 40 seconds: a receive takes 20
      expect(client.left).to.deep.equal(['a']);
      await stopped(orders, consumer);
    });

    it('goes on where nobody listens to errors, without an unhandled rejection', async () => {
      const client = new QueueClient(['a']);
      const { orders } = consuming(client, () => Promise.reject(new Error('broken')));
      const consumer = Consumer.create(orders.options as never);
      const warn = sinon.stub(console, 'log'); // it says that nobody listens
      const unhandled = await unhandledRejections(async () => {
        consumer.start();
        await clock.tickAsync(65_000);
      });

      expect(unhandled).to.deep.equal([]);
      expect(orders.health().failures).to.equal(2);
      sinon.assert.calledTwice(warn);
      await stopped(orders, consumer);
    });

    describe('that is stopped', () => {
      it('receives no more, and is over when what is at work is done and deleted (S6)', async () => {
        const client = new QueueClient(Array.from({ length: 20 }, (_, index) => `${index}`));
        const work = new Deferred();
        const { consumer, orders } = consuming(
          client,
          entryOf(() => work.promise),
        );
        consumer.start();
        await clock.tickAsync(0);
        const stop = stopping(orders, consumer);
        await clock.tickAsync(5_000);
        expect(stop.isOver).to.be.false;
        expect(orders.health()).to.include({ atWork: 10, isStopping: true });
        work.resolve();
        await clock.tickAsync(50);

        expect(stop.isOver).to.be.true;
        expect(client.left).to.have.length(10);
        expect(client.of('receive')).to.have.length(1);
        expect(orders.health()).to.include({ atWork: 0, failures: 0, isStopping: false });
        expect(clock.countTimers()).to.equal(0);
      });

      it('waits for a delete that is tried again', async () => {
        const client = new QueueClient(['a']);
        let refusals = 2;
        client.intercept = (operation) => (operation === 'delete' && refusals-- > 0 ? {} : undefined);
        const { consumer, orders } = consuming(
          client,
          entryOf(() => undefined),
        );
        consumer.start();
        await clock.tickAsync(50);
        const stop = stopping(orders, consumer);
        await clock.tickAsync(400);
        expect(stop.isOver).to.be.false;
        await clock.tickAsync(100);

        expect(stop.isOver).to.be.true;
        expect(client.left).to.deep.equal([]);
      });

      it('aborts after the grace period, deletes what is done, and gives back what was not run', async () => {
        const client = new QueueClient(['a', 'b', 'c', 'd']);
        const reasons: unknown[] = [];
        const entry = entryOf(
          (body, signal) =>
            body === 'b' && new Promise(() => signal.addEventListener('abort', () => reasons.push(signal.reason))),
          { concurrency: 1 },
        );
        const { consumer, orders } = consuming(client, entry, { gracePeriod: 10 });
        consumer.start();
        await clock.tickAsync(1_000);
        const stop = stopping(orders, consumer);
        await clock.tickAsync(9_999);
        expect(reasons).to.deep.equal([]);
        expect(stop.isOver).to.be.false;
        await clock.tickAsync(51);

        expect(stop.isOver).to.be.true;
        expect(reasons.map(String)).to.deep.equal([
          'ConsumerStoppedError: Not finished 10 s after the consumer was told to stop, when its grace period was over.',
        ]);
        expect(client.left).to.deep.equal(['b', 'c', 'd']);
        expect(client.receive().map(({ Body }) => Body)).to.deep.equal(['c', 'd']);
        expect(orders.health().failures).to.equal(1);
      });

      it('has a remaining time that is that of the grace period, and of what there is to do behind it', async () => {
        const client = new QueueClient(['a']);
        const work = new Deferred();
        let remaining!: () => number;
        const { consumer, orders } = consuming(client, async (_event, context) => {
          remaining = () => context.getRemainingTimeInMillis();
          await work.promise;
        });
        consumer.start();
        await clock.tickAsync(1_000);
        expect(remaining()).to.equal(29_000);
        const stop = orders.stop(consumer);
        expect(remaining()).to.equal(25_000);
        await clock.tickAsync(5_000);
        expect(remaining()).to.equal(20_000);
        work.resolve();
        await clock.tickAsync(50);
        await stop;
      });

      it('leaves time to delay what it has interrupted', async () => {
        const client = new QueueClient(['a']);
        const delayed = sinon.spy(async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          return { Successful: [{ Id: '0' }] };
        });
        const retryDelay = delayBy(() => 60, { client: { send: delayed } });
        const { consumer, orders } = consuming(
          client,
          entryOf(() => new Promise(() => undefined), { retryDelay }),
          { gracePeriod: 10 },
        );
        consumer.start();
        await clock.tickAsync(1_000);
        const stop = stopping(orders, consumer);
        await clock.tickAsync(10_200);

        expect(stop.isOver).to.be.true;
        sinon.assert.calledOnce(delayed);
        sinon.assert.neverCalledWithMatch(logger.warn, 'not delayed');
      });

      it('gives back at once, and unrun, what a receive brings that was under way', async () => {
        const client = new QueueClient([]);
        const { consumer, orders } = consuming(
          client,
          entryOf(() => undefined),
        );
        const late = new QueueClient(['late']);
        const messages = late.receive();
        client.intercept = (operation) =>
          operation === 'receive'
            ? sleep(15_000).then(() => ({ Messages: messages }))
            : late.send({ input: { Entries: client.calls.at(-1)!.entries } });
        consumer.start();
        await clock.tickAsync(1_000);
        const stop = stopping(orders, consumer);
        await clock.tickAsync(13_000);
        expect(stop.isOver).to.be.false;
        await clock.tickAsync(1_050);

        expect(stop.isOver).to.be.true;
        expect(ran).to.deep.equal([]);
        expect(late.receive().map(({ Body }) => Body)).to.deep.equal(['late']);
        expect(orders.health().failures).to.equal(0);
      });

      it('does not wait for ever for a receive that hangs, and says so', async () => {
        const client = new QueueClient([]);
        client.intercept = () => new Promise(() => undefined);
        const { consumer, orders } = consuming(
          client,
          entryOf(() => undefined),
        );
        consumer.start();
        const stop = stopping(orders, consumer);
        await clock.tickAsync(25_000);
        expect(stop.isOver).to.be.false;
        await clock.tickAsync(100);

        expect(stop.isOver).to.be.true;
        sinon.assert.calledOnceWithMatch(logger.warn, 'A receive has not ended, and is not waited for');
        expect(clock.countTimers()).to.equal(0);
      });

      it('gives back, unrun, what a receive brings that it did not wait for, unless it was started again', async () => {
        for (const isRestarted of [false, true]) {
          const late = new QueueClient(['late']);
          const client = new QueueClient([]);
          client.intercept = (operation) =>
            operation === 'receive'
              ? sleep(60_000).then(() => ({ Messages: late.receive() }))
              : late.send({ input: { Entries: client.calls.at(-1)!.entries } });
          const { consumer, orders } = consuming(
            client,
            entryOf(() => undefined),
          );
          consumer.start();
          const stop = stopping(orders, consumer);
          await clock.tickAsync(26_000);
          expect(stop.isOver).to.be.true;
          if (isRestarted) consumer.start();
          await clock.tickAsync(35_000);
          consumer.stop();

          expect(ran.splice(0)).to.deep.equal(isRestarted ? ['late'] : []);
          expect(late.left).to.have.length(isRestarted ? 0 : 1);
          await clock.tickAsync(60_000);
        }
      });

      it('twice is stopped once', async () => {
        const client = new QueueClient(['a']);
        const work = new Deferred();
        const { consumer, orders, events } = consuming(
          client,
          entryOf(() => work.promise),
        );
        consumer.start();
        await clock.tickAsync(0);
        const stops = [stopping(orders, consumer), stopping(orders, consumer)];
        await clock.tickAsync(1_000);
        work.resolve();
        await clock.tickAsync(50);

        expect(stops.map(({ isOver }) => isOver)).to.deep.equal([true, true]);
        expect(events.filter((name) => name === 'stopped')).to.have.length(1);
        await orders.stop(consumer); // and once more when it is over
      });

      it('before it was started has nothing to wait for', async () => {
        const { consumer, orders } = consuming(
          new QueueClient(['a']),
          entryOf(() => undefined),
        );
        await orders.stop(consumer);

        expect(clock.countTimers()).to.equal(0);
      });

      it('from within its own handler is over when that is', async () => {
        const client = new QueueClient(['a', 'b']);
        let stop: { isOver: boolean } | undefined;
        const { consumer, orders } = consuming(
          client,
          entryOf(() => {
            stop ??= stopping(orders, consumer);
          }),
        );
        consumer.start();
        await clock.tickAsync(50);

        expect(stop!.isOver).to.be.true;
        expect(client.left).to.deep.equal([]);
      });

      it('can be started again', async () => {
        const client = new QueueClient(Array.from({ length: 15 }, (_, index) => `${index}`));
        const { consumer, orders } = consuming(
          client,
          entryOf(() => undefined),
        );
        consumer.start();
        const stop = orders.stop(consumer);
        await clock.tickAsync(50);
        await stop;
        const before = client.left.length;
        consumer.start();
        await clock.tickAsync(1_000);

        expect([before, client.left.length]).to.deep.equal([15, 0]);
        await stopped(orders, consumer);
      });

      it('together with another one that has the same options waits for both', async () => {
        const client = new QueueClient(['a']);
        const { consumer, orders } = consuming(
          client,
          entryOf(() => undefined),
        );
        const other = Consumer.create(orders.options as never);
        consumer.start();
        await clock.tickAsync(10_000);
        other.start();
        const stops = [stopping(orders, consumer), stopping(orders, other)];
        await clock.tickAsync(12_000);
        expect(stops.map(({ isOver }) => isOver)).to.deep.equal([false, false]);
        await clock.tickAsync(10_000);

        expect(stops.map(({ isOver }) => isOver)).to.deep.equal([true, true]);
      });
    });

    it('refuses to stop what is no consumer', async () => {
      const { orders } = consuming(new QueueClient([]), () => undefined);

      for (const none of [undefined, {}, { stop: () => undefined }]) {
        const error = await rejection(orders.stop(none as never));
        expect(error).to.be.an.instanceOf(TypeError);
        expect((error as Error).message).to.match(/^stop: expected a Consumer of sqs-consumer, received /);
      }
    });

    it('tells how it is: its last receive, what is at work, and what came to be tried again', async () => {
      const client = new QueueClient(['a', 'b']);
      const work = new Deferred();
      const { consumer, orders } = consuming(
        client,
        entryOf(async (body) => {
          await work.promise;
          if (body === 'b') throw new Error('no');
        }),
      );
      expect(orders.health()).to.deep.equal({ lastReceive: undefined, atWork: 0, failures: 0, isStopping: false });
      clock.tick(1_000);
      consumer.start();
      await clock.tickAsync(2_000);
      expect(orders.health()).to.deep.equal({
        lastReceive: new Date(1_000),
        atWork: 2,
        failures: 0,
        isStopping: false,
      });
      work.resolve();
      await clock.tickAsync(21_000); // an empty receive is one, too

      const { lastReceive, ...rest } = orders.health();
      expect(lastReceive!.getTime()).to.be.above(20_000);
      expect(rest).to.deep.equal({ atWork: 0, failures: 1, isStopping: false });
      await stopped(orders, consumer);
    });

    it('does not mind another one of another queue in the same process', async () => {
      const clients = [new QueueClient(['a']), new QueueClient(['b'], { fifo: true })];
      const works = clients.map(() => new Deferred());
      const consumings = clients.map((client, index) =>
        consuming(
          client,
          entryOf(() => works[index]!.promise),
        ),
      );
      for (const { consumer } of consumings) consumer.start();
      await clock.tickAsync(0);
      const stop = stopping(consumings[0]!.orders, consumings[0]!.consumer);
      works[0]!.resolve();
      await clock.tickAsync(50);

      expect(stop.isOver).to.be.true;
      expect(consumings.map(({ orders }) => orders.health().atWork)).to.deep.equal([0, 1]);
      works[1]!.resolve();
      await clock.tickAsync(50);
      expect(clients.map(({ left }) => left)).to.deep.equal([[], []]);
      await stopped(consumings[1]!.orders, consumings[1]!.consumer);
    });

    it('keeps what retryDelay has set where sqs-consumer is to terminate visibility timeouts as well', async () => {
      const client = new QueueClient(['a', 'b']);
      const { consumer, orders } = consuming(
        client,
        entryOf((body) => {
          if (body === 'a') throw new Error('no');
        }),
        {},
        { terminateVisibilityTimeout: true },
      );
      consumer.start();
      await clock.tickAsync(10_000);

      expect(client.of('change')).to.deep.equal([]); // it does so only where the entry throws
      await stopped(orders, consumer);
    });
  });
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
