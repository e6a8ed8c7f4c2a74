import type { KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  FullBatchFailureError,
  NonRetryableError,
  ParsingError,
  processPartialResponse,
  processPartialResponseSync,
  SqsFifoPartialProcessor,
} from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import type * as Errors from '../../lib/errors';
import { json } from '../../lib/payload';
import { delayBy } from '../../lib/retry-delay';
import { unhandledRejections } from '../support/engine';
import { anotherCopyOf } from '../support/another-copy';
import { fifoEvent, kinesisEvent, lambdaContext, nameOf, reporting, sqsEvent, sqsRecord } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { statusesOf } from '../support/processors';
import { Deferred, rejection, settled } from '../support/promises';
import { contextEndingIn, ways } from '../support/ways';

class ValidationError extends Error {}

/** A method that notes what it runs, and for which records whose names say so cannot succeed. */
function noting() {
  const ran: string[] = [];
  const method = ({ body }: SQSRecord): void => {
    ran.push(body);
    if (body.includes('poison')) throw new NonRetryableError(`no ${body}`, { cause: new Error('why') });
    if (body.includes('bad')) throw new Error(`no ${body}`);
  };
  return { ran, method };
}

for (const { title, respond } of ways) {
  describe(`nonRetryable in ${title}`, () => {
    let logger: ReturnType<typeof fakeLogger>;

    beforeEach(() => {
      logger = fakeLogger();
    });

    const lines = () => logger.error.args.map(([line]) => line);

    it('is told of in at most 50 lines, and the rest is counted', async () => {
      const names = Array.from({ length: 300 }, (_, index) => `poison ${index}`);
      await respond(sqsEvent(...names), noting().method, {
        logger,
        nonRetryable: deadLetter({ deliverTo: 'discard' }),
      });

      expect(lines()).to.have.length(51);
      expect(lines()[0]).to.equal('Record id-poison 0 failed for good and was discarded.');
      expect(lines()[50]).to.match(
        /^250 more failed for good and were discarded with other errors \(NonRetryableError\): id-poison 50, .* and others\.$/,
      );
    });

    it('knows errors of another copy of the package: those thrown for good, those listed, and no subclass of a user', async () => {
      const other = anotherCopyOf('errors') as typeof Errors;
      class Poison extends ParsingError {}
      const thrown: Record<string, Error> = {
        poison: new other.NonRetryableError('for good'),
        unread: new other.ParsingError('unread'),
        other: new other.UnexpectedBatchTypeError('another'),
      };
      const method = ({ body }: SQSRecord): void => {
        if (thrown[body] !== undefined) throw thrown[body];
      };
      const event = sqsEvent('a', 'poison', 'unread', 'other');
      const deliverTo = sinon.fake.resolves(undefined);
      const known = deadLetter({ errors: [ParsingError], deliverTo });
      expect(await respond(event, method, { logger, nonRetryable: known })).to.deep.equal(reporting('other'));
      const narrow = deadLetter({ errors: [Poison], deliverTo });
      expect(await respond(event, method, { logger, nonRetryable: narrow })).to.deep.equal(
        reporting('unread', 'other'),
      );
    });

    it('has what cannot succeed delivered, and not reported; all else is as it was', async () => {
      const deliverTo = sinon.fake.resolves(undefined);
      const event = sqsEvent('a', 'poison', 'bad', 'b');
      const answer = await respond(event, noting().method, { logger, nonRetryable: deadLetter({ deliverTo }) });

      expect(answer).to.deep.equal(reporting('bad'));
      sinon.assert.calledOnce(deliverTo);
      const [record, error, delivery] = deliverTo.firstCall.args as unknown[];
      expect(record).to.equal(event.Records[1]);
      expect(error).to.be.an.instanceOf(NonRetryableError).with.property('message', 'no poison');
      expect((error as Error).cause).to.have.property('message', 'why');
      expect(delivery).to.include({ itemIdentifier: 'id-poison', receiveCount: 1, index: 1, record });
      expect(lines()).to.include.members([
        'Record id-poison failed for good and was delivered elsewhere.',
        'Record id-bad failed (receive 1).',
      ]);
    });

    it('takes classes and functions for errors', async () => {
      const delivered: string[] = [];
      const nonRetryable = deadLetter({
        errors: [ValidationError, (error: Error) => error.message === 'matched'],
        deliverTo: ({ body }: SQSRecord) => delivered.push(body),
      });
      const method = ({ body }: SQSRecord): unknown => {
        if (body === 'class') throw new ValidationError('no');
        if (body === 'function') return Promise.reject(new Error('matched'));
        if (body === 'other') throw new Error('no');
        return undefined;
      };
      const answer = await respond(sqsEvent('class', 'function', 'other', 'a'), method, { logger, nonRetryable });

      expect(answer).to.deep.equal(reporting('other'));
      expect(delivered).to.have.members(['class', 'function']);
    });

    it('is what makes NonRetryableError special: without it that is an ordinary failure', async () => {
      expect(await respond(sqsEvent('a', 'poison'), noting().method, { logger })).to.deep.equal(reporting('poison'));
      expect(lines()).to.deep.equal(['Record id-poison failed (receive 1).']);
    });

    it('discards where that is said, which is logged', async () => {
      const answer = await respond(sqsEvent('a', 'poison', 'bad'), noting().method, {
        logger,
        nonRetryable: deadLetter({ deliverTo: 'discard' }),
      });

      expect(answer).to.deep.equal(reporting('bad'));
      expect(lines()).to.include('Record id-poison failed for good and was discarded.');
    });

    it('delivers a record without an identifier too, which the log says', async () => {
      const deliverTo = sinon.fake();
      const { messageId: _, ...odd } = sqsRecord('poison');
      const event = { Records: [sqsRecord('a'), odd as SQSRecord] };
      const answer = await respond(event, noting().method, { logger, nonRetryable: deadLetter({ deliverTo }) });

      expect(answer).to.deep.equal(reporting());
      sinon.assert.calledOnce(deliverTo);
      expect(lines()).to.deep.equal(['Record (without identifier) failed for good and was delivered elsewhere.']);
    });

    const failing: [what: string, deliverTo: () => unknown][] = [
      ['throws', sinon.fake.throws(new Error('no queue'))],
      [
        'throws undefined',
        () => {
          throw undefined;
        },
      ],
      ['rejects', () => Promise.reject(new Error('no queue'))],
      ['rejects with undefined', () => Promise.reject(undefined)],
      ['returns an Error', () => new Error('refused')],
      ['resolves to an Error', () => Promise.resolve(new Error('refused'))],
      ['returns a thenable that throws', () => ({ then: sinon.fake.throws(new Error('hostile')) })],
      ['throws a NonRetryableError', sinon.fake.throws(new NonRetryableError('again'))],
    ];
    for (const [what, deliverTo] of failing) {
      it(`reports the record where deliverTo ${what}`, async () => {
        let answer: unknown;
        const unhandled = await unhandledRejections(async () => {
          answer = await respond(sqsEvent('a', 'poison'), noting().method, {
            logger,
            nonRetryable: deadLetter({ deliverTo }),
          });
        });

        expect(answer).to.deep.equal(reporting('poison'));
        expect(unhandled).to.deep.equal([]);
        expect(lines()).to.deep.equal([
          'Record id-poison could not be delivered elsewhere.',
          'Record id-poison failed (receive 1).',
        ]);
        expect(logger.error.secondCall.args[1]).to.have.property('message', 'no poison');
      });
    }

    for (const value of [undefined, null, 0, { error: 'no' }]) {
      it(`takes the record for delivered where deliverTo returns ${JSON.stringify(value)}`, async () => {
        const nonRetryable = deadLetter({ deliverTo: () => value });
        expect(await respond(sqsEvent('poison'), noting().method, { logger, nonRetryable })).to.deep.equal(reporting());
      });
    }

    it('keeps the lane waiting for the delivery, and a delivered record does not stop it', async () => {
      const { ran, method } = noting();
      const delivering = new Deferred();
      const nonRetryable = deadLetter({ deliverTo: () => delivering.promise });
      const answer = respond(fifoEvent('a1', 'a2 poison', 'a3'), method, { logger, nonRetryable, fifo: true });
      await settled();
      expect(ran).to.deep.equal(['a1', 'a2 poison']);

      delivering.resolve();
      expect(await answer).to.deep.equal(reporting());
      expect(ran).to.deep.equal(['a1', 'a2 poison', 'a3']);
    });

    it('stops the lane where the delivery fails', async () => {
      const { ran, method } = noting();
      const delivering = new Deferred();
      const nonRetryable = deadLetter({ deliverTo: () => delivering.promise });
      const answer = respond(fifoEvent('a1', 'a2 poison', 'a3'), method, { logger, nonRetryable, fifo: true });
      await settled();
      delivering.reject(new Error('no queue'));

      expect(await answer).to.deep.equal(reporting('a2 poison', 'a3'));
      expect(ran).to.deep.equal(['a1', 'a2 poison']);
    });

    it('stops only the message group where the delivery fails and groups are kept apart', async () => {
      const { ran, method } = noting();
      const nonRetryable = deadLetter({
        deliverTo: ({ body }: SQSRecord) => {
          if (body.startsWith('a')) throw new Error('no queue');
        },
      });
      const options = { logger, nonRetryable, fifo: true, skipGroupOnError: true } as const;
      const event = fifoEvent('a1 poison', 'b1 poison', 'a2', 'b2');

      expect(await respond(event, method, options)).to.deep.equal(reporting('a1 poison', 'a2'));
      expect(ran).to.deep.equal(['a1 poison', 'b1 poison', 'b2']);
    });

    it('is no full failure where all records were delivered', async () => {
      const nonRetryable = deadLetter({ deliverTo: 'discard' });
      const event = sqsEvent('poison 1', 'poison 2');
      expect(await respond(event, noting().method, { logger, nonRetryable })).to.deep.equal(reporting());
    });

    it('is a full failure where no record was delivered, with the errors of the records', async () => {
      const nonRetryable = deadLetter({ deliverTo: () => Promise.reject(new Error('no queue')) });
      const answer = respond(sqsEvent('poison 1', 'poison 2'), noting().method, { logger, nonRetryable });
      const error = (await rejection(answer)) as FullBatchFailureError;

      expect(error).to.be.an.instanceOf(FullBatchFailureError);
      expect(error.recordErrors.map(({ message }) => message)).to.deep.equal(['no poison 1', 'no poison 2']);
    });

    it('takes payloads that cannot be read, with the record as it was received', async () => {
      const deliverTo = sinon.fake();
      const handled: unknown[] = [];
      const event = { Records: [sqsRecord('{"id":1}'), sqsRecord('{poison')] };
      const answer = await respond(event, (payload: unknown) => handled.push(payload), {
        logger,
        payload: json(),
        nonRetryable: deadLetter({ errors: [ParsingError], deliverTo }),
      });

      expect(answer).to.deep.equal(reporting());
      expect(handled).to.have.length(1);
      sinon.assert.calledOnceWithExactly(
        deliverTo,
        event.Records[1],
        sinon.match.instanceOf(ParsingError),
        sinon.match.any,
      );
    });

    it('gives retries nothing to do, and other failures are reported beside it', async () => {
      const send = sinon.fake.resolves({});
      const nonRetryable = deadLetter({ deliverTo: () => undefined });
      const retryDelay = delayBy(() => 60, { client: { send } });
      const answer = await respond(sqsEvent('a', 'poison'), noting().method, { logger, nonRetryable, retryDelay });

      expect(answer).to.deep.equal(reporting());
      sinon.assert.notCalled(send);
    });

    describe('at the deadline', () => {
      let clock: sinon.SinonFakeTimers;

      beforeEach(() => {
        clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
      });

      afterEach(() => {
        clock.restore();
      });

      for (const ending of ['never settles', 'resolves late', 'rejects late'] as const) {
        it(`reports a record whose delivery ${ending}`, async () => {
          const delivering = new Deferred();
          const options = {
            logger,
            nonRetryable: deadLetter({ deliverTo: () => delivering.promise }),
            stopBeforeTimeout: 500,
          };
          const answer = respond(sqsEvent('a', 'poison'), noting().method, options, contextEndingIn(1_000));
          await clock.tickAsync(500);
          const given = await answer;
          const unhandled = await unhandledRejections(async () => {
            if (ending === 'resolves late') delivering.resolve();
            if (ending === 'rejects late') delivering.reject(new Error('late'));
          });

          expect(given).to.deep.equal(reporting('poison'));
          expect(unhandled).to.deep.equal([]);
          expect(lines()[0]).to.equal('Record id-poison failed (receive 1).');
        });
      }

      it('delivers nothing that fails after the answer', async () => {
        const hung = new Deferred();
        const deliverTo = sinon.fake();
        const method = ({ body }: SQSRecord) => (body === 'a' ? undefined : hung.promise);
        const options = { logger, nonRetryable: deadLetter({ deliverTo }), stopBeforeTimeout: 500 };
        const answer = respond(sqsEvent('a', 'late'), method, options, contextEndingIn(1_000));
        await clock.tickAsync(500);
        expect(await answer).to.deep.equal(reporting('late'));
        hung.reject(new NonRetryableError('late'));
        await settled();

        sinon.assert.notCalled(deliverTo);
        expect(lines()).to.deep.equal(['Record id-late failed (receive 1).']);
      });
    });
  });
}

