import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  BasePartialProcessor,
  type BaseRecord,
  BatchProcessingError,
  type BatchProcessingOptions,
  BatchProcessor,
  EventType,
  type FailureResponse,
  FullBatchFailureError,
  observe,
  processPartialResponse,
  processPartialResponseSync,
  type SuccessResponse,
  UnexpectedBatchTypeError,
} from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { dynamodbEvent, kinesisEvent, nameOf, reporting, sqsEvent, sqsRecord } from '../support/events';
import { apis, failing, hooked, namesOf, statusesOf } from '../support/processors';
import { rejection } from '../support/promises';

/** A processor from scratch: neither hooks nor handler run unless it says so. */
class Custom extends BasePartialProcessor {
  readonly calls: string[] = [];

  prepare(): void {
    this.calls.push('prepare');
  }

  clean(): void {
    this.calls.push('clean');
  }

  async processRecord(record: BaseRecord): Promise<SuccessResponse | FailureResponse> {
    await Promise.resolve();
    return this.processRecordSync(record);
  }

  processRecordSync(record: BaseRecord): SuccessResponse | FailureResponse {
    const received = record as SQSRecord;
    try {
      return this.successHandler(received, (this.handler as (record: SQSRecord) => unknown)(received));
    } catch (error) {
      return this.failureHandler(received, error as Error);
    }
  }
}

