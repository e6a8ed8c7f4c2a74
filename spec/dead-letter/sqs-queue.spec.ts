import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { createBatchHandler, FullBatchFailureError, NonRetryableError } from '../../lib';
import { deadLetter, sqsQueue } from '../../lib/dead-letter';
import type { Delivery } from '../../lib';
import { kafka, type KafkaRecord } from '../../lib/kafka';
import { json } from '../../lib/payload';
import { pipe } from '../../lib/pipes';
import {
  dynamodbRecord,
  fifoEvent,
  kinesisEvent,
  kinesisRecord,
  lambdaContext,
  reporting,
  sqsEvent,
  sqsRecord,
} from '../support/events';
import { handlerFor } from '../support/handler';
import { kafkaEvent, kafkaRecord, nameIn, offsets } from '../support/kafka';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead';
const MIB = 1_048_576;

interface Answer {
  Successful?: { Id: string }[];
  Failed?: { Id: string; Code: string }[];
}

/** A client that takes every entry, unless it is told what to answer. */
function fakeClient(answer?: (input: SendMessageBatchCommandInput) => unknown) {
  const inputs: SendMessageBatchCommandInput[] = [];
  const takeAll = ({ Entries = [] }: SendMessageBatchCommandInput): Answer => ({
    Successful: Entries.map(({ Id }) => ({ Id: Id! })),
  });
  return {
    inputs,
    send: async ({ input }: { input: SendMessageBatchCommandInput }): Promise<unknown> => {
      inputs.push(input);
      return (answer ?? takeAll)(input);
    },
  };
}

const bodiesOf = (inputs: readonly SendMessageBatchCommandInput[]): (string | undefined)[][] =>
  inputs.map(({ Entries = [] }) => Entries.map(({ MessageBody }) => MessageBody));

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `m${index}`);
const never = new AbortController().signal;
const deliveryOf = (signal: AbortSignal = never) => ({ signal }) as unknown as Delivery<never>;

/** Delivers messages with these bodies at the same time. */
const deliverAll = (
  queue: ReturnType<typeof sqsQueue>,
  bodies: readonly string[],
): Promise<PromiseSettledResult<unknown>[]> =>
  Promise.allSettled(bodies.map((body) => queue(sqsRecord(body), new Error('no'), deliveryOf())));

const reasonsOf = (results: readonly PromiseSettledResult<unknown>[]): (string | undefined)[] =>
  results.map((result) => (result.status === 'rejected' ? (result.reason as Error).message : undefined));

