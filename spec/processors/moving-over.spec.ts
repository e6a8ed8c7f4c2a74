// What a team that comes from @aws-lambda-powertools/batch has in its own specs. Only the import of '../../lib' would be
// another one there: every case passes with both libraries.
import type { Context, DynamoDBRecord, KinesisStreamRecord, SQSEvent, SQSHandler, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  BasePartialBatchProcessor,
  BatchProcessingError,
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  FullBatchFailureError,
  processPartialResponse,
  processPartialResponseSync,
  SqsFifoMessageGroupShortCircuitError,
  SqsFifoPartialProcessor,
  SqsFifoPartialProcessorAsync,
  SqsFifoShortCircuitError,
  UnexpectedBatchTypeError,
} from '../../lib';
import type {
  BaseRecord,
  BatchProcessingOptions,
  EventSourceDataClassTypes,
  FailureResponse,
  PartialItemFailureResponse,
  SuccessResponse,
} from '../../lib/types';
import {
  dynamodbEvent,
  dynamodbRecord,
  fifoEvent,
  kinesisEvent,
  kinesisRecord,
  lambdaContext,
  nameOf,
  reporting,
  sqsEvent,
  sqsRecord,
} from '../support/events';
import { rejection } from '../support/promises';

const failOn =
  (...names: string[]) =>
  async (record: SQSRecord | KinesisStreamRecord | DynamoDBRecord): Promise<string> => {
    const name = nameOf(record);
    if (names.includes(name)) throw new Error(`${name} failed`);
    return name.toUpperCase();
  };

const failOnSync =
  (...names: string[]) =>
  (record: SQSRecord): string => {
    if (names.includes(record.body)) throw new Error(`${record.body} failed`);
    return record.body.toUpperCase();
  };

