import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  type BatchProcessingOptions,
  EventType,
  FullBatchFailureError,
  processPartialResponse,
  SqsFifoMessageGroupShortCircuitError,
  SqsFifoPartialProcessor,
  SqsFifoPartialProcessorAsync,
  SqsFifoShortCircuitError,
  UnprocessedRecordError,
} from '../../lib';
import { fifoEvent, fifoRecord, nameOf, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { apis, failing, hooked, namesOf, noting, statusesOf } from '../support/processors';
import { Deferred, rejection, settled } from '../support/promises';

for (const { title, fifo, standard, respond, process } of apis) {
  describe(`the FIFO processor of ${title}`, () => {
    it('is for SQS, and known as one that keeps order', () => {
      expect(fifo().eventType).to.equal(EventType.SQS);
      expect(fifo()['~isFifo']).to.equal(true);
      expect(standard()['~isFifo']).to.equal(false);
    });

    it('refuses an order, which is for streams', async () => {
      const refused = await rejection(respond(fifoEvent('a1'), failing(), fifo(), { order: 'key' }));
      expect(refused).to.be.instanceOf(TypeError).with.property('message').that.includes('order is for streams');
    });

    it('processes a whole batch in order', async () => {
      const { ran, handler } = noting(failing());
      expect(await respond(fifoEvent('a1', 'b1', 'a2'), handler, fifo())).to.deep.equal(reporting());
      expect(ran).to.deep.equal(['a1', 'b1', 'a2']);
    });

    describe('without skipGroupOnError (3c 7)', () => {
      it('runs nothing after the first failure, and reports it with the rest (B6) (L8)', async () => {
        const { ran, handler } = noting(failing('a2', 'c1'));
        const processor = fifo().register(fifoEvent('a1', 'a2', 'b1', 'c1').Records, handler);
        const results = await process(processor);
        expect(ran).to.deep.equal(['a1', 'a2']);
        expect(statusesOf(results)).to.deep.equal(['success a1', 'fail a2', 'fail b1', 'fail c1']);
        expect(processor.response()).to.deep.equal(reporting('a2', 'b1', 'c1'));
        expect(namesOf(processor.failureMessages)).to.deep.equal(['a2', 'b1', 'c1']);
        expect(processor.errors.map(({ name }) => name)).to.deep.equal([
          'Error',
          'SqsFifoShortCircuitError',
          'SqsFifoShortCircuitError',
        ]);
      });

      it('gives those that were not run an error whose cause is the failure', async () => {
        const processor = fifo().register(fifoEvent('a1', 'a2', 'b1').Records, failing('a2'));
        const results = await process(processor);
        const [failure, shortCircuit] = processor.errors;
        expect(shortCircuit)
          .to.be.instanceOf(SqsFifoShortCircuitError)
          .and.instanceOf(UnprocessedRecordError)
          .with.property('cause', failure);
        expect(results[2]?.[1]).to.equal(shortCircuit?.message);
      });

      it('reports only the last message where that fails', async () => {
        expect(await respond(fifoEvent('a1', 'a2'), failing('a2'), fifo())).to.deep.equal(reporting('a2'));
      });

      it('throws where the first one fails, and tells how many were not run (L9)', async () => {
        const processor = fifo();
        const error = await rejection(respond(fifoEvent('a1', 'a2', 'b1'), failing('a1'), processor));
        expect(error)
          .to.be.instanceOf(FullBatchFailureError)
          .with.property('message')
          .that.includes('1 failed, 2 not run');
        expect((error as FullBatchFailureError).recordErrors).to.have.length(3);
        expect(processor.response()).to.deep.equal(reporting('a1', 'a2', 'b1'));
      });

      it('reports all where the first one fails with throwOnFullBatchFailure: false', async () => {
        const options = { throwOnFullBatchFailure: false };
        expect(await respond(fifoEvent('a1', 'b1'), failing('a1'), fifo(), options)).to.deep.equal(
          reporting('a1', 'b1'),
        );
      });

      it('stops also where failureHandler is overridden without super', async () => {
        const { ran, handler } = noting(failing('a1'));
        const processor = hooked(fifo(), { failureHandler: () => undefined });
        await rejection(respond(fifoEvent('a1', 'a2'), handler, processor));
        expect(ran).to.deep.equal(['a1']);
      });

      it('tells failureHandler of every message that was not run', async () => {
        const failureHandler = sinon.spy();
        const processor = hooked(fifo(), { failureHandler });
        await respond(fifoEvent('a1', 'a2', 'b1'), failing('a2'), processor);
        expect(
          failureHandler.args.map(([record, error]) => [nameOf(record as SQSRecord), (error as Error).name]),
        ).to.deep.equal([
          ['a2', 'Error'],
          ['b1', 'SqsFifoShortCircuitError'],
        ]);
      });

      it('takes the message and the error that failureHandler gives one that was not run', async () => {
        const wrapped = new Error('to be continued');
        const failureHandlerOf = fifo().failureHandler;
        const processor = hooked(fifo(), {
          failureHandler(record: SQSRecord, error: Error) {
            return failureHandlerOf.call(this, record, error instanceof SqsFifoShortCircuitError ? wrapped : error);
          },
        }).register(fifoEvent('a1', 'a2', 'b1').Records, failing('a2'));
        expect((await process(processor))[2]?.[1]).to.equal('to be continued');
        expect(processor.errors[1]).to.equal(wrapped);
      });
    });

    describe('with skipGroupOnError (3c 8)', () => {
      const options = { skipGroupOnError: true };

      it('leaves only the rest of the failed group unprocessed (B5)', async () => {
        const { ran, handler } = noting(failing('a1', 'b2'));
        const processor = fifo().register(
          fifoEvent('a1', 'b1', 'a2', 'b2', 'c1', 'b3', 'a3').Records,
          handler,
          options,
        );
        expect(statusesOf(await process(processor))).to.deep.equal([
          'fail a1',
          'success b1',
          'fail a2',
          'fail b2',
          'success c1',
          'fail b3',
          'fail a3',
        ]);
        expect(ran).to.deep.equal(['a1', 'b1', 'b2', 'c1']);
        expect(processor.response()).to.deep.equal(reporting('a1', 'a2', 'b2', 'b3', 'a3'));
      });

      it('gives those that were not run an error whose cause is the failure of their group', async () => {
        const processor = fifo().register(
          fifoEvent('a1', 'b1', 'a2', 'b2', 'c1').Records,
          failing('a1', 'b1'),
          options,
        );
        await process(processor);
        const [a1, b1, a2, b2] = processor.errors;
        expect(a2).to.be.instanceOf(SqsFifoMessageGroupShortCircuitError).with.property('cause', a1);
        expect(b2).to.be.instanceOf(SqsFifoMessageGroupShortCircuitError).with.property('cause', b1);
      });

      for (const group of ['__proto__', 'constructor', '', undefined]) {
        it(`keeps the order of the group ${group === undefined ? 'of those that have none' : `'${group}'`}`, async () => {
          const { ran, handler } = noting(failing('x1'));
          const own = (body: string): SQSRecord => {
            const record = fifoRecord(body);
            return { ...record, attributes: { ...record.attributes, MessageGroupId: group } };
          };
          const Records = [own('x1'), fifoRecord('y1'), own('x2')];
          expect(await respond({ Records }, handler, fifo(), options)).to.deep.equal(reporting('x1', 'x2'));
          expect(ran).to.deep.equal(['x1', 'y1']);
        });
      }

      it('takes messages without attributes, as unit tests have them, for one group', async () => {
        const Records = ['x1', 'x2'].map((body) => ({ messageId: `id-${body}`, body }));
        const given = { ...options, throwOnFullBatchFailure: false };
        const processor = fifo().register(Records, failing('x1'), given);
        expect(statusesOf(await process(processor))).to.deep.equal(['fail x1', 'fail x2']);
        expect(processor.errors[1]).to.be.instanceOf(SqsFifoMessageGroupShortCircuitError);
      });

      it('throws where no group succeeded', async () => {
        const error = await rejection(respond(fifoEvent('a1', 'b1', 'a2'), failing('a1', 'b1'), fifo(), options));
        expect(error)
          .to.be.instanceOf(FullBatchFailureError)
          .with.property('message')
          .that.includes('2 failed, 1 not run');
      });

      it('stops the group also where failureHandler is overridden without super', async () => {
        const { ran, handler } = noting(failing('a1'));
        const processor = hooked(fifo(), { failureHandler: () => undefined });
        expect(await respond(fifoEvent('a1', 'a2', 'b1'), handler, processor, options)).to.deep.equal(
          reporting('a1', 'a2'),
        );
        expect(ran).to.deep.equal(['a1', 'b1']);
      });

      it('stops the group where only successHandler, or processRecord, makes the record fail', async () => {
        const { ran, handler } = noting(failing());
        const processor = hooked(fifo(), {
          successHandler: (record: SQSRecord) => ['fail', 'no', record],
        });
        await rejection(respond(fifoEvent('a1', 'a2'), handler, processor, options));
        expect(ran).to.deep.equal(['a1']);
      });

      it('is for one batch alone: the next one has no option left (L2)', async () => {
        const processor = fifo();
        await respond(fifoEvent('a1', 'b1'), failing('a1'), processor, options);
        expect(await respond(fifoEvent('b1', 'a1', 'c1'), failing('a1'), processor)).to.deep.equal(
          reporting('a1', 'c1'),
        );
      });
    });

    it('refuses a concurrency without skipGroupOnError (3c 19)', async () => {
      const error = await rejection(respond(fifoEvent('a1'), failing(), fifo(), { concurrency: 2 }));
      expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('more than one lane');
    });

    it('ignores processInParallel', async () => {
      const { ran, handler } = noting(failing('a1'));
      const options: BatchProcessingOptions = { processInParallel: true };
      await rejection(respond(fifoEvent('a1', 'a2'), handler, fifo(), options));
      expect(ran).to.deep.equal(['a1']);
    });

    it('warns once, through the logger, of a standard queue', async () => {
      const logger = fakeLogger();
      const processor = fifo();
      await respond(sqsEvent('a'), failing(), processor, { logger });
      await respond(sqsEvent('b'), failing(), processor, { logger });
      sinon.assert.calledOnce(logger.warn);
      expect(logger.warn.firstCall.args[0]).to.include('orders is a standard queue');
    });
  });

  describe(`the standard processor of ${title}`, () => {
    it('warns once, through the logger, of a FIFO queue (L16)', async () => {
      const logger = fakeLogger();
      const processor = standard();
      await respond(fifoEvent('a1'), failing(), processor, { logger });
      await respond(fifoEvent('a2'), failing(), processor, { logger });
      sinon.assert.calledOnce(logger.warn);
      expect(logger.warn.firstCall.args[0]).to.include('orders.fifo is a FIFO queue');
    });

    it('does not take a standard queue with message groups for a FIFO queue (L19)', async () => {
      const logger = fakeLogger();
      const Records = ['a1', 'a2', 'a3'].map((body) => ({
        ...fifoRecord(body),
        eventSourceARN: 'arn:aws:sqs:eu-west-1:1:fair',
      }));
      const { ran, handler } = noting(failing('a1'));
      expect(await respond({ Records }, handler, standard(), { logger })).to.deep.equal(reporting('a1'));
      expect(ran).to.deep.equal(['a1', 'a2', 'a3']);
      sinon.assert.notCalled(logger.warn);
    });
  });
}

describe('SqsFifoPartialProcessorAsync', () => {
  it('starts a message when the one before it has ended', async () => {
    const gate = new Deferred();
    const { ran, handler } = noting(() => gate.promise);
    const answer = processPartialResponse(fifoEvent('a1', 'b1'), handler, new SqsFifoPartialProcessorAsync());
    await settled();
    expect(ran).to.deep.equal(['a1']);
    gate.resolve();
    await answer;
    expect(ran).to.deep.equal(['a1', 'b1']);
  });

  it('starts in arrival order with skipGroupOnError, one group at a time', async () => {
    const { ran, handler } = noting(async (record) => {
      await settled();
      return failing('a1')(record);
    });
    const answer = await processPartialResponse(
      fifoEvent('a1', 'b1', 'a2', 'c1', 'b2'),
      handler,
      new SqsFifoPartialProcessorAsync(),
      { skipGroupOnError: true },
    );
    expect(ran).to.deep.equal(['a1', 'b1', 'c1', 'b2']);
    expect(answer).to.deep.equal(reporting('a1', 'a2'));
  });

  it('runs as many groups at once as concurrency says, each in order (3c 9)', async () => {
    const gates: Record<string, Deferred> = {};
    const { ran, handler } = noting(async (record) => {
      await (gates[nameOf(record)] = new Deferred()).promise;
    });
    const answer = processPartialResponse(
      fifoEvent('a1', 'a2', 'b1', 'c1', 'b2'),
      handler,
      new SqsFifoPartialProcessorAsync(),
      { skipGroupOnError: true, concurrency: 2 },
    );
    await settled();
    expect(ran).to.deep.equal(['a1', 'b1']);
    gates.b1!.reject(new Error('b1 failed'));
    await settled();
    expect(ran).to.deep.equal(['a1', 'b1', 'c1']);
    gates.a1!.resolve();
    await settled();
    expect(ran).to.deep.equal(['a1', 'b1', 'c1', 'a2']);
    gates.c1!.resolve();
    gates.a2!.resolve();
    expect(await answer).to.deep.equal(reporting('b1', 'b2'));
  });
});

describe('SqsFifoPartialProcessor', () => {
  it('stops at a message whose handler returned a promise (L7)', () => {
    const { ran, handler } = noting(async () => 'later');
    const processor = new SqsFifoPartialProcessor().register(fifoEvent('a1', 'a2').Records, handler, {
      throwOnFullBatchFailure: false,
    });
    processor.processSync();
    expect(ran).to.deep.equal(['a1']);
    expect(processor.response()).to.deep.equal(reporting('a1', 'a2'));
  });
});
