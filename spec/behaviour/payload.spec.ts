import { gzipSync } from 'node:zlib';

import type { Context, DynamoDBRecord, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import { z } from 'zod';

import { BatchHandler, type BatchHandlerOptions, type Delivery, FullBatchFailureError, lambdaHandler } from '../../lib';
import { base64, bytes, gunzip, images, json, reader, text } from '../../lib/payload';
import * as kit from '../../lib/testing';
import { fifoEvent, kinesisEvent, lambdaContext, reporting, sqsEvent, sqsRecord } from '../support/events';
import { readingHandlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';
import { schemaOf } from '../support/readers';

const context = lambdaContext();
const order = z.object({ id: z.string(), total: z.number() });

/** A reader that fails for texts that start with "bad". */
const picky = (body: string): string => {
  if (body.startsWith('bad')) throw new Error(body);
  return body.toUpperCase();
};

describe('The payload of a record', () => {
  const logger = fakeLogger();

  describe('is what the method is called with', () => {
    it('for SQS, as the test kit makes it', async () => {
      const handled: unknown[] = [];
      const handler = readingHandlerFor({ source: 'SQS', payload: json(order) }, (read) => handled.push(read));
      const event = kit.sqsEvent([{ id: 'a', total: 1, more: true }, '{"id":"b","total":2}']);

      expect(await handler(event, context)).to.deep.equal(reporting());
      expect(handled).to.deep.equal([
        { id: 'a', total: 1 },
        { id: 'b', total: 2 },
      ]);
    });

    it('for Kinesis, as the test kit makes it', async () => {
      const handled: unknown[] = [];
      const method = (read: unknown) => handled.push(read);
      const event = kit.kinesisEvent([{ a: 'ü' }, Buffer.from('[1]')]);
      await readingHandlerFor({ source: 'KinesisDataStreams', payload: json() }, method)(event, context);
      await readingHandlerFor({ source: 'KinesisDataStreams', payload: bytes() }, method)(event, context);
      const zipped = kit.kinesisEvent([gzipSync('{"zipped":true}')]);
      await readingHandlerFor({ source: 'KinesisDataStreams', payload: gunzip(json()) }, method)(zipped, context);

      expect(handled).to.deep.equal([{ a: 'ü' }, [1], Buffer.from('{"a":"ü"}'), Buffer.from('[1]'), { zipped: true }]);
    });

    it('for DynamoDB, as the test kit makes it', async () => {
      const handled: unknown[] = [];
      const handler = readingHandlerFor({ source: 'DynamoDBStreams', payload: images() }, (read) => handled.push(read));
      const changes = [
        { eventName: 'INSERT', keys: { id: '1' }, newImage: { id: '1', tags: new Set(['a']) } },
        { eventName: 'REMOVE', keys: { id: '1' }, oldImage: { id: '1', raw: Buffer.of(0, 255) } },
      ] as const;
      await handler(kit.dynamodbEvent(changes), context);

      expect(handled).to.deep.equal(changes);
    });

    it('on a detached method, whose this is its instance, with the context and the delivery', async () => {
      class Orders {
        readonly handled: unknown[] = [];

        @BatchHandler({ source: 'SQS', payload: json(order) })
        async handle(
          { id }: { id: string },
          given: Context,
          { index, itemIdentifier }: Delivery<SQSRecord>,
        ): Promise<void> {
          this.handled.push([id, given, index, itemIdentifier]);
        }
      }
      const orders = new Orders();
      const { handle } = orders as unknown as { handle: (event: unknown, context: Context) => Promise<unknown> };
      const asynchronous = json(order.refine(async () => true));
      class Later extends Orders {
        @BatchHandler({ source: 'SQS', payload: asynchronous })
        override async handle(...args: Parameters<Orders['handle']>): Promise<void> {
          this.handled.push(args[0].id);
        }
      }
      const later = new Later();

      await handle(sqsEvent('{"id":"a","total":1}'), context);
      await lambdaHandler<'SQS'>(later, 'handle')(sqsEvent('{"id":"b","total":1}'), context);
      expect(orders.handled).to.deep.equal([['a', context, 0, 'id-{"id":"a","total":1}']]);
      expect(later.handled).to.deep.equal(['b']);
      expect(handle).to.have.property('length', 2);
    });

    it('while delivery.record is the record, the same and untouched', async () => {
      const event = sqsEvent('[{"a":1}]');
      const before = structuredClone(event);
      const records: unknown[] = [];
      const handler = readingHandlerFor(
        { source: 'SQS', payload: json<{ a: number }[]>() },
        (read, _context, { record }) => {
          read[0]!.a = 2;
          records.push(record);
        },
      );
      await handler(event, context);

      expect(records[0]).to.equal(event.Records[0]);
      expect(event).to.deep.equal(before);
    });

    it('and without a reader it is called with the record', async () => {
      const method = sinon.fake();
      const event = sqsEvent('{}');
      await readingHandlerFor({ source: 'SQS', payload: undefined } as never, method)(event, context);
      expect(method.firstCall.args[0]).to.equal(event.Records[0]);
    });
  });

  describe('that cannot be read', () => {
    it('fails its record, and nine others succeed', async () => {
      const handled: string[] = [];
      const lines = fakeLogger();
      const handler = readingHandlerFor({ source: 'SQS', logger: lines, payload: json(order) }, ({ id }) => {
        handled.push(id);
      });
      const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
      const bodies = ids.map((id) => JSON.stringify({ id, total: 1 }));
      bodies.splice(4, 0, '{"id":"poison"}');

      expect(await handler(sqsEvent(...bodies), context)).to.deep.equal(reporting('{"id":"poison"}'));
      expect(handled).to.deep.equal(ids);
      sinon.assert.calledOnceWithMatch(lines.error, sinon.match(/^Record id-{"id":"poison"} failed/), {
        name: 'ParsingError',
        message: 'The payload does not fit its schema at total.',
      });
    });

    for (const [source, event] of Object.entries({
      SQS: { Records: [{ messageId: 'bad', eventSource: 'aws:sqs' }, sqsRecord('1')] },
      KinesisDataStreams: {
        Records: [
          { ...kinesisEvent('a').Records[0], kinesis: { sequenceNumber: 'bad' } },
          ...kinesisEvent('1').Records,
        ],
      },
    })) {
      it(`because it is missing, fails its record of ${source} alone`, async () => {
        const method = sinon.fake();
        const options = { source: source as 'SQS', payload: json(), logger } as const;
        expect(await readingHandlerFor(options, method)(event as never, context)).to.deep.equal({
          batchItemFailures: [{ itemIdentifier: 'bad' }],
        });
        sinon.assert.calledOnceWithMatch(method, 1);
      });
    }

    it('because its DynamoDB record has no change, fails the record alone', async () => {
      const method = sinon.fake();
      const { Records } = kit.dynamodbEvent([{ eventName: 'INSERT', keys: { id: 1 } }]);
      const empty = { eventName: 'INSERT', dynamodb: { SequenceNumber: '7' } } as DynamoDBRecord;
      const handler = readingHandlerFor({ source: 'DynamoDBStreams', logger, payload: images() }, method);

      expect(await handler({ Records: [empty, ...Records] }, context)).to.deep.equal({
        batchItemFailures: [{ itemIdentifier: '7' }],
      });
      sinon.assert.calledOnce(method);
    });

    it('is reported by the id that its record came with, whatever the reader does to it', async () => {
      const payload = reader((record: DynamoDBRecord): never => {
        Object.assign(record, { dynamodb: null });
        throw new Error('no');
      });
      const event = kit.dynamodbEvent([{ eventName: 'INSERT', keys: { id: 1 } }]);
      const itemIdentifier = event.Records[0]!.dynamodb!.SequenceNumber;
      const options = { source: 'DynamoDBStreams', throwOnFullBatchFailure: false, logger, payload } as const;
      const answer = await readingHandlerFor(options, () => undefined)(event, context);
      expect(answer).to.deep.equal({ batchItemFailures: [{ itemIdentifier }] });
    });

    it('makes the invocation throw where no record of the batch could be read', async () => {
      const handler = readingHandlerFor({ source: 'SQS', logger, payload: json() }, () => undefined);
      const failure = (await rejection(handler(sqsEvent('', 'a'), context))) as FullBatchFailureError;
      expect(failure).to.be.an.instanceOf(FullBatchFailureError);
      expect(failure.recordErrors.map(({ name }) => name)).to.deep.equal(['ParsingError', 'ParsingError']);
    });
  });

  describe('keeps the order of its batch', () => {
    /** The names that were handled, and the answer. */
    async function ran<S extends 'SQS' | 'KinesisDataStreams'>(
      options: Extract<BatchHandlerOptions, { source: S }>,
      event: Parameters<ReturnType<typeof readingHandlerFor<S, string>>>[0],
      isAsync: boolean,
    ) {
      const handled: string[] = [];
      const read = (raw: string | Buffer): string => picky(String(raw));
      const payload = reader(isAsync ? async (raw: string | Buffer) => read(raw) : read);
      const handler = readingHandlerFor<S, string>({ logger, ...options, payload }, (name) => handled.push(name));
      const { batchItemFailures } = await handler(event, context);
      return { handled, failures: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
    }
    const fifo = fifoEvent('a1', 'bad', 'a2', 'b1');
    const ids = (...names: string[]) => names.map((name) => `id-${name}`);

    for (const isAsync of [false, true]) {
      describe(`with a reader that is ${isAsync ? 'async' : 'sync'}`, () => {
        it('a failure stops a FIFO batch', async () => {
          expect(await ran({ source: 'SQS', fifo: true }, fifo, isAsync)).to.deep.equal({
            handled: ['A1'],
            failures: ids('bad', 'a2', 'b1'),
          });
        });

        it('a failure stops its message group', async () => {
          expect(await ran({ source: 'SQS', fifo: true, skipGroupOnError: true }, fifo, isAsync)).to.deep.equal({
            handled: ['A1', 'A2'],
            failures: ids('bad', 'b1'),
          });
        });

        it('a failure stops its partition key', async () => {
          const event = kinesisEvent('a1', 'bad', 'a2', 'b1');
          const { handled, failures } = await ran({ source: 'KinesisDataStreams', order: 'key' }, event, isAsync);
          expect(handled).to.deep.equal(['A1', 'A2']);
          expect(failures).to.deep.equal([1, 3].map((index) => event.Records[index]!.kinesis.sequenceNumber));
        });

        it('a failure stops nothing in a standard queue', async () => {
          const { handled, failures } = await ran({ source: 'SQS' }, sqsEvent('a', 'bad', 'b'), isAsync);
          expect([handled, failures]).to.deep.equal([['A', 'B'], ids('bad')]);
        });
      });
    }
  });

  describe('that is read by an async reader', () => {
    it('is read side by side with the others, or one after another, as records are handled', async () => {
      for (const [processInParallel, atOnce] of [
        [true, ['a', 'b']],
        [false, ['a']],
      ] as const) {
        const started: string[] = [];
        const gate = new Deferred<string>();
        const payload = reader((body: string) => {
          started.push(body);
          return gate.promise;
        });
        const options = { source: 'SQS', processInParallel, payload } as BatchHandlerOptions<typeof payload> & {
          source: 'SQS';
        };
        const answer = readingHandlerFor(options, () => undefined)(sqsEvent('a', 'b'), context);
        await settled();
        expect(started).to.deep.equal(atOnce);
        gate.resolve('read');
        await answer;
        expect(started).to.deep.equal(['a', 'b']);
      }
    });

    it('reaches no method once the batch was answered', async () => {
      const clock = sinon.useFakeTimers();
      try {
        const gate = new Deferred<{ value: unknown }>();
        const method = sinon.fake();
        const payload = json(schemaOf((value) => (value === 'slow' ? gate.promise : { value })));
        const handler = readingHandlerFor(
          { source: 'SQS', stopBeforeTimeout: 500, logger: fakeLogger(), payload },
          method,
        );
        const end = Date.now() + 1_000;
        const answer = handler(
          sqsEvent('"a"', '"slow"'),
          lambdaContext(() => end - Date.now()),
        );
        await clock.tickAsync(500);
        expect(await answer).to.deep.equal(reporting('"slow"'));
        gate.resolve({ value: 'slow' });
        await clock.tickAsync(1_000);

        sinon.assert.calledOnceWithMatch(method, 'a');
      } finally {
        clock.restore();
      }
    });
  });

  describe('has no reader that does not fit', () => {
    for (const [what, options, message] of [
      [
        'images() for messages',
        { source: 'SQS', payload: images() },
        'expected a reader of text, received a reader of change',
      ],
      [
        'bytes() for messages',
        { source: 'SQS', payload: bytes() },
        'expected a reader of text, received a reader of bytes',
      ],
      ['json() for changes', { source: 'DynamoDBStreams', payload: json() }, 'expected a reader of change, received'],
      [
        'images() for bytes',
        { source: 'KinesisDataStreams', payload: images() },
        'expected a reader of bytes, received',
      ],
      [
        'a schema',
        { source: 'SQS', payload: order },
        'expected payload to be a payload reader, made by json(), reader() or another of lambda-batch-handler/payload',
      ],
      [
        'null',
        { source: 'SQS', payload: null },
        'expected payload to be a payload reader, made by json(), reader() or another of lambda-batch-handler/payload, received null',
      ],
    ] as const) {
      it(`so ${what} is refused where the decorator is applied`, () => {
        expect(() => BatchHandler(options as never)).to.throw(TypeError, message);
      });
    }

    it('and those that do fit are taken', () => {
      for (const payload of [json(), text(), base64(bytes()), reader((body: string) => body)]) {
        expect(BatchHandler({ source: 'SQS', payload })).to.be.a('function');
      }
      for (const payload of [json(), text(), bytes(), base64(bytes()), gunzip(text())]) {
        expect(BatchHandler({ source: 'KinesisDataStreams', payload })).to.be.a('function');
      }
    });
  });
});
