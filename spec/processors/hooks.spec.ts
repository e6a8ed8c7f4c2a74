import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  BatchProcessingError,
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  type FullBatchFailureError,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '../../lib';
import { fifoEvent, nameOf, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { apis, failing, hooked, namesOf, statusesOf, unhandledRejections } from '../support/processors';
import { Deferred, rejection, settled } from '../support/promises';

const { successHandler: superSuccess, failureHandler: superFailure } = BatchProcessor.prototype;

for (const { title, isAsync, standard, respond, process } of apis) {
  describe(`successHandler in ${title}`, () => {
    const returning = (
      hook: (this: BatchProcessor | BatchProcessorSync, record: SQSRecord, result: unknown) => unknown,
    ) => hooked(standard(), { successHandler: hook }).register(sqsEvent('a', 'b').Records, failing('b'));

    it('is called with each record that succeeded, and its result', async () => {
      const hook = sinon.spy();
      await process(returning(hook));
      expect(hook.args.map(([record, result]) => [nameOf(record as SQSRecord), result as unknown])).to.deep.equal([
        ['a', 'a done'],
      ]);
    });

    it('needs neither super nor a return value', async () => {
      const processor = returning(() => undefined);
      const results = await process(processor);
      expect(results[0]?.slice(0, 2)).to.deep.equal(['success', 'a done']);
      expect(namesOf(processor.successMessages)).to.deep.equal(['a']);
      expect(processor.response()).to.deep.equal(reporting('b'));
    });

    it('may change the result', async () => {
      const processor = returning((record) => ['success', 'changed', record]);
      expect((await process(processor))[0]?.[1]).to.equal('changed');
    });

    it('makes a record fail by a fail tuple, also after super', async () => {
      const processor = returning(function (record, result) {
        superSuccess.call(this, record, result);
        return ['fail', 'not good enough', record];
      });
      await rejection(process(processor));
      expect(processor.response()).to.deep.equal(reporting('a', 'b'));
      expect(namesOf(processor.successMessages)).to.deep.equal([]);
      expect(processor.errors[0]?.message).to.equal('not good enough');
    });

    it('makes a record fail by a throw, and puts it in one list only, also after super (L29) (L10) (3c 16)', async () => {
      const processor = hooked(standard(), {
        successHandler(record: SQSRecord, result: unknown) {
          superSuccess.call(this, record, result);
          if (record.body === 'a') throw new RangeError('metrics are down');
        },
      }).register(sqsEvent('a', 'b').Records, failing());
      expect(statusesOf(await process(processor))).to.deep.equal(['fail a', 'success b']);
      expect(processor.response()).to.deep.equal(reporting('a'));
      expect(namesOf(processor.successMessages)).to.deep.equal(['b']);
      expect(namesOf(processor.failureMessages)).to.deep.equal(['a']);
      expect(processor.errors[0]).to.be.instanceOf(RangeError);
    });

    it('tells failureHandler of a record that it made fail by a throw, which no list has then as a success', async () => {
      let listed: string[] | undefined;
      const processor = hooked(standard(), {
        successHandler(record: SQSRecord, result: unknown) {
          superSuccess.call(this, record, result);
          throw new Error('no');
        },
        failureHandler() {
          listed = namesOf(this.successMessages);
        },
      });
      await rejection(respond(sqsEvent('a'), failing(), processor));
      expect(listed).to.deep.equal([]);
    });

    it('makes a record fail that it hands to failureHandler, also where it returns nothing', async () => {
      const processor = hooked(standard(), {
        successHandler(record: SQSRecord) {
          if (record.body === 'a') this.failureHandler(record, new RangeError('result refused'));
        },
      }).register(sqsEvent('a', 'b').Records, failing());
      expect(statusesOf(await process(processor))).to.deep.equal(['fail a', 'success b']);
      expect(processor.response()).to.deep.equal(reporting('a'));
      expect(processor.errors[0]).to.be.instanceOf(RangeError);
    });

    it('makes a record fail by the tuple that failureHandler gave it', async () => {
      const thrown = new RangeError('result refused');
      const processor = hooked(standard(), {
        successHandler(record: SQSRecord) {
          return this.failureHandler(record, thrown);
        },
      }).register(sqsEvent('a').Records, failing(), { throwOnFullBatchFailure: false });
      expect((await process(processor))[0]?.[1]).to.equal('result refused');
      expect(processor.errors).to.deep.equal([thrown]);
    });
  });

  describe(`failureHandler in ${title}`, () => {
    const returning = (hook: (this: BatchProcessor | BatchProcessorSync, record: SQSRecord, error: Error) => unknown) =>
      hooked(standard(), { failureHandler: hook }).register(sqsEvent('a', 'b').Records, failing('a'));

    it('is called once with each record that failed, and its error', async () => {
      const hook = sinon.spy();
      await process(returning(hook));
      sinon.assert.calledOnce(hook);
      const [record, error] = hook.firstCall.args as [SQSRecord, Error];
      expect([record.body, error.message]).to.deep.equal(['a', 'a failed']);
    });

    it('is given an Error, whatever was thrown', async () => {
      const hook = sinon.spy();
      const processor = hooked(standard(), { failureHandler: hook });
      await rejection(
        respond(
          sqsEvent('a'),
          () => {
            throw 'a reason';
          },
          processor,
        ),
      );
      const [, error] = hook.firstCall.args as [SQSRecord, Error];
      expect(error).to.be.an.instanceOf(Error).with.property('message', 'a reason');
    });

    for (const [what, hook] of [
      ['returns nothing', () => undefined],
      ['returns a success tuple', (record: SQSRecord) => ['success', 'fine', record]],
      ['returns what is no tuple', () => 'failed'],
      [
        'throws',
        () => {
          throw new Error('metrics are down');
        },
      ],
      [
        'throws undefined',
        () => {
          throw undefined;
        },
      ],
    ] as [string, (record: SQSRecord) => unknown][]) {
      it(`leaves a record failed where it ${what}, without super (L10) (3c 16)`, async () => {
        const processor = returning(hook);
        const results = await process(processor);
        expect(results[0]?.slice(0, 2)).to.deep.equal(['fail', 'a failed']);
        expect(statusesOf(results)).to.deep.equal(['fail a', 'success b']);
        expect(processor.response()).to.deep.equal(reporting('a'));
        expect(namesOf(processor.failureMessages)).to.deep.equal(['a']);
        expect(processor.errors.map(({ message }) => message)).to.deep.equal(['a failed']);
      });
    }

    it('may change the message by its tuple, but not the error', async () => {
      const processor = returning((record) => ['fail', 'see the log', record]);
      expect((await process(processor))[0]?.[1]).to.equal('see the log');
      expect(processor.errors[0]?.message).to.equal('a failed');
    });

    it('may change the error by super', async () => {
      const wrapped = new TypeError('wrapped');
      const processor = returning(function (record) {
        return superFailure.call(this, record, wrapped);
      });
      expect((await process(processor))[0]?.[1]).to.equal('wrapped');
      expect(processor.errors).to.deep.equal([wrapped]);
    });

    it('cannot fail a record but its own', async () => {
      const processor = returning(function (record, error) {
        superFailure.call(this, this.records[1] as SQSRecord, error);
        return ['fail', error.message, record];
      });
      expect(statusesOf(await process(processor))).to.deep.equal(['fail a', 'success b']);
      expect(processor.response()).to.deep.equal(reporting('a'));
    });

    it('throws into a warning that names the error, not its message', async () => {
      const logger = fakeLogger();
      const processor = hooked(standard(), {
        failureHandler: () => {
          throw new RangeError('body: secret');
        },
      });
      await respond(sqsEvent('a', 'b'), failing('a'), processor, { logger });
      expect(logger.warn.args).to.deep.equal([['failureHandler threw RangeError; the record is reported as failed.']]);
    });

    it('finds the lists as they are while the batch runs', async () => {
      const seen: string[][] = [];
      const processor = hooked(standard(), {
        failureHandler(record: SQSRecord, error: Error) {
          const tuple = superFailure.call(this, record, error);
          seen.push(
            namesOf(this.successMessages),
            namesOf(this.failureMessages),
            this.errors.map((e) => e.message),
          );
          return tuple;
        },
      });
      await respond(sqsEvent('a', 'b'), failing('b'), processor, { processInParallel: false });
      expect(seen).to.deep.equal([['a'], ['b'], ['b failed']]);
    });

    it('reports a record that is handed to it when all have run, in clean()', async () => {
      const processor = hooked(standard(), {
        clean() {
          this.failureHandler(this.records[0] as SQSRecord, new RangeError('not written'));
        },
      });
      expect(await respond(sqsEvent('a', 'b'), failing(), processor)).to.deep.equal(reporting('a'));
      expect(processor.errors[0]).to.be.instanceOf(RangeError);
      expect(namesOf(processor.successMessages)).to.deep.equal(['b']);
    });
  });

  if (isAsync) continue;
  describe(`asynchronous hooks in ${title}`, () => {
    it('fail a record whose successHandler returns a promise, and consume its rejection', async () => {
      const reasons = await unhandledRejections(() => {
        const processor = hooked(new BatchProcessorSync(EventType.SQS), {
          successHandler: (record: SQSRecord) => (record.body === 'a' ? Promise.reject(new Error('late')) : undefined),
        }).register(sqsEvent('a', 'b').Records, failing());
        expect(statusesOf(processor.processSync())).to.deep.equal(['fail a', 'success b']);
        expect(processor.errors[0]).to.be.instanceOf(BatchProcessingError);
      });
      expect(reasons).to.deep.equal([]);
    });

    it('leave a record failed with its own error where failureHandler returns a promise, and call it once', async () => {
      const heard: string[] = [];
      const processor = hooked(new BatchProcessorSync(EventType.SQS), {
        async failureHandler(record: SQSRecord, error: Error) {
          heard.push(error.message);
          return superFailure.call(this, record, error);
        },
      }).register(sqsEvent('a', 'b').Records, failing('a'));
      const reasons = await unhandledRejections(() => {
        expect(processor.processSync()[0]?.slice(0, 2)).to.deep.equal(['fail', 'a failed']);
      });
      expect(processor.errors.map(({ message }) => message)).to.deep.equal(['a failed']);
      expect(heard).to.deep.equal(['a failed']);
      expect(reasons).to.deep.equal([]);
    });
  });
}

describe('asynchronous hooks in the async API', () => {
  it('are awaited, and decide by what they resolve to', async () => {
    const processor = hooked(new BatchProcessor(EventType.SQS), {
      successHandler: async (record: SQSRecord) => {
        await settled();
        return record.body === 'a' ? ['fail', 'on second thoughts', record] : undefined;
      },
      failureHandler: async (record: SQSRecord, error: Error) => {
        await settled();
        return ['fail', `${error.message} at last`, record];
      },
    }).register(sqsEvent('a', 'b', 'c').Records, failing('c'));
    expect((await processor.process()).map(([status, value]) => [status, value])).to.deep.equal([
      ['fail', 'on second thoughts'],
      ['success', 'b done'],
      ['fail', 'c failed at last'],
    ]);
    expect(processor.response()).to.deep.equal(reporting('a', 'c'));
  });

  it('fail a record by a successHandler that rejects, and no more by a failureHandler that does', async () => {
    const logger = fakeLogger();
    const processor = hooked(new BatchProcessor(EventType.SQS), {
      successHandler: async (record: SQSRecord) => {
        if (record.body === 'a') throw new RangeError('a is refused');
      },
      failureHandler: async () => Promise.reject(new TypeError('metrics are down')),
    });
    const reasons = await unhandledRejections(async () => {
      expect(await processPartialResponse(sqsEvent('a', 'b', 'c'), failing('c'), processor, { logger })).to.deep.equal(
        reporting('a', 'c'),
      );
    });
    expect(processor.errors.map(({ message }) => message)).to.deep.equal(['a is refused', 'c failed']);
    expect(logger.warn.args.flat()).to.deep.equal(
      Array(2).fill('failureHandler threw TypeError; the record is reported as failed.'),
    );
    expect(reasons).to.deep.equal([]);
  });

  it('are awaited also for records that were not run', async () => {
    const told: string[] = [];
    const gate = new Deferred();
    const processor = hooked(new SqsFifoPartialProcessorAsync(), {
      failureHandler: async (record: SQSRecord) => {
        if (record.body !== 'a2') await gate.promise;
        told.push(record.body);
        return ['fail', `${record.body} is told`, record];
      },
    }).register(fifoEvent('a1', 'a2', 'a3').Records, failing('a2'));
    const running = processor.process();
    await settled();
    gate.resolve();
    expect((await running)[2]?.[1]).to.equal('a3 is told');
    expect(told).to.deep.equal(['a2', 'a3']);
  });

  it('are awaited also for records whose processRecord threw', async () => {
    const told: string[] = [];
    const processor = hooked(new BatchProcessor(EventType.SQS), {
      processRecord: failing('a', 'b'),
      failureHandler: async (record: SQSRecord) => {
        await settled();
        told.push(record.body);
      },
    });
    const error = (await rejection(
      processPartialResponse(sqsEvent('a', 'b'), failing(), processor),
    )) as FullBatchFailureError;
    expect(error.recordErrors.map(({ message }) => message)).to.deep.equal(['a failed', 'b failed']);
    expect(told).to.deep.equal(['a', 'b']);
  });
});
