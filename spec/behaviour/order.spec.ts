import { expect } from 'chai';
import sinon from 'sinon';

import { type BatchHandlerOptions } from '../../lib';
import {
  dynamodbEvent,
  dynamodbRecord,
  fifoEvent,
  fifoRecord,
  kinesisEvent,
  lambdaContext,
  nameOf,
  reporting,
  sqsEvent,
  sqsRecord,
} from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Deferred, settled } from '../support/promises';

const context = lambdaContext();

/** An entry that notes what starts and ends, and lets a spec decide when. */
function watched<S extends 'SQS' | 'KinesisDataStreams' | 'DynamoDBStreams'>(
  options: Extract<BatchHandlerOptions, { source: S }>,
) {
  const started: string[] = [];
  const gates = new Map<string, Deferred>();
  const handler = handlerFor<S>({ logger: fakeLogger(), ...options }, (record) => {
    const gate = new Deferred();
    started.push(nameOf(record));
    gates.set(nameOf(record), gate);
    return gate.promise;
  });
  const end = async (name: string, outcome: 'ok' | 'no' = 'ok'): Promise<void> => {
    if (outcome === 'ok') gates.get(name)!.resolve();
    else gates.get(name)!.reject(new Error(`no ${name}`));
    await settled();
  };
  return { handler, started, end };
}