describe('BasePartialProcessor', () => {
  describe('as the base of a custom processor', () => {
    for (const { title, respond, process } of apis) {
      describe(`in ${title}`, () => {
        it('runs processRecord between prepare and clean, and answers itself', async () => {
          const processor = new Custom();
          expect(await respond(sqsEvent('a', 'b', 'c'), failing('b'), processor)).to.deep.equal(reporting('b'));
          expect(processor.calls).to.deep.equal(['prepare', 'clean']);
          expect(namesOf(processor.successMessages)).to.deep.equal(['a', 'c']);
        });

        it('throws FullBatchFailureError with the original errors', async () => {
          const thrown = [new RangeError('first'), new TypeError('second')];
          const handler = sinon.stub().onFirstCall().throws(thrown[0]).onSecondCall().throws(thrown[1]);
          const error = await rejection(respond(sqsEvent('a', 'b'), handler, new Custom()));
          expect(error).to.be.instanceOf(FullBatchFailureError);
          expect((error as FullBatchFailureError).recordErrors).to.deep.equal(thrown);
        });

        it('tells the source by the first record', async () => {
          const respondTo = async (event: { Records: BaseRecord[] }) =>
            (await respond(event, failing('b'), new Custom())).batchItemFailures.map((item) => item.itemIdentifier);
          expect(await respondTo(sqsEvent('a', 'b'))).to.deep.equal(['id-b']);
          const kinesis = kinesisEvent('a', 'b');
          expect(await respondTo(kinesis)).to.deep.equal([kinesis.Records[1]!.kinesis.sequenceNumber]);
          const dynamodb = dynamodbEvent('a', 'b');
          expect(await respondTo(dynamodb)).to.deep.equal([dynamodb.Records[1]!.dynamodb?.SequenceNumber]);
        });

        it('refuses records of two sources', async () => {
          const Records = [...sqsEvent('a').Records, ...kinesisEvent('b').Records];
          expect(await rejection(respond({ Records }, failing(), new Custom()))).to.be.instanceOf(
            UnexpectedBatchTypeError,
          );
        });

        it('runs records of an unknown source, but cannot report them', async () => {
          const processor = hooked(new Custom(), {
            processRecord: async (record: SQSRecord) => ['success', 1, record],
            processRecordSync: (record: SQSRecord) => ['success', 1, record],
          });
          const event = { Records: [{ custom: 1 }, { custom: 2 }] };
          expect(await respond(event, failing(), processor)).to.deep.equal(reporting());
          hooked(processor, { processRecord: failing('*'), processRecordSync: () => 'no tuple' });
          const error = await rejection(respond(event, failing(), processor, { throwOnFullBatchFailure: false }));
          expect(error).to.be.instanceOf(BatchProcessingError).with.property('message').that.includes('index 0, 1');
        });

        it('runs records of an unknown source in one lane', async () => {
          const processor = hooked(new Custom(), {
            processRecord: async () => ['fail', 'no', {}],
            processRecordSync: () => ['fail', 'no', {}],
          });
          processor.register([{ custom: 1 }, { custom: 2 }], failing(), {
            order: 'key',
            throwOnFullBatchFailure: false,
          });
          expect((await process(processor)).map(([, message]) => message)).to.deep.equal([
            'no',
            'Not run, because an earlier record failed and order must be kept.',
          ]);
        });
      });
    }

    it('answers an empty batch, whatever its source', async () => {
      const processor = new Custom();
      expect(await processPartialResponse({ Records: [] }, failing(), processor)).to.deep.equal(reporting());
      expect(processPartialResponseSync({ Records: [] }, failing(), processor)).to.deep.equal(reporting());
    });
  });

  describe('register()', () => {
    it('returns the processor, and keeps records, handler and options as they are', () => {
      const processor = new BatchProcessor(EventType.SQS);
      const records = [sqsRecord('a')];
      const handler = failing();
      const options = { throwOnFullBatchFailure: false };
      expect(processor.register(records, handler, options)).to.equal(processor);
      expect(processor.records).to.equal(records);
      expect(processor.handler).to.equal(handler);
      expect(processor.options).to.equal(options);
    });

    it('keeps no option of an earlier call (L2)', () => {
      const processor = new BatchProcessor(EventType.SQS);
      processor.register([], failing(), { processInParallel: false });
      expect(processor.register([], failing()).options).to.equal(undefined);
    });
  });

  describe('process() and processSync()', () => {
    it('refuse records that are no array', async () => {
      const records = 'abc' as unknown as BaseRecord[];
      const error = await rejection(new Custom().register(records, failing()).process());
      expect(error).to.be.instanceOf(UnexpectedBatchTypeError).with.property('message').that.includes('string');
      expect(() => new Custom().register(records, failing()).processSync()).to.throw(UnexpectedBatchTypeError);
    });

    it('may run what is registered twice, with the outcome of the second time', async () => {
      const failed = ['a'];
      const processor = new BatchProcessor(EventType.SQS).register(sqsEvent('a', 'b').Records, (record: SQSRecord) =>
        failing(...failed)(record),
      );
      await processor.process();
      expect(processor.response()).to.deep.equal(reporting('a'));
      failed.splice(0, 1, 'b');
      expect(statusesOf(await processor.process())).to.deep.equal(['success a', 'fail b']);
      expect(processor.response()).to.deep.equal(reporting('b'));
      expect(processor.errors.map(({ message }) => message)).to.deep.equal(['b failed']);
    });

    it('refuse to run what is running', async () => {
      const processor = new BatchProcessor(EventType.SQS).register(sqsEvent('a').Records, failing());
      const first = processor.process();
      expect(await rejection(processor.process()))
        .to.be.instanceOf(BatchProcessingError)
        .with.property('message')
        .that.includes('already running');
      expect(statusesOf(await first)).to.deep.equal(['success a']);
    });

    it('refuse to run where nothing was ever registered', async () => {
      // An answer would have Lambda delete messages that nobody has looked at.
      expect(await rejection(new Custom().process())).to.be.instanceOf(BatchProcessingError);
      expect(() => new Custom().processSync()).to.throw(BatchProcessingError);
    });
  });

  describe('response()', () => {
    it('throws before anything is registered, and before it is processed', async () => {
      const processor = new BatchProcessor(EventType.SQS);
      expect(() => processor.response()).to.throw(BatchProcessingError, 'nothing to report yet');
      processor.register(sqsEvent('a').Records, failing());
      expect(() => processor.response()).to.throw(BatchProcessingError, 'nothing to report yet');
      const running = processor.process();
      expect(() => processor.response()).to.throw(BatchProcessingError, 'nothing to report yet');
      await running;
      expect(processor.response()).to.deep.equal(reporting());
    });

    it('throws where process() threw before every record had its outcome', async () => {
      const processor = hooked(new BatchProcessor(EventType.SQS), {
        prepare: () => {
          throw new Error('no connection');
        },
      });
      processor.register(sqsEvent('a').Records, failing());
      await rejection(processor.process());
      expect(() => processor.response()).to.throw(BatchProcessingError);
    });

    it('lists every failure after a FullBatchFailureError was caught (B27) (3c 6)', async () => {
      const processor = new BatchProcessor(EventType.SQS).register(sqsEvent('a', 'b').Records, failing('a', 'b'));
      expect(await rejection(processor.process())).to.be.instanceOf(FullBatchFailureError);
      expect(processor.response()).to.deep.equal(reporting('a', 'b'));
    });

    it('gives a fresh object each time (L1) (3c 3)', async () => {
      const processor = new BatchProcessor(EventType.SQS).register(sqsEvent('a', 'b').Records, failing());
      await processor.process();
      const first = processor.response();
      first.batchItemFailures.push({ itemIdentifier: 'phantom' });
      expect(processor.response()).to.deep.equal(reporting());
      Object.freeze(processor.response().batchItemFailures);
      const other = new BatchProcessor(EventType.SQS);
      expect(await processPartialResponse(sqsEvent('c'), failing(), other)).to.deep.equal(reporting());
    });
  });

  describe('its lists', () => {
    it('are those of the current invocation, and subclasses may write them', async () => {
      class Writing extends BatchProcessor {
        override prepare(): void {
          this.errors = [new Error('mine')];
          this.failureMessages = [sqsRecord('x')];
          this.successMessages = [sqsRecord('y')];
          this.options = { throwOnFullBatchFailure: false };
          this.handler = failing('a', 'b');
        }
      }
      const processor = new Writing(EventType.SQS);
      processor.register(sqsEvent('a', 'b').Records, failing());
      expect(statusesOf(await processor.process())).to.deep.equal(['fail a', 'fail b']);
      expect(processor.errors.map(({ message }) => message)).to.deep.equal(['a failed', 'b failed']);
      expect(namesOf(processor.failureMessages)).to.deep.equal(['a', 'b']);
      expect(processor.successMessages).to.deep.equal([]);
    });

    for (const hook of ['prepare', 'clean'] as const) {
      it(`go without an error where ${hook}() has changed the options, in place or for others`, async () => {
        for (const change of ['in place', 'with others'] as const) {
          class Lenient extends BatchProcessor {
            override prepare(): void {
              if (hook === 'prepare') this.#change();
            }
            override clean(): void {
              if (hook === 'clean') this.#change();
            }
            #change(): void {
              if (change === 'in place') this.options!.throwOnFullBatchFailure = false;
              else this.options = { throwOnFullBatchFailure: false };
            }
          }
          const processor = new Lenient(EventType.SQS).register(sqsEvent('a').Records, failing('a'), {});
          expect(statusesOf(await processor.process())).to.deep.equal(['fail a']);
          expect(processor.response()).to.deep.equal(reporting('a'));
        }
      });
    }

    it('are checked where prepare() puts others in their place, as those that are registered', async () => {
      for (const { of, process } of apis) {
        for (const [options, message] of [
          [{ nonRetryable: { deliverTo: 'discard' } }, 'made by deadLetter()'],
          [{ observers: [{}] }, 'what observe() makes'],
          [{ concurrency: 0 }, 'concurrency'],
        ] as const) {
          const processor = hooked(of('SQS'), {
            prepare(this: { options: unknown }) {
              this.options = options;
            },
          });
          const handler = sinon.spy();
          const error = await rejection((async () => process(processor.register(sqsEvent('a').Records, handler)))());
          expect(error).to.be.an.instanceOf(TypeError).with.property('message').that.includes(message);
          sinon.assert.notCalled(handler);
        }
      }
    });

    it('stay without what a sync processor cannot wait for, also where prepare() puts others in their place', async () => {
      for (const { isAsync, of, process } of apis) {
        const processor = hooked(of('SQS'), {
          prepare(this: { options: unknown }) {
            this.options = { nonRetryable: deadLetter({ deliverTo: 'discard' }) };
          },
        });
        const processed = (async () => process(processor.register(sqsEvent('a').Records, failing())))();
        if (isAsync) expect(statusesOf(await processed)).to.deep.equal(['success a']);
        else
          expect(await rejection(processed))
            .to.be.an.instanceOf(TypeError)
            .and.match(/nonRetryable: a sync processor/);
      }
    });

    it('are those of which prepare() takes dead letters and observers, where it puts others in their place', async () => {
      const delivered = sinon.fake();
      const seen = sinon.fake();
      class Equipped extends BatchProcessor {
        override prepare(): void {
          this.options = {
            nonRetryable: deadLetter({ errors: [Error], deliverTo: delivered }),
            observers: [observe({ onBatchEnd: seen })],
          };
        }
      }
      const { Records } = sqsEvent('a', 'b');
      const processor = new Equipped(EventType.SQS).register(Records, failing('a'));
      await processor.process();
      expect(processor.response()).to.deep.equal(reporting());
      sinon.assert.calledOnceWithMatch(delivered, Records[0]!, { message: 'a failed' });
      sinon.assert.calledOnceWithMatch(seen, { succeeded: 1, delivered: 1 });
    });

    it('are in record order, also where records end in another (3c 28)', async () => {
      const processor = new BatchProcessor(EventType.SQS);
      const ends: Record<string, () => void> = {};
      const handler = async (record: SQSRecord): Promise<string> => {
        await new Promise<void>((resolve) => (ends[record.body] = resolve));
        return failing('a', 'c')(record);
      };
      processor.register(sqsEvent('a', 'b', 'c', 'd').Records, handler);
      const running = processor.process();
      await new Promise((resolve) => setImmediate(resolve));
      for (const name of ['d', 'c', 'b', 'a']) ends[name]!();
      expect(statusesOf(await running)).to.deep.equal(['fail a', 'success b', 'fail c', 'success d']);
      expect(processor.errors.map(({ message }) => message)).to.deep.equal(['a failed', 'c failed']);
      expect(processor.failureMessages.map(nameOf)).to.deep.equal(['a', 'c']);
      expect(processor.successMessages.map(nameOf)).to.deep.equal(['b', 'd']);
    });

    it('follow the records that prepare() put in place of those registered', async () => {
      class Filtering extends BatchProcessor {
        override prepare(): void {
          this.records = this.records.filter((record) => nameOf(record as SQSRecord) !== 'b');
        }
      }
      const processor = new Filtering(EventType.SQS);
      const answer = await processPartialResponse(sqsEvent('a', 'b', 'c'), failing('b', 'c'), processor);
      expect(answer).to.deep.equal(reporting('c'));
      expect(processor.successMessages.map(nameOf)).to.deep.equal(['a']);
    });
  });

  describe('its options', () => {
    const refused: [title: string, options: Record<string, unknown>, message: string][] = [
      ['concurrency 0', { concurrency: 0 }, 'concurrency'],
      ['concurrency -1', { concurrency: -1 }, 'concurrency'],
      ['concurrency NaN', { concurrency: NaN }, 'concurrency'],
      ['concurrency 1.5', { concurrency: 1.5 }, 'concurrency'],
      ["concurrency '2'", { concurrency: '2' }, 'concurrency'],
      ["order 'record'", { order: 'record' }, 'order'],
      ["order 'key' for SQS", { order: 'key' }, 'order is for streams'],
      ['stopBeforeTimeout 0', { stopBeforeTimeout: 0 }, 'stopBeforeTimeout'],
      ['stopBeforeTimeout without a context', { stopBeforeTimeout: 100 }, 'context'],
      ['a logger without warn', { logger: { debug: console.debug, error: console.error } }, 'logger'],
      ['concurrency and processInParallel at odds', { concurrency: 2, processInParallel: false }, 'contradict'],
    ];
    for (const { title: api, standard, respond } of apis) {
      for (const [title, options, message] of refused) {
        it(`refuse ${title} in ${api} before any record runs (3c 19)`, async () => {
          const handler = sinon.spy();
          const error = await rejection(respond(sqsEvent('a'), handler, standard(), options));
          expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes(message);
          sinon.assert.notCalled(handler);
        });
      }

      it(`are ignored in ${api} where they are unknown, or undefined (B23)`, async () => {
        const options = {
          batchSize: 'large',
          fifo: true,
          skipGroupOnError: true,
          concurrency: undefined,
          order: undefined,
          logger: undefined,
          stopBeforeTimeout: undefined,
        } as unknown as BatchProcessingOptions;
        expect(await respond(sqsEvent('a', 'b'), failing('a'), standard(), options)).to.deep.equal(reporting('a'));
        expect(await respond(sqsEvent('a', 'b'), failing('a'), standard(), {})).to.deep.equal(reporting('a'));
      });
    }
  });
});