describe('nonRetryable on a stream', () => {
  it('lets the checkpoint pass a delivered record, and no other', async () => {
    const logger = fakeLogger();
    const deliverTo = sinon.fake();
    const handler = handlerFor(
      { source: 'KinesisDataStreams', order: 'shard', logger, nonRetryable: deadLetter({ deliverTo }) },
      (record) => {
        if (nameOf(record).includes('poison')) throw new NonRetryableError('no');
        if (nameOf(record).includes('bad')) throw new Error('no');
      },
    );
    const event = kinesisEvent('a', 'poison', 'b', 'bad', 'c');
    const { batchItemFailures } = await handler(event, lambdaContext());

    const sequenceNumbers = event.Records.map(({ kinesis }: KinesisStreamRecord) => kinesis.sequenceNumber);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).to.deep.equal(sequenceNumbers.slice(3));
    sinon.assert.calledOnce(deliverTo);
    expect(deliverTo.firstCall.args[0]).to.equal(event.Records[1]);
  });
});

describe('nonRetryable in the class API', () => {
  const nonRetryable = deadLetter({ deliverTo: () => undefined });

  it('makes a delivered record a success in tuples and lists, though its failure hook was told', async () => {
    const { Records } = sqsEvent('a', 'poison', 'bad');
    const processor = new BatchProcessor(EventType.SQS);
    const failureHandler = sinon.spy(processor, 'failureHandler');
    processor.register(Records, noting().method, { nonRetryable });
    const tuples = await processor.process();

    expect(statusesOf(tuples)).to.deep.equal(['success a', 'success poison', 'fail bad']);
    expect(tuples[1]).to.deep.equal(['success', undefined, Records[1]]);
    expect(failureHandler.args.map(([record]) => nameOf(record))).to.deep.equal(['poison', 'bad']);
    expect(processor.successMessages).to.deep.equal([Records[0], Records[1]]);
    expect(processor.failureMessages).to.deep.equal([Records[2]]);
    expect(processor.errors.map(({ message }) => message)).to.deep.equal(['no bad']);
    expect(processor.response()).to.deep.equal(reporting('bad'));
  });

  it('makes a record whose delivery failed a failure in all of them', async () => {
    const { Records } = sqsEvent('a', 'poison');
    const processor = new BatchProcessor(EventType.SQS);
    processor.register(Records, noting().method, {
      nonRetryable: deadLetter({ deliverTo: () => new Error('refused') }),
    });

    expect(statusesOf(await processor.process())).to.deep.equal(['success a', 'fail poison']);
    expect(processor.failureMessages).to.deep.equal([Records[1]]);
    expect(processor.errors.map(({ message }) => message)).to.deep.equal(['no poison']);
    expect(processor.response()).to.deep.equal(reporting('poison'));
  });

  const overrides: Record<string, (processor: BatchProcessor, record: SQSRecord, error: Error) => unknown> = {
    'throws the error': (_processor, _record, error) => {
      throw error;
    },
    'returns the tuple of failureHandler': (processor, record, error) => processor.failureHandler(record, error),
    'tells failureHandler, and returns nothing': (processor, record, error) => {
      processor.failureHandler(record, error);
      return undefined;
    },
  };
  for (const [what, override] of Object.entries(overrides)) {
    it(`holds for a processRecord of a user that ${what}`, async () => {
      class Custom extends BatchProcessor {
        override async processRecord(record: SQSRecord): Promise<never> {
          return override(this, record, new NonRetryableError('no')) as never;
        }
      }
      const deliverTo = sinon.fake();
      const processor = new Custom(EventType.SQS);
      const answer = await processPartialResponse(sqsEvent('a'), noting().method, processor, {
        nonRetryable: deadLetter({ deliverTo }),
      });

      expect(answer).to.deep.equal(reporting());
      sinon.assert.calledOnceWithExactly(
        deliverTo,
        sinon.match({ body: 'a' }),
        sinon.match.instanceOf(NonRetryableError),
        sinon.match({ itemIdentifier: 'id-a' }),
      );
      expect(processor.failureMessages).to.deep.equal([]);
      expect(processor.errors).to.deep.equal([]);
    });
  }

  for (const [name, option] of Object.entries({ nonRetryable, retryDelay: delayBy(() => 60) })) {
    for (const processor of [new BatchProcessorSync(EventType.SQS), new SqsFifoPartialProcessor()]) {
      it(`refuses ${name} for ${processor.constructor.name}, before any record runs`, () => {
        const { ran, method } = noting();
        const respond = () => processPartialResponseSync(sqsEvent('a'), method, processor, { [name]: option });

        expect(respond).to.throw(TypeError, `${name}: a sync processor runs one record at a time`);
        expect(ran).to.deep.equal([]);
      });
    }
  }
});