describe('specs of a team that moves over', () => {
  it('with a logger that the processor is made with', async () => {
    const logger = { debug: () => undefined, warn: sinon.spy(), error: sinon.spy() };
    const processors = [new BatchProcessor(EventType.SQS, { logger }), new SqsFifoPartialProcessorAsync({ logger })];
    for (const processor of processors) {
      const answer = await processPartialResponse(sqsEvent('a', 'b'), failOn('b'), processor);
      expect(answer).to.deep.equal(reporting('b'));
    }
  });

  describe('with one processor for the whole module', () => {
    const processor = new BatchProcessor(EventType.SQS);
    const save = sinon.stub<[string], Promise<void>>();
    const recordHandler = async (record: SQSRecord): Promise<void> => {
      await save(record.body);
    };
    const handler: SQSHandler = async (event, context) =>
      processPartialResponse(event, recordHandler, processor, { context });
    const invoke = (event: SQSEvent): Promise<unknown> =>
      Promise.resolve(handler(event, lambdaContext(), () => undefined));

    beforeEach(() => {
      save.reset();
      save.resolves();
    });

    it('answer an empty list when all messages succeed', async () => {
      expect(await invoke(sqsEvent('a', 'b'))).to.deep.equal({ batchItemFailures: [] });
      expect(processor.errors).to.deep.equal([]);
      sinon.assert.calledTwice(save);
    });

    it('answer with the messages that failed', async () => {
      save.withArgs('b').rejects(new Error('throttled'));
      expect(await invoke(sqsEvent('a', 'b', 'c'))).to.deep.equal(reporting('b'));
      expect(processor.errors).to.have.length(1);
      expect(processor.errors[0]).to.be.an('error').with.property('message', 'throttled');
      expect(processor.failureMessages.map(nameOf)).to.deep.equal(['b']);
      expect(processor.successMessages.map(nameOf)).to.deep.equal(['a', 'c']);
    });

    it('reject with FullBatchFailureError when all messages fail', async () => {
      const [first, second] = [new Error('first'), new RangeError('second')];
      save.onFirstCall().rejects(first).onSecondCall().rejects(second);
      const error = await rejection(invoke(sqsEvent('a', 'b')));
      expect(error).to.be.instanceOf(FullBatchFailureError).and.instanceOf(BatchProcessingError).and.instanceOf(Error);
      expect(error).to.have.property('name', 'FullBatchFailureError');
      expect((error as FullBatchFailureError).recordErrors).to.deep.equal([first, second]);
      expect(processor.errors).to.deep.equal([first, second]);
    });

    it('start the next invocation afresh', async () => {
      save.rejects(new Error('down'));
      await rejection(invoke(sqsEvent('a')));
      save.resolves();
      expect(await invoke(sqsEvent('b', 'c'))).to.deep.equal({ batchItemFailures: [] });
      expect(processor.errors).to.deep.equal([]);
      expect(processor.failureMessages).to.deep.equal([]);
      expect(processor.successMessages.map(nameOf)).to.deep.equal(['b', 'c']);
    });

    it('answer an empty list for an empty batch', async () => {
      expect(await invoke({ Records: [] })).to.deep.equal({ batchItemFailures: [] });
      sinon.assert.notCalled(save);
    });

    it('reject an event that is no batch', async () => {
      expect(await rejection(invoke({} as SQSEvent))).to.be.instanceOf(UnexpectedBatchTypeError);
      expect(await rejection(invoke({ Records: 'none' } as unknown as SQSEvent)))
        .to.be.instanceOf(UnexpectedBatchTypeError)
        .with.property('name', 'UnexpectedBatchTypeError');
    });
  });

  describe('for the other sources', () => {
    it('answer with the sequence numbers of Kinesis records', async () => {
      const processor = new BatchProcessor(EventType.KinesisDataStreams);
      const answer = await processPartialResponse(kinesisEvent('a', 'b', 'c'), failOn('b'), processor);
      expect(answer).to.deep.equal({
        batchItemFailures: [{ itemIdentifier: kinesisRecord('b', 1).kinesis.sequenceNumber }],
      });
    });

    it('answer with the sequence numbers of DynamoDB records', async () => {
      const processor = new BatchProcessor(EventType.DynamoDBStreams);
      const answer = await processPartialResponse(dynamodbEvent('a', 'b', 'c'), failOn('a', 'c'), processor);
      expect(answer.batchItemFailures).to.deep.equal([
        { itemIdentifier: dynamodbRecord('a', 0).dynamodb?.SequenceNumber },
        { itemIdentifier: dynamodbRecord('c', 2).dynamodb?.SequenceNumber },
      ]);
    });

    it('know the event types by these values', () => {
      expect({ ...EventType }).to.deep.equal({
        SQS: 'SQS',
        KinesisDataStreams: 'KinesisDataStreams',
        DynamoDBStreams: 'DynamoDBStreams',
      });
    });
  });

  describe('that read what was processed', () => {
    it('get one tuple a message from process(), and the answer from response()', async () => {
      const processor = new BatchProcessor(EventType.SQS);
      const [a, b] = [sqsRecord('a'), sqsRecord('b')];
      expect(processor.register([a, b], failOn('b'), { context: lambdaContext() })).to.equal(processor);
      expect(await processor.process()).to.deep.equal([
        ['success', 'A', a],
        ['fail', 'b failed', b],
      ]);
      expect(processor.response()).to.deep.equal(reporting('b'));
    });

    it('get the same from processSync()', () => {
      const processor = new BatchProcessorSync(EventType.SQS);
      const [a, b] = [sqsRecord('a'), sqsRecord('b')];
      processor.register([a, b], failOnSync('a'));
      const [first, second] = processor.processSync();
      expect(first).to.deep.equal(['fail', 'a failed', a]);
      expect(second).to.deep.equal(['success', 'B', b]);
      expect(second?.[2]).to.equal(b);
      expect(processor.response()).to.deep.equal(reporting('a'));
    });

    it('find what they registered on the processor', () => {
      const processor = new BatchProcessor(EventType.SQS);
      const records = [sqsRecord('a')];
      const recordHandler = failOn();
      const options: BatchProcessingOptions = { throwOnFullBatchFailure: false };
      processor.register(records, recordHandler, options);
      expect(processor.records).to.equal(records);
      expect(processor.handler).to.equal(recordHandler);
      expect(processor.options).to.equal(options);
      expect(processor.eventType).to.equal('SQS');
    });

    it('call processRecord() themselves', async () => {
      const processor = new BatchProcessor(EventType.SQS);
      const a = sqsRecord('a');
      processor.register([a], failOn('a'));
      expect(await processor.processRecord(a)).to.deep.equal(['fail', 'a failed', a]);
      expect(processor.errors.map(({ message }) => message)).to.deep.equal(['a failed']);
      expect(processor.failureMessages).to.deep.equal([a]);
    });

    it('call the hooks themselves', () => {
      const processor = new BatchProcessor(EventType.SQS);
      const [a, b] = [sqsRecord('a'), sqsRecord('b')];
      processor.register([a, b], failOn());
      expect(processor.successHandler(a, 42)).to.deep.equal(['success', 42, a]);
      expect(processor.failureHandler(b, new Error('bad'))).to.deep.equal(['fail', 'bad', b]);
      expect(processor.successMessages).to.deep.equal([a]);
      expect(processor.failureMessages).to.deep.equal([b]);
    });
  });

  describe('that use the options', () => {
    it('hand the Lambda context to the record handler', async () => {
      const context = lambdaContext(() => 1234);
      const recordHandler = sinon.stub<[SQSRecord, Context], Promise<number>>();
      recordHandler.callsFake(async (_record, { getRemainingTimeInMillis }) => getRemainingTimeInMillis());
      const processor = new BatchProcessor(EventType.SQS);
      const event = sqsEvent('a');
      await processPartialResponse(event, recordHandler, processor, { context });
      sinon.assert.calledOnceWithExactly(recordHandler, event.Records[0]!, context);
      expect(await recordHandler.firstCall.returnValue).to.equal(1234);
    });

    it('hand the Lambda context to the record handler of the sync API', () => {
      const context = lambdaContext();
      const recordHandler = sinon.spy();
      const event = sqsEvent('a');
      processPartialResponseSync(event, recordHandler, new BatchProcessorSync(EventType.SQS), { context });
      sinon.assert.calledOnceWithExactly(recordHandler, event.Records[0], context);
    });

    it('do not throw when all messages fail, if they say so', async () => {
      const processor = new BatchProcessor(EventType.SQS);
      const options = { throwOnFullBatchFailure: false };
      const answer = await processPartialResponse(sqsEvent('a', 'b'), failOn('a', 'b'), processor, options);
      expect(answer).to.deep.equal(reporting('a', 'b'));
    });

    for (const processInParallel of [true, false]) {
      it(`run ${processInParallel ? 'side by side' : 'one after another'} with processInParallel: ${processInParallel ? 'true' : 'false'}`, async () => {
        const events: string[] = [];
        const recordHandler = async ({ body }: SQSRecord): Promise<void> => {
          events.push(`${body} begins`);
          await Promise.resolve();
          events.push(`${body} ends`);
        };
        const processor = new BatchProcessor(EventType.SQS);
        await processPartialResponse(sqsEvent('a', 'b'), recordHandler, processor, { processInParallel });
        expect(events).to.deep.equal(
          processInParallel
            ? ['a begins', 'b begins', 'a ends', 'b ends']
            : ['a begins', 'a ends', 'b begins', 'b ends'],
        );
      });
    }

    it('ignore options that are not known', async () => {
      const options = { batchSize: 3, skipGroupOnError: true } as BatchProcessingOptions<BatchProcessor>;
      const processor = new BatchProcessor(EventType.SQS);
      expect(await processPartialResponse(sqsEvent('a', 'b'), failOn('a'), processor, options)).to.deep.equal(
        reporting('a'),
      );
    });
  });

  describe('for FIFO queues', () => {
    it('stop at the first failure', () => {
      const processor = new SqsFifoPartialProcessor();
      const recordHandler = sinon.spy(failOnSync('a2'));
      const answer = processPartialResponseSync(fifoEvent('a1', 'a2', 'b1'), recordHandler, processor);
      expect(answer).to.deep.equal(reporting('a2', 'b1'));
      sinon.assert.calledTwice(recordHandler);
      expect(processor.errors).to.have.length(2);
      expect(processor.errors[1]).to.be.instanceOf(SqsFifoShortCircuitError);
      expect(processor.failureMessages.map(nameOf)).to.deep.equal(['a2', 'b1']);
    });

    it('stop only the message group with skipGroupOnError', async () => {
      const processor = new SqsFifoPartialProcessorAsync();
      const recordHandler = sinon.spy(failOn('a1'));
      const event = fifoEvent('a1', 'b1', 'a2', 'b2');
      const answer = await processPartialResponse(event, recordHandler, processor, { skipGroupOnError: true });
      expect(answer).to.deep.equal(reporting('a1', 'a2'));
      expect(recordHandler.args.map(([record]) => nameOf(record))).to.deep.equal(['a1', 'b1', 'b2']);
      expect(processor.errors[1]).to.be.instanceOf(SqsFifoMessageGroupShortCircuitError);
    });

    it('throw FullBatchFailureError when the first message fails', async () => {
      const processor = new SqsFifoPartialProcessorAsync();
      const error = await rejection(processPartialResponse(fifoEvent('a1', 'a2'), failOn('a1'), processor));
      expect(error).to.be.instanceOf(FullBatchFailureError);
      expect((error as FullBatchFailureError).recordErrors).to.have.length(2);
    });
  });

  describe('that mix up the APIs', () => {
    it('get a BatchProcessingError from processPartialResponseSync with an async processor', () => {
      const act = (): unknown =>
        processPartialResponseSync(sqsEvent('a'), failOnSync(), new BatchProcessor(EventType.SQS));
      expect(act).to.throw(BatchProcessingError);
    });

    it('get a BatchProcessingError from processPartialResponse with a sync processor', async () => {
      const answer = processPartialResponse(sqsEvent('a'), failOn(), new BatchProcessorSync(EventType.SQS));
      expect(await rejection(answer)).to.be.instanceOf(BatchProcessingError);
    });
  });

  describe('that extend a processor', () => {
    class MetricsProcessor extends BatchProcessor {
      readonly addMetric = sinon.spy();

      override failureHandler(record: EventSourceDataClassTypes, error: Error): FailureResponse {
        this.addMetric('BatchRecordFailures', (record as SQSRecord).messageId);
        return super.failureHandler(record, error);
      }
    }

    it('count a metric a failure', async () => {
      const processor = new MetricsProcessor(EventType.SQS);
      const answer = await processPartialResponse(sqsEvent('a', 'b', 'c'), failOn('a', 'c'), processor);
      expect(answer).to.deep.equal(reporting('a', 'c'));
      expect(processor.addMetric.args).to.deep.equal([
        ['BatchRecordFailures', 'id-a'],
        ['BatchRecordFailures', 'id-c'],
      ]);
    });

    it('wrap the error of a record', async () => {
      class WrappedError extends Error {}
      class Wrapping extends BatchProcessor {
        override failureHandler(record: EventSourceDataClassTypes, error: Error): FailureResponse {
          return super.failureHandler(record, new WrappedError(`wrapped: ${error.message}`));
        }
      }
      const processor = new Wrapping(EventType.SQS);
      processor.register(sqsEvent('a', 'b').Records, failOn('a'));
      const [first] = await processor.process();
      expect(first?.[1]).to.equal('wrapped: a failed');
      expect(processor.errors[0]).to.be.instanceOf(WrappedError);
    });

    it('fail a record whose result they do not like', async () => {
      class Strict extends BatchProcessor {
        override successHandler(record: EventSourceDataClassTypes, result: unknown): SuccessResponse {
          if (result === 'B') throw new Error('B is not welcome');
          return super.successHandler(record, result);
        }
      }
      const processor = new Strict(EventType.SQS);
      expect(await processPartialResponse(sqsEvent('a', 'b'), failOn(), processor)).to.deep.equal(reporting('b'));
      expect(processor.successMessages.map(nameOf)).to.deep.equal(['a']);
    });

    it('wrap processRecord()', async () => {
      const spans: string[] = [];
      class Traced extends BatchProcessor {
        override async processRecord(record: BaseRecord): Promise<SuccessResponse | FailureResponse> {
          spans.push(`open ${(record as SQSRecord).body}`);
          const response = await super.processRecord(record);
          spans.push(response[0]);
          return response;
        }
      }
      const options = { processInParallel: false };
      const processor = new Traced(EventType.SQS);
      await processPartialResponse(sqsEvent('a', 'b'), failOn('b'), processor, options);
      expect(spans).to.deep.equal(['open a', 'success', 'open b', 'fail']);
    });

    it('call super in prepare() and clean()', async () => {
      const calls: string[] = [];
      class Hooked extends BatchProcessor {
        override prepare(): void {
          super.prepare();
          calls.push(`prepare ${String(this.records.length)}`);
        }

        override clean(): void {
          super.clean();
          calls.push(`clean ${String(this.successMessages.length)} ${String(this.failureMessages.length)}`);
        }
      }
      const processor = new Hooked(EventType.SQS);
      await processPartialResponse(sqsEvent('a', 'b', 'c'), failOn('b'), processor);
      expect(calls).to.deep.equal(['prepare 3', 'clean 2 1']);
    });

    it('override register() to leave records out', async () => {
      class Filtering extends BatchProcessor {
        override register(records: BaseRecord[], handler: CallableFunction, options?: BatchProcessingOptions): this {
          return super.register(
            records.filter((record) => (record as SQSRecord).body !== 'b'),
            handler,
            options,
          );
        }
      }
      const processor = new Filtering(EventType.SQS);
      expect(await processPartialResponse(sqsEvent('a', 'b', 'c'), failOn('b', 'c'), processor)).to.deep.equal(
        reporting('c'),
      );
    });

    it('override response()', async () => {
      class Verbose extends BatchProcessor {
        override response(): PartialItemFailureResponse & { failed: number } {
          const response = super.response();
          return { ...response, failed: response.batchItemFailures.length };
        }
      }
      const answer = await processPartialResponse(sqsEvent('a', 'b'), failOn('a'), new Verbose(EventType.SQS));
      expect(answer).to.deep.equal({ ...reporting('a'), failed: 1 });
    });

    it('fail records in clean(), after a write of many at once', async () => {
      class Flushing extends BatchProcessor {
        override clean(): void {
          const refused = this.successMessages.find((record) => nameOf(record) === 'b')!;
          this.failureHandler(refused, new Error('b was not written'));
          super.clean();
        }
      }
      const answer = await processPartialResponse(sqsEvent('a', 'b'), failOn(), new Flushing(EventType.SQS));
      expect(answer).to.deep.equal(reporting('b'));
    });

    it('fail records in prepare(), and keep them from running', async () => {
      class Validating extends BatchProcessor {
        override prepare(): void {
          super.prepare();
          const [invalid, ...valid] = this.records;
          this.failureHandler(invalid as SQSRecord, new Error('invalid'));
          this.records = valid;
        }
      }
      const recordHandler = sinon.spy(failOn());
      const processor = new Validating(EventType.SQS);
      expect(await processPartialResponse(sqsEvent('a', 'b', 'c'), recordHandler, processor)).to.deep.equal(
        reporting('a'),
      );
      expect(recordHandler.args.map(([record]) => nameOf(record))).to.deep.equal(['b', 'c']);
    });

    it('override process() with a loop of their own', async () => {
      class InPairs extends BatchProcessor {
        override async process(): Promise<(SuccessResponse | FailureResponse)[]> {
          this.prepare();
          const results: (SuccessResponse | FailureResponse)[] = [];
          for (let index = 0; index < this.records.length; index += 2) {
            const pair = this.records.slice(index, index + 2);
            results.push(...(await Promise.all(pair.map((record) => this.processRecord(record)))));
          }
          this.clean();
          return results;
        }
      }
      const processor = new InPairs(EventType.SQS);
      expect(await processPartialResponse(sqsEvent('a', 'b', 'c'), failOn('b'), processor)).to.deep.equal(
        reporting('b'),
      );
    });
  });

  describe('that bring a processor of their own', () => {
    class TableProcessor extends BasePartialBatchProcessor {
      readonly written: string[] = [];
      #open = false;

      override prepare(): void {
        this.#open = true;
        super.prepare();
      }

      override clean(): void {
        this.written.push(...this.successMessages.map((record) => (record as SQSRecord).body));
        this.#open = false;
        super.clean();
      }

      async processRecord(_record: BaseRecord): Promise<SuccessResponse | FailureResponse> {
        throw new BatchProcessingError('Use processSync().');
      }

      processRecordSync(record: BaseRecord): SuccessResponse | FailureResponse {
        if (!this.#open) throw new Error('prepare() was not called.');
        try {
          const result = (this.handler as (record: BaseRecord) => unknown)(record);
          return this.successHandler(record, result);
        } catch (error) {
          return this.failureHandler(record, error as Error);
        }
      }
    }

    it('run it with processPartialResponseSync', () => {
      const processor = new TableProcessor(EventType.SQS);
      const answer = processPartialResponseSync(sqsEvent('a', 'b', 'c'), failOnSync('b'), processor);
      expect(answer).to.deep.equal(reporting('b'));
      expect(processor.written).to.deep.equal(['a', 'c']);
    });

    it('reject where it only has the other half', async () => {
      const processor = new TableProcessor(EventType.SQS);
      expect(await rejection(processPartialResponse(sqsEvent('a'), failOn(), processor))).to.be.instanceOf(
        BatchProcessingError,
      );
    });
  });

  describe('that put fakes in its place', () => {
    it('stub the instance', async () => {
      const processor = sinon.createStubInstance(BatchProcessor);
      processor.response.returns(reporting('x'));
      const recordHandler = failOn();
      const event = sqsEvent('a');
      expect(await processPartialResponse(event, recordHandler, processor)).to.deep.equal(reporting('x'));
      sinon.assert.calledOnce(processor.process);
      expect(processor.register.firstCall.args.slice(0, 2)).to.deep.equal([event.Records, recordHandler]);
    });

    it('spy on hooks', async () => {
      const processor = new BatchProcessor(EventType.SQS);
      const failureHandler = sinon.spy(processor, 'failureHandler');
      const successHandler = sinon.spy(processor, 'successHandler');
      const event = sqsEvent('a', 'b');
      await processPartialResponse(event, failOn('b'), processor);
      sinon.assert.calledOnceWithExactly(successHandler, event.Records[0]!, 'A');
      sinon.assert.calledOnce(failureHandler);
      expect(failureHandler.firstCall.args[0]).to.equal(event.Records[1]);
      expect(failureHandler.firstCall.args[1].message).to.equal('b failed');
    });

    it('stub processRecord()', async () => {
      const processor = new BatchProcessor(EventType.SQS);
      const event = sqsEvent('a');
      sinon.stub(processor, 'processRecord').callsFake(async (record) => ['success', 'faked', record]);
      processor.register(event.Records, failOn('a'));
      expect(await processor.process()).to.deep.equal([['success', 'faked', event.Records[0]]]);
      expect(processor.response()).to.deep.equal({ batchItemFailures: [] });
    });
  });

  describe('that make the errors themselves', () => {
    it('construct each as before', () => {
      const first = new Error('first');
      expect(new FullBatchFailureError([first]).recordErrors).to.deep.equal([first]);
      expect(new BatchProcessingError('why').message).to.equal('why');
      const errors = [
        new BatchProcessingError('why'),
        new FullBatchFailureError([first]),
        new SqsFifoShortCircuitError(),
        new SqsFifoMessageGroupShortCircuitError(),
        new UnexpectedBatchTypeError(),
      ];
      expect(errors.map(({ name }) => name)).to.deep.equal([
        'BatchProcessingError',
        'FullBatchFailureError',
        'SqsFifoShortCircuitError',
        'SqsFifoMessageGroupShortCircuitError',
        'UnexpectedBatchTypeError',
      ]);
      for (const error of errors) expect(error).to.be.instanceOf(BatchProcessingError);
    });
  });
});