describe('The order of records', () => {
  describe('of a standard queue', () => {
    it('is none: all start at once, and a failure stops nothing', async () => {
      const { handler, started, end } = watched({ source: 'SQS' });
      const answer = handler(sqsEvent('a', 'b', 'c'), context);
      expect(started).to.deep.equal(['a', 'b', 'c']);
      await end('b', 'no');
      await end('c');
      await end('a');
      expect(await answer).to.deep.equal(reporting('b'));
    });

    it('never has more records at once than concurrency allows (3c 19)', async () => {
      const { handler, started, end } = watched({ source: 'SQS', concurrency: 2 });
      const answer = handler(sqsEvent('a', 'b', 'c', 'd'), context);
      expect(started).to.deep.equal(['a', 'b']);
      await end('b', 'no');
      expect(started).to.deep.equal(['a', 'b', 'c']);
      await end('a');
      await end('c');
      await end('d');
      expect(await answer).to.deep.equal(reporting('b'));
    });

    for (const options of [{ processInParallel: false }, { concurrency: 1 }] as const) {
      it(`is that of arrival with ${JSON.stringify(options)}, and a failure stops nothing`, async () => {
        const { handler, started, end } = watched({ source: 'SQS', ...options });
        const answer = handler(sqsEvent('a', 'b', 'c'), context);
        await end('a');
        await end('b', 'no');
        expect(started).to.deep.equal(['a', 'b', 'c']);
        await end('c');
        expect(await answer).to.deep.equal(reporting('b'));
      });
    }

    it('takes 10,000 records with 100 at once (3c 19)', async () => {
      let running = 0;
      let most = 0;
      const handler = handlerFor({ source: 'SQS', concurrency: 100 }, async () => {
        most = Math.max(most, ++running);
        await Promise.resolve();
        running--;
      });
      const bodies = Array.from({ length: 10_000 }, (_, index) => String(index));
      expect(await handler(sqsEvent(...bodies), context)).to.deep.equal(reporting());
      expect(most).to.equal(100);
    });
  });

  describe('of a FIFO queue', () => {
    for (const [failing, ran, reported] of [
      ['a1', ['a1'], ['a1', 'b1', 'a2', 'b2']],
      ['b1', ['a1', 'b1'], ['b1', 'a2', 'b2']],
      ['b2', ['a1', 'b1', 'a2', 'b2'], ['b2']],
    ] as const) {
      it(`stops at the first failure, ${failing}: what follows is reported, not run (3c 7)`, async () => {
        const started: string[] = [];
        const handler = handlerFor(
          { source: 'SQS', fifo: true, throwOnFullBatchFailure: false, logger: fakeLogger() },
          async ({ body }) => {
            started.push(body);
            if (body === failing) throw new Error('no');
          },
        );
        expect(await handler(fifoEvent('a1', 'b1', 'a2', 'b2'), context)).to.deep.equal(reporting(...reported));
        expect(started).to.deep.equal(ran);
      });
    }

    it('stops only the failed group with skipGroupOnError, in arrival order (3c 8)', async () => {
      const { handler, started, end } = watched({ source: 'SQS', fifo: true, skipGroupOnError: true });
      const answer = handler(fifoEvent('a1', 'b1', 'a2', 'b2', 'c1'), context);
      expect(started).to.deep.equal(['a1']);
      await end('a1', 'no');
      await end('b1');
      await end('b2');
      await end('c1');
      expect(started).to.deep.equal(['a1', 'b1', 'b2', 'c1']);
      expect(await answer).to.deep.equal(reporting('a1', 'a2'));
    });

    it('takes group ids of any kind for what they are, and messages without one for a group (3c 8)', async () => {
      const groups = ['__proto__', '', 'constructor', undefined];
      const Records = groups.flatMap((group, index) => [
        fifoRecord(`first${index}`, group),
        fifoRecord(`second${index}`, group),
      ]);
      // `undefined` as an argument would take the builder's default group.
      for (const record of Records.slice(-2)) delete record.attributes.MessageGroupId;
      for (const failing of groups.keys()) {
        const started: string[] = [];
        const handler = handlerFor(
          { source: 'SQS', fifo: true, skipGroupOnError: true, logger: fakeLogger() },
          async ({ body }) => {
            started.push(body);
            if (body === `first${failing}`) throw new Error('no');
          },
        );
        expect(await handler({ Records }, context)).to.deep.equal(reporting(`first${failing}`, `second${failing}`));
        expect(started).to.have.length(7).and.not.include(`second${failing}`);
      }
    });

    it('runs groups side by side with concurrency, each in order (3c 9)', async () => {
      const { handler, started, end } = watched({ source: 'SQS', fifo: true, skipGroupOnError: true, concurrency: 2 });
      const answer = handler(fifoEvent('a1', 'a2', 'b1', 'c1', 'b2', 'a3'), context);
      expect(started).to.deep.equal(['a1', 'b1']);
      await end('b1');
      expect(started).to.deep.equal(['a1', 'b1', 'c1']);
      await end('a1', 'no');
      expect(started).to.deep.equal(['a1', 'b1', 'c1', 'b2']);
      await end('b2');
      await end('c1');
      expect(await answer).to.deep.equal(reporting('a1', 'a2', 'a3'));
    });

    it('runs a message that is retried on a warm start (3c 8)', async () => {
      let attempt = 0;
      const started: string[] = [];
      const handler = handlerFor(
        { source: 'SQS', fifo: true, skipGroupOnError: true, logger: fakeLogger(), throwOnFullBatchFailure: false },
        async ({ body }) => {
          started.push(body);
          if (attempt++ === 0) throw new Error('no');
        },
      );
      expect(await handler(fifoEvent('a1', 'a2'), context)).to.deep.equal(reporting('a1', 'a2'));
      expect(await handler(fifoEvent('a1', 'a2'), context)).to.deep.equal(reporting());
      expect(started).to.deep.equal(['a1', 'a1', 'a2']);
    });
  });

  describe('is told by the name of the queue, never by the message group (3c 10)', () => {
    const fair = { Records: ['a', 'bad', 'c'].map((body) => fifoRecord(body, 'tenant')) };
    for (const record of fair.Records) record.eventSourceARN = sqsRecord('a').eventSourceARN;

    it('so a fair queue is a standard queue', async () => {
      const logger = fakeLogger();
      const handler = handlerFor({ source: 'SQS', logger }, async ({ body }) => {
        if (body === 'bad') throw new Error('no');
      });
      expect(await handler(fair, context)).to.deep.equal(reporting('bad'));
      sinon.assert.notCalled(logger.warn);
    });

    for (const [what, options, event, warning] of [
      ['a FIFO queue without fifo: true', {}, fifoEvent('a1'), 'orders.fifo is a FIFO queue'],
      ['a FIFO queue run one by one', { concurrency: 1 }, fifoEvent('a1'), 'orders.fifo is a FIFO queue'],
      ['fifo: true on a standard queue', { fifo: true }, sqsEvent('a1'), 'orders is a standard queue'],
    ] as const) {
      it(`and ${what} is warned of once`, async () => {
        const logger = fakeLogger();
        const handler = handlerFor({ source: 'SQS', logger, ...options }, async () => undefined);
        for (let round = 0; round < 3; round++) await handler(event, context);
        sinon.assert.calledOnceWithMatch(logger.warn, warning);
      });
    }

    it('and what has no ARN, as in a unit test, is not warned of', async () => {
      const logger = fakeLogger();
      const handler = handlerFor({ source: 'SQS', logger }, async () => undefined);
      const record: object = { messageId: 'id', body: 'a' };
      await handler({ Records: [record] } as never, context);
      await handler({ Records: [] }, context);
      sinon.assert.notCalled(logger.warn);
    });
  });

  describe('of a stream', () => {
    it('is none without `order`: all run, and every failure is reported', async () => {
      const { handler, started, end } = watched({ source: 'KinesisDataStreams' });
      const event = kinesisEvent('a1', 'b1', 'a2');
      const answer = handler(event, context);
      expect(started).to.deep.equal(['a1', 'b1', 'a2']);
      await end('a2', 'no');
      await end('a1', 'no');
      await end('b1');
      expect((await answer).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).to.deep.equal(
        [0, 2].map((index) => event.Records[index]!.kinesis.sequenceNumber),
      );
    });

    for (const source of ['KinesisDataStreams', 'DynamoDBStreams'] as const) {
      const eventOf = source === 'KinesisDataStreams' ? kinesisEvent : dynamodbEvent;

      it(`stops ${source} at the first failure with order: 'shard' (3c 11)`, async () => {
        const { handler, started, end } = watched<typeof source>({ source, order: 'shard' });
        const answer = handler(eventOf('a1', 'b1', 'a2'), context);
        await end('a1');
        await end('b1', 'no');
        expect(started).to.deep.equal(['a1', 'b1']);
        expect((await answer).batchItemFailures).to.have.length(2);
      });

      it(`keeps the order of ${source} within a key with order: 'key' (3c 11)`, async () => {
        const { handler, started, end } = watched<typeof source>({ source, order: 'key' });
        const answer = handler(eventOf('a1', 'b1', 'a2', 'b2', 'a3'), context);
        expect(started).to.deep.equal(['a1', 'b1']);
        await end('b1', 'no');
        await end('a1');
        expect(started).to.deep.equal(['a1', 'b1', 'a2']);
        await end('a2');
        await end('a3');
        expect((await answer).batchItemFailures).to.have.length(2);
      });
    }

    it('compares item keys by value, whatever the order of their attributes', async () => {
      const started: string[] = [];
      const handler = handlerFor({ source: 'DynamoDBStreams', order: 'key', logger: fakeLogger() }, async (record) => {
        started.push(nameOf(record));
        throw new Error('no');
      });
      const keys = [
        { pk: { S: 'x' }, sk: { N: '1' } },
        { sk: { N: '1' }, pk: { S: 'x' } },
        { pk: { S: 'x' }, sk: { S: '1' } },
      ];
      const Records = keys.map((Keys, index) => {
        const record = dynamodbRecord(`item${index}`, index);
        return { ...record, dynamodb: { ...record.dynamodb, Keys } };
      });
      await handler({ Records }, context).catch(() => undefined);
      expect(started).to.deep.equal(['item0', 'item2']);
    });

    it('takes changes without keys, images or of any kind (3c 12)', async () => {
      const logger = fakeLogger();
      const handler = handlerFor({ source: 'DynamoDBStreams', order: 'key', logger }, async () => undefined);
      const [insert, ...others] = dynamodbEvent('a', 'b', 'c', 'd').Records;
      others[0]!.eventName = 'REMOVE';
      others[0]!.userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
      delete others[1]!.dynamodb!.NewImage;
      delete others[2]!.dynamodb!.Keys;
      expect(await handler({ Records: [insert!, ...others] }, context)).to.deep.equal({ batchItemFailures: [] });
    });
  });
});
