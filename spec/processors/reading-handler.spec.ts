import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import { z } from 'zod';

import {
  BasePartialProcessor,
  BatchHandler,
  BatchProcessingError,
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  type FailureResponse,
  lambdaHandler,
  type ParsedRecord,
  ParsingError,
  type ProcessorOptions,
  SqsFifoPartialProcessor,
  SqsFifoPartialProcessorAsync,
  type SuccessResponse,
} from '../../lib';
import { bytes, images, json, reader, text } from '../../lib/payload';
import * as kit from '../../lib/testing';
import { fifoEvent, kinesisEvent, lambdaContext, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { apis, namesOf, statusesOf, unhandledRejections } from '../support/processors';
import { Deferred, rejection } from '../support/promises';
import { schemaOf } from '../support/readers';

const order = z.object({ total: z.string().transform(Number) });

/** A processor without a source: the records tell. */
class Sourceless extends BasePartialProcessor {
  prepare(): void {
    // nothing to do
  }
  clean(): void {
    // nothing to do
  }
  async processRecord(record: SQSRecord): Promise<SuccessResponse | FailureResponse> {
    return this.processRecordSync(record);
  }
  processRecordSync(record: SQSRecord): SuccessResponse | FailureResponse {
    return ['success', (this.handler as (record: SQSRecord) => unknown)(record), record];
  }
}

for (const { title, isAsync, respond, process, of: plain } of apis) {
  const Processor = isAsync ? BatchProcessor : BatchProcessorSync;
  const Fifo = isAsync ? SqsFifoPartialProcessorAsync : SqsFifoPartialProcessor;
  const reading = (options: ProcessorOptions) => new Processor(EventType.SQS, options);

  describe(`A payload reader in ${title}`, () => {
    it('gives the record handler a copy of the message with its payload', async () => {
      const event = sqsEvent('{"total":"7"}');
      const before = structuredClone(event);
      const handler = sinon.fake();
      await respond(event, handler, reading({ payload: json(order) }));

      const [record] = handler.firstCall.args as [ParsedRecord<SQSRecord, { total: number }>];
      expect(record).to.deep.equal({ ...before.Records[0], body: { total: 7 } });
      expect(event).to.deep.equal(before);
    });

    it('gives it a copy of the record of a stream with its payload', async () => {
      const kinesis = kinesisEvent('a');
      const { Records } = kit.dynamodbEvent([{ eventName: 'INSERT', keys: { id: 1 }, newImage: { total: '7' } }]);
      const handler = sinon.fake();
      await respond(kinesis, handler, new Processor(EventType.KinesisDataStreams, { payload: text() }));
      await respond({ Records }, handler, new Processor(EventType.DynamoDBStreams, { payload: images(order) }));

      const [data, change] = handler.args.map(([record]) => record as unknown) as [
        ParsedRecord<KinesisStreamRecord, string>,
        ParsedRecord<DynamoDBRecord, { total: number }>,
      ];
      expect(data.kinesis).to.deep.equal({ ...kinesis.Records[0]!.kinesis, data: 'a' });
      expect(change.dynamodb).to.deep.equal({ ...Records[0]!.dynamodb, NewImage: { total: 7 } });
    });

    it('hands on the context', async () => {
      const handler = sinon.fake();
      const context = lambdaContext();
      await respond(sqsEvent('a'), handler, reading({ payload: text() }), { context });
      expect(handler.firstCall.args[1]).to.equal(context);
    });

    it('fails its record alone, and tells the hooks of the record as it came', async () => {
      const processor = reading({ payload: json() });
      const failed = sinon.spy(processor, 'failureHandler');
      const succeeded = sinon.spy(processor, 'successHandler');
      const event = sqsEvent('1', 'no', '3');
      expect(await respond(event, ({ body }: { body: unknown }) => body, processor)).to.deep.equal(reporting('no'));

      sinon.assert.calledOnceWithExactly(failed, event.Records[1]!, sinon.match.instanceOf(ParsingError));
      expect(succeeded.args).to.deep.equal([
        [event.Records[0], 1],
        [event.Records[2], 3],
      ]);
      expect(namesOf(processor.failureMessages)).to.deep.equal(['no']);
      expect(processor.failureMessages[0]).to.equal(event.Records[1]);
    });

    it('may be that of one call, which comes before that of the processor', async () => {
      const handler = sinon.fake();
      await respond(sqsEvent('1'), handler, plain('SQS'), { payload: json() });
      await respond(sqsEvent('1'), handler, reading({ payload: text() }), { payload: json() });
      await respond(sqsEvent('1'), handler, reading({ payload: json() }));
      expect(handler.args.map(([{ body }]) => body as unknown)).to.deep.equal([1, 1, 1]);

      await respond(sqsEvent('1'), handler, plain('SQS'));
      expect(handler.lastCall.args[0]).to.have.property('body', '1');
    });

    it('stops a FIFO batch, or the message group, where it fails', async () => {
      const handler = sinon.fake();
      const payload = reader((body: string): string => {
        if (body === 'b1') throw new Error('no');
        return body;
      });
      const event = fifoEvent('a1', 'b1', 'a2', 'b2');
      expect(await respond(event, handler, new Fifo({ payload }))).to.deep.equal(reporting('b1', 'a2', 'b2'));
      const byGroup = await respond(event, handler, new Fifo({ payload }), { skipGroupOnError: true });
      expect(byGroup).to.deep.equal(reporting('b1', 'b2'));
      expect(handler.args.map(([{ body }]) => body as unknown)).to.deep.equal(['a1', 'a1', 'a2']);
    });

    it('reads by what its records are, where the processor has no source', async () => {
      const processor = new Sourceless().register(sqsEvent('1', 'no').Records, ({ body }: { body: unknown }) => body, {
        payload: json(),
      });
      const tuples = await process(processor);
      expect(statusesOf(tuples)).to.deep.equal(['success 1', 'fail no']);
      expect(tuples[0]![1]).to.equal(1);

      processor.register(sqsEvent('1').Records, sinon.fake(), { payload: bytes(), throwOnFullBatchFailure: false });
      await process(processor);
      expect(processor.errors[0])
        .to.be.an.instanceOf(TypeError)
        .with.property('message')
        .that.includes('reader of text');
    });

    it('cannot read a record of an unknown source', async () => {
      const handler = sinon.fake();
      const stranger = { Records: [{ eventSource: 'aws:sns' }] } as never;
      const processor = new Sourceless();
      await rejection(respond(stranger, handler, processor, { payload: text(), throwOnFullBatchFailure: false }));
      expect(processor.errors[0]).to.have.property('message', 'A record of an unknown source has no payload to read.');
      sinon.assert.notCalled(handler);
    });

    it('fails the record of a change where it returns no images', async () => {
      const { Records } = kit.dynamodbEvent([{ eventName: 'REMOVE', keys: { id: 1 } }]);
      const processor = new Processor(EventType.DynamoDBStreams, { payload: reader(() => 'removed') });
      await respond({ Records }, sinon.fake(), processor, { throwOnFullBatchFailure: false });
      expect(processor.errors[0]).to.have.property('message').that.includes('{ eventName, newImage?, oldImage? }');
    });

    it('has to fit the source, and to be a function', async () => {
      const name = Processor.name;
      expect(() => reading({ payload: images() })).to.throw(
        TypeError,
        `${name}: expected a reader of text, received a reader of change`,
      );
      expect(() => reading({ payload: order as never })).to.throw(
        TypeError,
        `${name}: expected payload to be a payload reader, made by json(), reader() or another`,
      );
      expect(() => new Fifo({ payload: bytes() })).to.throw(TypeError, 'expected a reader of text');
      const error = await rejection(respond(sqsEvent('a'), sinon.fake(), plain('SQS'), { payload: bytes() }));
      expect(error).to.be.an.instanceOf(TypeError).with.property('message').that.includes('expected a reader of text');
    });

    it('belongs to the decorator, where the processor is that of one', async () => {
      const processor = plain('SQS');
      class Orders {
        readonly handled: unknown[] = [];
        @BatchHandler({ source: 'SQS', processor, payload: json(order), logger: fakeLogger() })
        handle(read: { total: number }, _context: unknown, { record }: { record: SQSRecord }): void {
          this.handled.push([read, record]);
        }
      }
      const orders = new Orders();
      const event = sqsEvent('{"total":"7"}', 'no');
      expect(await lambdaHandler<'SQS'>(orders, 'handle')(event, lambdaContext())).to.deep.equal(reporting('no'));
      expect(orders.handled).to.deep.equal([[{ total: 7 }, event.Records[0]]]);
      expect(processor.errors[0]).to.be.an.instanceOf(ParsingError);

      const owner = reading({ payload: json() });
      expect(() => BatchHandler({ source: 'SQS', processor: owner })).to.throw(
        TypeError,
        'give the payload reader to the decorator',
      );
    });

    for (const [what, options] of Object.entries({
      'no object': 'json',
      null: null,
      'an unknown option': { payload: text(), schema: order },
    })) {
      it(`is refused as ${what}`, () => {
        expect(() => reading(options as never)).to.throw(TypeError, '{ payload: json(schema) }');
      });
    }

    it('may be left out', () => {
      for (const options of [undefined, {}, { payload: undefined }])
        expect(reading(options as never)).to.be.an.instanceOf(Processor);
    });
  });
}

describe('An async payload reader', () => {
  const event = () => sqsEvent('"a"', '"no"');
  const isYes = schemaOf(async (value) => (value === 'no' ? { issues: [{ message: 'no' }] } : { value }));
  const later = json(isYes);

  it('is awaited by an async processor', async () => {
    const handler = sinon.fake();
    const [async] = apis;
    expect(await async!.respond(event(), handler, new BatchProcessor(EventType.SQS, { payload: later }))).to.deep.equal(
      reporting('"no"'),
    );
    sinon.assert.calledOnceWithMatch(handler, { body: 'a' });
  });

  it('hands on a generator as little as a sync one does: nothing of it has run', async () => {
    const generate = function* () {
      yield 1;
    };
    const processor = new BatchProcessor(EventType.SQS, { payload: later });
    await rejection(apis[0]!.respond(event(), () => generate(), processor));
    expect(processor.errors[0]).to.have.property('message').that.includes('returned a generator');
  });

  it('fails its record in a sync processor, whose handler is not called, also later', async () => {
    const handler = sinon.fake();
    const processor = new BatchProcessorSync(EventType.SQS, { payload: later });
    const unhandled = await unhandledRejections(async () => {
      await apis[1]!.respond(event(), handler, processor, { throwOnFullBatchFailure: false });
    });
    expect(unhandled).to.deep.equal([]);
    sinon.assert.notCalled(handler);
    for (const error of processor.errors) {
      expect(error).to.be.an.instanceOf(BatchProcessingError).and.not.an.instanceOf(ParsingError);
      expect(error.message).to.include('The payload reader, or its schema, returned a promise to a sync processor');
    }
    expect(processor.errors).to.have.length(2);
  });

  it('fails its record in processSync() of any other class', async () => {
    const handler = sinon.fake();
    const processor = new Sourceless().register(event().Records, handler, {
      payload: later,
      throwOnFullBatchFailure: false,
    });
    const unhandled = await unhandledRejections(async () => {
      expect(statusesOf(processor.processSync())).to.deep.equal(['fail "a"', 'fail "no"']);
    });
    expect(unhandled).to.deep.equal([]);
    sinon.assert.notCalled(handler);
  });

  it('fails its record where the sync processor is that of a decorator, and the method is not called', async () => {
    const method = sinon.fake();
    const processor = new BatchProcessorSync(EventType.SQS);
    class Orders {
      @BatchHandler({ source: 'SQS', processor, payload: later, throwOnFullBatchFailure: false, logger: fakeLogger() })
      handle(read: unknown): void {
        method(read);
      }
    }
    const unhandled = await unhandledRejections(async () => {
      const answer = await lambdaHandler<'SQS'>(new Orders(), 'handle')(event(), lambdaContext());
      expect(answer).to.deep.equal(reporting('"a"', '"no"'));
    });
    expect(unhandled).to.deep.equal([]);
    sinon.assert.notCalled(method);
    expect(processor.errors[0])
      .to.have.property('message')
      .that.includes('The payload reader, or its schema, returned a promise to a sync processor');
  });

  it('reaches no record handler once the batch was answered', async () => {
    const clock = sinon.useFakeTimers();
    try {
      const gate = new Deferred<{ value: unknown }>();
      const handler = sinon.fake();
      const processor = new BatchProcessor(EventType.SQS, {
        payload: json(schemaOf((value) => (value === 'no' ? gate.promise : { value }))),
      });
      const failed = sinon.spy(processor, 'failureHandler');
      const end = Date.now() + 1_000;
      const answer = apis[0]!.respond(event(), handler, processor, {
        stopBeforeTimeout: 500,
        context: lambdaContext(() => end - Date.now()),
      });
      await clock.tickAsync(500);
      expect(await answer).to.deep.equal(reporting('"no"'));
      gate.resolve({ value: 'no' });
      await clock.tickAsync(1_000);

      sinon.assert.calledOnceWithMatch(handler, { body: 'a' });
      sinon.assert.calledOnceWithMatch(failed, sinon.match.object, { name: 'StoppedBeforeTimeoutError' });
    } finally {
      clock.restore();
    }
  });
});
