import type { Context, KinesisStreamHandler, SQSBatchResponse, SQSEvent, SQSHandler, SQSRecord } from 'aws-lambda';
import middy from '@middy/core';
import { expect } from 'chai';
import { expectTypeOf } from 'expect-type';
import sinon from 'sinon';

import {
  BatchProcessor,
  createBatchHandler,
  Delivery,
  FullBatchFailureError,
  getBatchHandlerOptions,
  observe,
  StoppedBeforeTimeoutError,
  UnexpectedBatchTypeError,
} from '../../lib';
import { json } from '../../lib/payload';
import {
  dynamodbEvent,
  fifoEvent,
  kinesisEvent,
  kinesisRecord,
  lambdaContext,
  nameOf,
  reporting,
  sqsEvent,
} from '../support/events';
import { fakeLogger } from '../support/logger';
import { rejection } from '../support/promises';
import { type Parcel, parcelEvent, parcels } from '../support/row';

const context = lambdaContext();
const logger = fakeLogger();

/** Handles one order; fails for bodies that start with "bad". */
async function placeOrder(record: SQSRecord): Promise<void> {
  if (record.body.startsWith('bad')) throw new Error(`no ${record.body}`);
}

describe('createBatchHandler', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('makes an entry that answers which records failed', async () => {
    const handler = createBatchHandler({ source: 'SQS', logger }, placeOrder);

    expect(await handler(sqsEvent('a', 'bad', 'c'), context)).to.deep.equal(reporting('bad'));
    expect(await handler(sqsEvent('a'), context)).to.deep.equal(reporting());
  });

  it('makes one for each source with a name', async () => {
    const failing = (record: Parameters<typeof nameOf>[0]): void => {
      if (nameOf(record) === 'bad') throw new Error('no');
    };
    const kinesis = createBatchHandler({ source: 'KinesisDataStreams', order: 'shard', logger }, failing);
    const dynamodb = createBatchHandler({ source: 'DynamoDBStreams', logger }, failing);
    const [, second] = kinesisEvent('a', 'bad', 'c').Records;

    expect((await kinesis(kinesisEvent('a', 'bad', 'c'), context)).batchItemFailures).to.deep.equal([
      { itemIdentifier: second!.kinesis.sequenceNumber },
      { itemIdentifier: kinesisRecord('c', 2).kinesis.sequenceNumber },
    ]);
    expect((await dynamodb(dynamodbEvent('a', 'bad'), context)).batchItemFailures).to.have.lengthOf(1);
  });

  it('makes one for a source that lives elsewhere, whose row is the option', async () => {
    const seen: unknown[] = [];
    const handler = createBatchHandler(
      { source: parcels(), order: 'shard', logger },
      (record: Parcel, _context, delivery) => {
        seen.push([record.parcel, delivery.itemIdentifier]);
        if (record.parcel === 'bad') throw new Error('no');
      },
    );

    expect(await handler(parcelEvent('a', 'bad', 'c'), context)).to.deep.equal({
      batchItemFailures: [{ itemIdentifier: 'bad' }, { itemIdentifier: 'c' }],
    });
    expect(seen).to.deep.equal([
      ['a', 'a'],
      ['bad', 'bad'],
    ]);
  });

  it('calls the function with the record, the context and the delivery', async () => {
    const handle = sinon.fake((_record: SQSRecord, _context: Context, _delivery: Delivery<SQSRecord>) => undefined);
    const event = sqsEvent('a', 'b');
    await createBatchHandler({ source: 'SQS' }, handle)(event, context);

    sinon.assert.calledTwice(handle);
    const [record, given, delivery] = handle.secondCall.args;
    expect(record).to.equal(event.Records[1]);
    expect(given).to.equal(context);
    expect(delivery).to.be.an.instanceOf(Delivery);
    expect([delivery.index, delivery.itemIdentifier]).to.deep.equal([1, 'id-b']);
  });

  it('keeps the name of the function, and has two parameters (3c 20)', () => {
    const handler = createBatchHandler(
      { source: 'SQS' },
      function place(_record: SQSRecord, _context: Context, _delivery: Delivery) {
        // nothing to do
      },
    );
    expect(handler).to.have.property('name', 'place');
    expect(handler).to.have.property('length', 2);
    expect(createBatchHandler({ source: 'SQS' }, () => undefined)).to.have.property('name', '');
  });

  it('carries over the metadata of the function', () => {
    const handle = async (_record: SQSRecord): Promise<void> => undefined;
    Reflect.defineMetadata('label', 'orders', handle);

    expect(Reflect.getMetadata('label', createBatchHandler({ source: 'SQS' }, handle))).to.equal('orders');
  });

  it('leaves the function as it was, so that it can be called, and be used again', async () => {
    const first = createBatchHandler({ source: 'SQS', logger }, placeOrder);
    const second = createBatchHandler({ source: 'SQS', fifo: true, logger }, placeOrder);

    expect(await first(sqsEvent('a', 'bad', 'c'), context)).to.deep.equal(reporting('bad'));
    expect(await second(fifoEvent('a', 'bad', 'c'), context)).to.deep.equal(reporting('bad', 'c'));
    expect(getBatchHandlerOptions(placeOrder)).to.equal(undefined);
    expect(getBatchHandlerOptions(first)).to.not.have.property('fifo');
    expect(getBatchHandlerOptions(second)).to.include({ fifo: true });
    expect(placeOrder).to.have.property('length', 1);
  });

  it('logs to the console unless told otherwise', async () => {
    const error = sinon.stub(console, 'error');
    await createBatchHandler({ source: 'SQS' }, placeOrder)(sqsEvent('a', 'bad'), context);

    sinon.assert.calledOnceWithMatch(error, 'Record id-bad failed', sinon.match.instanceOf(Error));
  });

  describe('takes the options of @BatchHandler:', () => {
    it('a payload reader, which makes what the function is called with', async () => {
      const seen: unknown[] = [];
      const handler = createBatchHandler({ source: 'SQS', payload: json(), logger }, (order: unknown) => {
        seen.push(order);
      });

      expect(await handler(sqsEvent('{"id":1}', 'no JSON'), context)).to.deep.equal(reporting('no JSON'));
      expect(seen).to.deep.equal([{ id: 1 }]);
    });

    it('throwOnFullBatchFailure, on unless told otherwise', async () => {
      const strict = createBatchHandler({ source: 'SQS', logger }, placeOrder);
      const lenient = createBatchHandler({ source: 'SQS', logger, throwOnFullBatchFailure: false }, placeOrder);

      expect(await rejection(strict(sqsEvent('bad'), context))).to.be.an.instanceOf(FullBatchFailureError);
      expect(await lenient(sqsEvent('bad'), context)).to.deep.equal(reporting('bad'));
    });

    it('stopBeforeTimeout', async () => {
      const lines = fakeLogger();
      const handler = createBatchHandler(
        { source: 'SQS', stopBeforeTimeout: 1_000, throwOnFullBatchFailure: false, logger: lines },
        placeOrder,
      );

      expect(
        await handler(
          sqsEvent('a', 'b'),
          lambdaContext(() => 900),
        ),
      ).to.deep.equal(reporting('a', 'b'));
      sinon.assert.calledWithMatch(lines.warn, 'there was no time left');
      sinon.assert.calledWithMatch(lines.warn, 'stopBeforeTimeout (1000 ms) leaves no record any time');
      expect(
        await rejection(
          createBatchHandler({ source: 'SQS', stopBeforeTimeout: 1_000, logger: lines }, placeOrder)(
            sqsEvent('a'),
            lambdaContext(() => 900),
          ),
        ),
      )
        .to.have.nested.property('cause.cause')
        .that.is.an.instanceOf(StoppedBeforeTimeoutError);
    });

    it('observers', async () => {
      const onBatchEnd = sinon.fake();
      await createBatchHandler({ source: 'SQS', logger, observers: [observe({ onBatchEnd })] }, placeOrder)(
        sqsEvent('a', 'bad'),
        context,
      );

      sinon.assert.calledOnceWithMatch(onBatchEnd, { source: 'SQS', succeeded: 1, failed: 1 });
    });

    it('a processor, whose record handler the function becomes', async () => {
      const processor = new BatchProcessor('SQS');
      const handler = createBatchHandler({ source: 'SQS', processor, logger }, placeOrder);

      expect(await handler(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
      expect(processor.successMessages.map(nameOf)).to.deep.equal(['a']);
    });
  });

  it('shows its options, checked and frozen', () => {
    const given = { source: 'SQS', concurrency: 3 } as const;
    const shown = getBatchHandlerOptions(createBatchHandler(given, placeOrder));

    expect(shown).to.deep.equal(given).and.be.frozen;
    expect(shown).not.to.equal(given);
  });

  it('rejects, and never throws, where the event is wrong', async () => {
    const handler = createBatchHandler({ source: 'SQS', logger }, placeOrder);

    for (const event of [undefined, null, {}, kinesisEvent('a')]) {
      expect(await rejection(handler(event as never, context))).to.be.an.instanceOf(UnexpectedBatchTypeError);
    }
  });

  describe('refuses, in its own name,', () => {
    const create = (options: unknown, handle: unknown) => () => createBatchHandler(options as never, handle as never);

    for (const [problem, options, message] of [
      ['no options', undefined, "createBatchHandler: expected options such as { source: 'SQS' }, received undefined"],
      ['an unknown option', { source: 'SQS', skip: 1 }, 'createBatchHandler: unknown option skip'],
      ['an unknown source', { source: 'SNS' }, 'createBatchHandler: expected source to be one of SQS'],
      ['a contradiction', { source: 'SQS', order: 'key' }, 'createBatchHandler: order is for streams'],
      [
        'a processor of another source',
        { source: 'SQS', processor: new BatchProcessor('DynamoDBStreams') },
        'createBatchHandler: expected a processor for SQS, received one for DynamoDBStreams.',
      ],
    ] as const) {
      it(problem, () => {
        expect(create(options, placeOrder)).to.throw(TypeError, message);
      });
    }

    for (const [what, handle] of Object.entries({ nothing: undefined, null: null, text: 'handle', object: {} })) {
      it(`${what} for a function`, () => {
        expect(create({ source: 'SQS' }, handle)).to.throw(
          TypeError,
          'Expected the record handler to be a function, received ',
        );
      });
    }

    it('a generator function, which would run nothing (3c 25)', () => {
      expect(create({ source: 'SQS' }, function* () {})).to.throw(TypeError, 'generator function');
    });
  });

  it('works within middy, which is given the whole batch', async () => {
    const events: string[] = [];
    const handler = middy<SQSEvent, SQSBatchResponse>(createBatchHandler({ source: 'SQS', logger }, placeOrder)).use({
      before: ({ event }: { event: SQSEvent }) => {
        events.push(`before ${event.Records.length}`);
      },
      after: ({ response }: { response: SQSBatchResponse | null }) => {
        events.push(`after ${response?.batchItemFailures.length}`);
      },
    });

    expect(await handler(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
    expect(events).to.deep.equal(['before 2', 'after 1']);
  });

  it('is typed from event to response, and fits the handlers of @types/aws-lambda', () => {
    const handler = createBatchHandler({ source: 'SQS' }, placeOrder);
    expectTypeOf(handler).toEqualTypeOf<
      (event: { Records: SQSRecord[] }, context: Context) => Promise<SQSBatchResponse>
    >();
    const sqs: SQSHandler = handler;
    const kinesis: KinesisStreamHandler = createBatchHandler({ source: 'KinesisDataStreams' }, () => undefined);
    expect([sqs, kinesis]).to.have.lengthOf(2);
    // @ts-expect-error -- a function for records of another source
    expect(createBatchHandler({ source: 'KinesisDataStreams' }, placeOrder)).to.be.a('function');
  });
});