describe('sqsQueue', () => {
  for (const [options, message] of [
    [{ queueUrl: 'dead' }, "sqsQueue: expected queueUrl to be the URL of a queue, received 'dead' (string)."],
    [{}, 'sqsQueue: expected queueUrl to be the URL of a queue, received undefined (undefined).'],
    [{ queueUrl, client: null }, 'sqsQueue: expected client to be an SQSClient, received null (object).'],
    [{ queueUrl, client: {} }, 'sqsQueue: expected client to be an SQSClient, received {} (object).'],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      expect(() => sqsQueue(options as never)).to.throw(TypeError, message);
    });
  }

  it('sends records that fail at the same time together, ten a call', async () => {
    const client = fakeClient();
    const results = await deliverAll(sqsQueue({ queueUrl, client }), names(23));
    expect(bodiesOf(client.inputs)).to.deep.equal([
      names(23).slice(0, 10),
      names(23).slice(10, 20),
      names(23).slice(20),
    ]);
    expect(client.inputs.every((input) => input.QueueUrl === queueUrl)).to.equal(true);
    expect(client.inputs[2]!.Entries!.map(({ Id }) => Id)).to.deep.equal(['0', '1', '2']);
    expect(reasonsOf(results)).to.deep.equal(names(23).map(() => undefined));
  });

  it('waits for those that fail a few promises later', async () => {
    const client = fakeClient();
    const queue = sqsQueue({ queueUrl, client });
    const first = deliverAll(queue, ['a']);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    await Promise.all([first, deliverAll(queue, ['b'])]);
    expect(bodiesOf(client.inputs)).to.deep.equal([['a', 'b']]);
  });

  it('sends at most 1 MiB a call', async () => {
    const client = fakeClient();
    const bodies = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(0.4 * MIB));
    await deliverAll(sqsQueue({ queueUrl, client }), bodies);
    expect(client.inputs.map(({ Entries }) => Entries!.map(({ MessageBody }) => MessageBody![0]))).to.deep.equal([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ]);
  });

  it('takes every message that SQS has taken, and refuses what is larger than that alone', async () => {
    const client = fakeClient();
    const largest = 'x'.repeat(MIB);
    const results = await deliverAll(sqsQueue({ queueUrl, client }), ['small', largest, `${largest}x`]);

    expect(reasonsOf(results)).to.deep.equal([
      undefined,
      undefined,
      `The record has ${MIB + 1} bytes as a message, and SQS takes ${MIB}.`,
    ]);
    expect(bodiesOf(client.inputs)).to.deep.equal([['small'], [largest]]);
    expect(client.inputs[1]!.Entries![0]!.MessageAttributes).to.deep.equal({});
  });

  it('takes records as tests write them, and those that somebody has parsed before', async () => {
    const client = fakeClient();
    const queue = sqsQueue({ queueUrl, client });
    const deliver = (record: object) => queue(record, new Error('no'), deliveryOf()) as Promise<unknown>;
    const results = await Promise.allSettled([
      deliver({ messageId: '1', body: 'bare' }),
      deliver({ ...sqsRecord('a'), body: { id: 1 } }),
      deliver({ messageId: '2' }),
    ]);

    expect(reasonsOf(results)).to.deep.equal([undefined, undefined, 'The record has no body that could be delivered.']);
    expect(bodiesOf(client.inputs)).to.deep.equal([['bare', '{"id":1}']]);
  });

  it('fails exactly what the queue did not take', async () => {
    const client = fakeClient(() => ({
      Successful: [{ Id: '0' }, { Id: '3' }],
      Failed: [{ Id: '1', Code: 'InternalError' }],
    }));
    expect(reasonsOf(await deliverAll(sqsQueue({ queueUrl, client }), names(4)))).to.deep.equal([
      undefined,
      'The queue did not take the record: InternalError.',
      'The queue did not take the record: no answer.',
      undefined,
    ]);
  });

  it('fails everything where the answer is empty', async () => {
    const client = fakeClient(() => ({}));
    expect(reasonsOf(await deliverAll(sqsQueue({ queueUrl, client }), ['a']))).to.deep.equal([
      'The queue did not take the record: no answer.',
    ]);
  });

  it('fails the records of a call that fails, and no others', async () => {
    const client = fakeClient(({ Entries = [] }) => {
      if (Entries[0]!.MessageBody === 'm0') throw new Error('throttled');
      return { Successful: Entries.map(({ Id }) => ({ Id })) };
    });
    expect(reasonsOf(await deliverAll(sqsQueue({ queueUrl, client }), names(12)))).to.deep.equal([
      ...names(10).map(() => 'throttled'),
      undefined,
      undefined,
    ]);
  });

  it('does not send what was reported while it waited, and makes no call for that alone', async () => {
    const client = fakeClient();
    const queue = sqsQueue({ queueUrl, client });
    const deadline = new AbortController();
    void queue(sqsRecord('late'), new Error('no'), deliveryOf(deadline.signal));
    deadline.abort();
    await settled();
    expect(client.inputs).to.deep.equal([]);

    void queue(sqsRecord('late'), new Error('no'), deliveryOf(deadline.signal));
    await queue(sqsRecord('in time'), new Error('no'), deliveryOf());
    expect(bodiesOf(client.inputs)).to.deep.equal([['in time']]);
  });

  it('rejects for a record that is none', async () => {
    const queue = sqsQueue({ queueUrl, client: fakeClient() });
    expect(await rejection(queue(undefined as never, new Error('no'), deliveryOf()) as Promise<unknown>)).to.be.an(
      'error',
    );
  });

  describe('says to which queue it delivers', () => {
    const QUEUE_URL = Symbol.for('lambda-batch-handler:queue-url');
    const toldBy = (value: object): unknown => (value as Record<symbol, unknown>)[QUEUE_URL];

    it('for who looks at the infrastructure around it', () => {
      expect(toldBy(sqsQueue({ queueUrl }))).to.equal(queueUrl);
    });

    it('also as deliverTo of deadLetter', () => {
      expect(toldBy(deadLetter({ deliverTo: sqsQueue({ queueUrl }) }))).to.equal(queueUrl);
    });

    it('where nothing else does', () => {
      expect(toldBy(deadLetter({ deliverTo: () => undefined }))).to.equal(undefined);
      expect(toldBy(deadLetter({ deliverTo: 'discard' }))).to.equal(undefined);
    });
  });

  describe('as deliverTo of a decorated method', () => {
    const context = lambdaContext();
    const logger = fakeLogger();
    const failing = (record: SQSRecord): void => {
      if (record.body.startsWith('bad')) throw new NonRetryableError('for good');
      if (record.body.startsWith('retry')) throw new Error('not now');
    };
    const handlerTo = (client: object) =>
      handlerFor<'SQS'>(
        {
          source: 'SQS',
          logger,
          nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl, client: client as never }) }),
        },
        failing,
      );

    it('makes no call where no record fails for good', async () => {
      const client = fakeClient();
      expect(await handlerTo(client)(sqsEvent('a', 'retry'), context)).to.deep.equal(reporting('retry'));
      expect(client.inputs).to.deep.equal([]);
    });

    it('has delivered records reported no more, and those that the queue refused', async () => {
      const client = fakeClient(() => ({ Successful: [{ Id: '0' }], Failed: [{ Id: '1', Code: 'InternalError' }] }));
      const answer = await handlerTo(client)(sqsEvent('a', 'bad1', 'retry', 'bad2'), context);
      expect(answer).to.deep.equal(reporting('retry', 'bad2'));
      expect(bodiesOf(client.inputs)).to.deep.equal([['bad1', 'bad2']]);
    });

    it('sends records of batches that overlap together', async () => {
      const client = fakeClient();
      const handler = handlerTo(client);
      await Promise.all([handler(sqsEvent('a', 'bad1'), context), handler(sqsEvent('b', 'bad2'), context)]);
      expect(bodiesOf(client.inputs)).to.deep.equal([['bad1', 'bad2']]);
    });

    it('has a message group wait for the delivery of its message', async () => {
      const answered = new Deferred<Answer>();
      const client = fakeClient(() => answered.promise);
      const seen: string[] = [];
      const deliverTo = sqsQueue({ queueUrl: `${queueUrl}.fifo`, client });
      const handler = handlerFor<'SQS'>(
        {
          source: 'SQS',
          fifo: true,
          skipGroupOnError: true,
          concurrency: 2,
          logger,
          nonRetryable: deadLetter({ deliverTo }),
        },
        ({ body }) => {
          seen.push(body);
          if (body === 'a1') throw new NonRetryableError('for good');
        },
      );
      const answer = handler(fifoEvent('a1', 'a2', 'b1'), context);
      await settled();
      await settled();
      expect(seen).to.have.members(['a1', 'b1']);
      answered.resolve({ Successful: [{ Id: '0' }] });
      expect(await answer).to.deep.equal(reporting());
      expect(seen).to.include('a2');
      expect(client.inputs[0]!.Entries![0]).to.include({ MessageGroupId: 'a', MessageDeduplicationId: 'id-a1' });
    });

    it('takes records of a stream', async () => {
      const client = fakeClient();
      const handler = handlerFor<'KinesisDataStreams'>(
        {
          source: 'KinesisDataStreams',
          logger,
          nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl, client }) }),
        },
        (record) => {
          if (record.kinesis.partitionKey === 'b') throw new NonRetryableError('for good');
        },
      );
      const event = kinesisEvent('a1', 'b1');
      expect(await handler(event, context)).to.deep.equal(reporting());
      expect(client.inputs[0]!.Entries!.map(({ MessageBody }) => JSON.parse(MessageBody!) as unknown)).to.deep.equal([
        event.Records[1],
      ]);
    });

    describe('of Kafka', () => {
      const failForGood = (record: KafkaRecord): void => {
        if (nameIn(record) === '' || nameIn(record).includes('bad')) throw new NonRetryableError('for good');
        if (nameIn(record).includes('retry')) throw new Error('not now');
      };
      const delivering = (client: object) => deadLetter({ deliverTo: sqsQueue({ queueUrl, client: client as never }) });

      it('takes its records as they came, tombstones too, and has what is behind them in their partition run', async () => {
        const client = fakeClient();
        const entry = createBatchHandler(
          { source: kafka, order: 'partition', logger, nonRetryable: delivering(client) },
          failForGood,
        );
        const { value: _value, ...tombstone } = kafkaRecord('orders-1@4 k');
        const bad = kafkaRecord('orders-0@2 bad', { headers: [{ mark: [-61, -85] }, { mark: [97] }] });
        const event = kafkaEvent('orders-0@1', bad, 'orders-0@3 retry', 'orders-0@4', tombstone, 'orders-1@5');
        expect(await entry(event, context)).to.deep.equal(offsets('orders-0@3', 'orders-0@4'));
        const sent = client.inputs.flatMap(({ Entries = [] }) => Entries);
        expect(sent.map(({ MessageBody }) => JSON.parse(MessageBody!) as unknown)).to.have.deep.members([
          bad,
          tombstone,
        ]);
      });

      it('takes what its reader could not read', async () => {
        const client = fakeClient();
        const nonRetryable = deadLetter({
          errors: [(error) => error.name === 'ParsingError'],
          deliverTo: sqsQueue({ queueUrl, client: client }),
        });
        const entry = createBatchHandler({ source: kafka, payload: json(), logger, nonRetryable }, () => undefined);
        const event = kafkaEvent('orders-0@1', kafkaRecord('orders-0@2', { value: 'e30=' }));
        expect(await entry(event, context)).to.deep.equal(offsets());
        expect(bodiesOf(client.inputs)).to.deep.equal([[JSON.stringify(kafkaRecord('orders-0@1'))]]);
      });

      it('refuses a record that is larger as a message than SQS takes, which is reported', async () => {
        const client = fakeClient();
        const entry = createBatchHandler({ source: kafka, logger, nonRetryable: delivering(client) }, (record) => {
          if (record.offset === 2) throw new NonRetryableError('for good');
        });
        const event = kafkaEvent('orders-0@1', kafkaRecord('orders-0@2', { value: 'A'.repeat(MIB) }));
        expect(await entry(event, context)).to.deep.equal(offsets('orders-0@2'));
        expect(client.inputs).to.deep.equal([]);
      });

      it('takes a record again behind a pipe, where another failure has the batch come back as a whole', async () => {
        const client = fakeClient();
        const entry = createBatchHandler(
          { source: pipe(kafka), logger, nonRetryable: delivering(client) },
          failForGood,
        );
        const piped = (name: string) => ({
          ...kafkaRecord(name),
          eventSource: 'aws:kafka',
          eventSourceKey: 'orders-0',
        });
        expect(await entry([piped('orders-0@1'), piped('orders-0@2 bad')], context)).to.deep.equal(reporting());
        const events = [piped('orders-0@1'), piped('orders-0@2 bad'), piped('orders-0@3 retry')];
        expect(await rejection(entry(events, context)))
          .to.be.an('error')
          .and.not.an.instanceOf(FullBatchFailureError);
        expect(bodiesOf(client.inputs)).to.deep.equal([[JSON.stringify(events[1])], [JSON.stringify(events[1])]]);
      });
    });

    describe('behind a pipe', () => {
      /** What is sent of a batch all of which fails for good. */
      const sentOf = async (source: unknown, event: unknown, url = queueUrl) => {
        const client = fakeClient();
        const nonRetryable = deadLetter({ deliverTo: sqsQueue({ queueUrl: url, client: client }) });
        const entry = createBatchHandler(
          { source, logger, nonRetryable } as never,
          (() => {
            throw new NonRetryableError('for good');
          }) as never,
        );
        expect(await entry(event, context)).to.deep.equal(reporting());
        return client.inputs.flatMap(({ Entries = [] }) => Entries);
      };

      it('takes a message of SQS as without one', async () => {
        const [direct] = await sentOf('SQS', fifoEvent('a1'), `${queueUrl}.fifo`);
        expect(await sentOf(pipe('SQS'), fifoEvent('a1').Records, `${queueUrl}.fifo`)).to.deep.equal([direct]);
        expect(direct).to.include({ MessageBody: 'a1', MessageGroupId: 'a', MessageDeduplicationId: 'id-a1' });
      });

      it('takes a record of Kinesis, which the pipe has sent flat, as without one', async () => {
        const { kinesis, ...rest } = kinesisRecord('a1', 0);
        const [direct] = await sentOf('KinesisDataStreams', kinesisEvent('a1'), `${queueUrl}.fifo`);
        const [sent] = await sentOf(pipe('KinesisDataStreams'), [{ ...kinesis, ...rest }], `${queueUrl}.fifo`);
        expect(JSON.parse(sent!.MessageBody!)).to.deep.equal(kinesisRecord('a1', 0));
        expect(sent).to.deep.equal(direct);
        expect(sent).to.include({ MessageGroupId: 'a' });
      });

      it('takes a change of DynamoDB as without one', async () => {
        const [direct] = await sentOf('DynamoDBStreams', { Records: [dynamodbRecord('a1', 0)] });
        expect(await sentOf(pipe('DynamoDBStreams'), [dynamodbRecord('a1', 0)])).to.deep.equal([direct]);
      });
    });

    it('leaves to the deadline what the queue does not answer', async () => {
      const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
      try {
        const startedAt = Date.now();
        const client = fakeClient(() => new Promise(() => undefined));
        const handler = handlerFor<'SQS'>(
          {
            source: 'SQS',
            logger,
            stopBeforeTimeout: 1_000,
            nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl, client }) }),
          },
          failing,
        );
        const answer = handler(
          sqsEvent('a', 'bad'),
          lambdaContext(() => 3_000 - (Date.now() - startedAt)),
        );
        await settled();
        await settled();
        expect(client.inputs).to.have.length(1);
        await clock.tickAsync(2_000);
        expect(await answer).to.deep.equal(reporting('bad'));
      } finally {
        clock.restore();
      }
    });
  });
});
