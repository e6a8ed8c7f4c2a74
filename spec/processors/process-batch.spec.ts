import { inspect } from 'node:util';

import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  type BaseRecord,
  BatchHandler,
  BatchProcessingError,
  BatchProcessor,
  BatchProcessorSync,
  type Delivery,
  EventType,
  FullBatchFailureError,
  processPartialResponse,
  processPartialResponseSync,
  StoppedBeforeTimeoutError,
  UnprocessedRecordError,
} from '../../lib';
import {
  dynamodbEvent,
  fifoEvent,
  kinesisEvent,
  lambdaContext,
  nameOf,
  reporting,
  sqsEvent,
  sqsRecord,
} from '../support/events';
import { revokedProxy } from '../support/engine';
import { fakeLogger } from '../support/logger';
import { apis, failing, hooked, namesOf, noting, statusesOf, unhandledRejections } from '../support/processors';
import { Deferred, rejection, settled } from '../support/promises';

afterEach(() => {
  sinon.restore();
});

for (const { title, isAsync, standard, fifo, of, respond, process } of apis) {
  describe(`prepare() and clean() in ${title}`, () => {
    it('are called once each, around all records', async () => {
      const calls: string[] = [];
      const processor = hooked(standard(), {
        prepare: () => calls.push('prepare'),
        clean: () => calls.push('clean'),
      });
      await respond(sqsEvent('a', 'b'), (record: SQSRecord) => calls.push(record.body), processor);
      expect(calls).to.deep.equal(['prepare', 'a', 'b', 'clean']);
    });

    it('are called for an empty batch too', async () => {
      const processor = hooked(standard(), { prepare: sinon.spy(), clean: sinon.spy() });
      await respond({ Records: [] }, failing(), processor);
      sinon.assert.calledOnce(processor.prepare as sinon.SinonSpy);
      sinon.assert.calledOnce(processor.clean as sinon.SinonSpy);
    });

    it('need no super: failures are reported, and those of the batch before are not', async () => {
      const processor = hooked(standard(), { prepare: () => undefined, clean: () => undefined });
      expect(await respond(sqsEvent('a', 'b'), failing('a'), processor)).to.deep.equal(reporting('a'));
      expect(await respond(sqsEvent('c', 'd'), failing(), processor)).to.deep.equal(reporting());
      expect(processor.errors).to.deep.equal([]);
    });

    it('keep a record failed that prepare() has told failureHandler of, also where it then succeeds', async () => {
      const processor = hooked(standard(), {
        prepare() {
          this.failureHandler(this.records[0] as SQSRecord, new Error('refused'));
        },
      });
      const { ran, handler } = noting(failing('b'));
      expect(await respond(sqsEvent('a', 'b', 'c'), handler, processor)).to.deep.equal(reporting('a', 'b'));
      expect(ran).to.deep.equal(['a', 'b', 'c']);
      expect(processor.errors.map(({ message }) => message)).to.deep.equal(['refused', 'b failed']);
      expect(namesOf(processor.failureMessages)).to.deep.equal(['a', 'b']);
      expect(namesOf(processor.successMessages)).to.deep.equal(['c']);
    });

    for (const [what, replaces] of [
      ['that it has put in the place of the record', true],
      ['that is not what runs', false],
    ] as const) {
      it(`keep a record failed where prepare() has told failureHandler of a copy ${what}`, async () => {
        const processor = hooked(standard(), {
          prepare() {
            const copies = this.records.map((record) => ({ ...record }));
            if (replaces) Object.assign(this, { records: copies });
            this.failureHandler(copies[1] as SQSRecord, new Error('refused'));
          },
        });
        expect(await respond(sqsEvent('a', 'b', 'c'), failing(), processor)).to.deep.equal(reporting('b'));
        expect(namesOf(processor.failureMessages)).to.deep.equal(['b']);
        expect(namesOf(processor.successMessages)).to.deep.equal(['a', 'c']);
      });
    }

    it('keep a record failed that prepare() has refused, and then left out', async () => {
      const processor = hooked(standard(), {
        prepare() {
          const [first, ...rest] = this.records;
          this.failureHandler({ ...first }, new Error('refused'));
          Object.assign(this, { records: rest });
        },
      });
      expect(await respond(sqsEvent('a', 'b'), failing(), processor)).to.deep.equal(reporting('a'));
    });

    it('keep two records failed that prepare() has refused, where one of them is there twice, and fails', async () => {
      const processor = hooked(standard(), {
        prepare() {
          for (const at of [0, 2]) this.failureHandler(this.records[at] as SQSRecord, new Error('refused'));
        },
      });
      const [a, b, c] = [sqsRecord('a'), sqsRecord('b'), sqsRecord('c')];
      const answer = await respond({ Records: [a, a, c, b] }, failing('a'), processor);
      expect(answer).to.deep.equal(reporting('a', 'c'));
    });

    it('keep the order of a queue: what prepare() refuses does not run, nor what is behind it', async () => {
      const processor = hooked(fifo(), {
        prepare() {
          this.failureHandler(this.records[1] as SQSRecord, new Error('refused'));
        },
      });
      const told = sinon.spy(processor, 'failureHandler');
      const { ran, handler } = noting(failing());
      expect(await respond(fifoEvent('a', 'b', 'c'), handler, processor)).to.deep.equal(reporting('b', 'c'));
      expect(ran).to.deep.equal(['a']);
      expect(namesOf(told.args.map(([record]) => record))).to.deep.equal(['b', 'c']);
    });

    it('do nothing to the batch where failureHandler is told of what is no record', async () => {
      for (const junk of [undefined, null, 1, {}, revokedProxy()]) {
        const tell = function (this: { failureHandler(record: never, error: Error): unknown }) {
          this.failureHandler(junk as never, new Error('junk'));
        };
        for (const hook of ['prepare', 'successHandler'] as const) {
          const processor = hooked(standard(), { [hook]: tell });
          expect(await respond(sqsEvent('a', 'b'), failing('b'), processor)).to.deep.equal(reporting('b'));
        }
      }
    });

    it('keep a record failed where successHandler has told failureHandler of a copy of it', async () => {
      const processor = hooked(standard(), {
        successHandler(record: SQSRecord) {
          if (record.body === 'b') this.failureHandler({ ...record }, new Error('refused'));
        },
      });
      expect(await respond(sqsEvent('a', 'b', 'c'), failing(), processor)).to.deep.equal(reporting('b'));
      expect(processor.errors.map(({ message }) => message)).to.deep.equal(['refused']);
    });

    it('fail the whole batch before any record runs where prepare() throws', async () => {
      const handler = sinon.spy();
      const thrown = new Error('no connection');
      const processor = hooked(standard(), {
        prepare: () => {
          throw thrown;
        },
      });
      expect(await rejection(respond(sqsEvent('a'), handler, processor))).to.equal(thrown);
      sinon.assert.notCalled(handler);
      expect(() => processor.response()).to.throw(BatchProcessingError);
    });

    it('fail the whole batch where clean() throws (L10)', async () => {
      const thrown = new Error('not written');
      const processor = hooked(standard(), {
        clean: () => {
          throw thrown;
        },
      });
      expect(await rejection(respond(sqsEvent('a', 'b'), failing('a'), processor))).to.equal(thrown);
    });

    it('leave the processor fit for the next batch after they threw', async () => {
      const processor = standard();
      hooked(processor, { prepare: sinon.stub().onFirstCall().throws(), clean: sinon.stub().onFirstCall().throws() });
      await rejection(respond(sqsEvent('a'), failing(), processor));
      await rejection(respond(sqsEvent('a'), failing(), processor));
      expect(await respond(sqsEvent('a', 'b'), failing('b'), processor)).to.deep.equal(reporting('b'));
    });

    it('have clean() read the lists and the response, before a full failure is thrown', async () => {
      const seen: unknown[] = [];
      const processor = hooked(standard(), {
        clean() {
          seen.push(namesOf(this.failureMessages), this.errors.length, this.successMessages, this.response());
        },
      });
      const error = await rejection(respond(sqsEvent('a', 'b'), failing('a', 'b'), processor));
      expect(error).to.be.instanceOf(FullBatchFailureError);
      expect(seen).to.deep.equal([['a', 'b'], 2, [], reporting('a', 'b')]);
    });
  });

  describe(`identifiers in ${title}`, () => {
    const changes: [title: string, change: (record: SQSRecord) => void][] = [
      ['changes', (record) => (record.messageId = 'changed')],
      ['deletes', (record) => delete (record as Partial<SQSRecord>).messageId],
    ];
    for (const [what, change] of changes) {
      it(`are those from before the handler ${what} them (L11) (3c 14)`, async () => {
        const handler = (record: SQSRecord): void => {
          change(record);
          throw new Error('no');
        };
        const options = { throwOnFullBatchFailure: false };
        expect(await respond(sqsEvent('a', 'b'), handler, standard(), options)).to.deep.equal(reporting('a', 'b'));
      });
    }

    it('are those from before prepare() changes them', async () => {
      const processor = hooked(standard(), {
        prepare() {
          for (const record of this.records) (record as SQSRecord).messageId = 'changed';
        },
      });
      expect(await respond(sqsEvent('a', 'b'), failing('b'), processor)).to.deep.equal(reporting('b'));
    });

    const missing: [
      title: string,
      event: () => { Records: (SQSRecord | KinesisStreamRecord | DynamoDBRecord)[] },
      type: keyof typeof EventType,
    ][] = [
      [
        'messageId',
        () => ({ Records: [sqsRecord('a'), { ...sqsRecord('b'), messageId: undefined as unknown as string }] }),
        'SQS',
      ],
      ["messageId but ''", () => ({ Records: [sqsRecord('a'), { ...sqsRecord('b'), messageId: '' }] }), 'SQS'],
      [
        'messageId but null',
        () => ({ Records: [sqsRecord('a'), { ...sqsRecord('b'), messageId: null as unknown as string }] }),
        'SQS',
      ],
      [
        'sequenceNumber',
        () => {
          const event = kinesisEvent('a', 'b');
          delete (event.Records[1]!.kinesis as { sequenceNumber?: string }).sequenceNumber;
          return event;
        },
        'KinesisDataStreams',
      ],
      [
        'SequenceNumber',
        () => {
          const event = dynamodbEvent('a', 'b');
          delete event.Records[1]!.dynamodb!.SequenceNumber;
          return event;
        },
        'DynamoDBStreams',
      ],
    ];
    for (const [what, event, type] of missing) {
      it(`make the invocation throw where a failed record has no ${what} (L5) (L25) (3c 14)`, async () => {
        const processor = of(type);
        const error = await rejection(respond(event(), failing('b'), processor));
        expect(error).to.be.instanceOf(BatchProcessingError).with.property('message').that.includes('index 1');
        expect(error).to.have.property('cause').that.has.property('message', 'b failed');
        expect(() => processor.response()).to.throw(BatchProcessingError, 'index 1');
      });

      it(`may be missing where the record with no ${what} succeeded`, async () => {
        expect((await respond(event(), failing('a'), of(type))).batchItemFailures).to.have.length(1);
        expect((await respond(event(), failing(), of(type))).batchItemFailures).to.have.length(0);
      });
    }

    it('make the invocation throw where one is missing of a message that was not run', async () => {
      const { Records } = fifoEvent('a1', 'a2', 'a3');
      delete (Records[2] as Partial<SQSRecord>).messageId;
      expect(await rejection(respond({ Records }, failing('a2'), fifo()))).to.be.instanceOf(BatchProcessingError);
    });
  });

  describe(`the logger in ${title}`, () => {
    const body = 'card-4111111111111111';

    it('is silent by default', async () => {
      const methods = (['debug', 'log', 'info', 'warn', 'error'] as const).map((name) => sinon.stub(console, name));
      await respond(fifoEvent('a1', 'a2', 'a3'), failing('a2'), standard());
      await respond(fifoEvent('a1', 'a2', 'a3'), failing('a2'), fifo());
      const calls = methods.flatMap((method) => method.args);
      sinon.restore();
      expect(calls).to.deep.equal([]);
    });

    it('hears once of each failed record, by identifier and error (3c 27)', async () => {
      const logger = fakeLogger();
      const processor = standard();
      await respond(sqsEvent('a', 'b', 'c'), failing('a', 'c'), processor, { logger });
      expect(logger.error.args).to.deep.equal([
        ['Record id-a failed (receive 1).', processor.errors[0]],
        ['Record id-c failed (receive 1).', processor.errors[1]],
      ]);
      sinon.assert.notCalled(logger.warn);
      sinon.assert.notCalled(logger.debug);
    });

    it('hears of records that were not run in one line, which is no error (3c 27)', async () => {
      const logger = fakeLogger();
      await respond(fifoEvent('a1', 'a2', 'a3', 'a4'), failing('a2'), fifo(), { logger });
      sinon.assert.calledOnce(logger.error);
      expect(logger.warn.args).to.deep.equal([
        ['2 of 4 records were not run, because an earlier one failed; they are reported as failed.'],
      ]);
    });

    it('hears of a failed record that has no identifier', async () => {
      const logger = fakeLogger();
      const Records = [sqsRecord('a', { messageId: '' })];
      await rejection(respond({ Records }, failing('a'), standard(), { logger }));
      expect(logger.error.firstCall.args[0]).to.equal('Record (without identifier) failed (receive 1).');
    });

    it('changes nothing where it throws, or rejects (L10) (3c 16)', async () => {
      const logger = {
        debug: sinon.stub().throws(),
        warn: sinon.stub().throws(new Error('warn')),
        error: sinon.stub().callsFake(() => Promise.reject(new Error('error'))),
      };
      const reasons = await unhandledRejections(async () => {
        const answer = await respond(fifoEvent('a1', 'a2', 'a3'), failing('a2'), fifo(), { logger });
        expect(answer).to.deep.equal(reporting('a2', 'a3'));
      });
      expect(reasons).to.deep.equal([]);
    });

    /** JSON.parse quotes the whole of a short text. */
    const parse = (record: SQSRecord): unknown => JSON.parse(record.body);
    const wrap = (depth: number) => (record: SQSRecord) => {
      try {
        return parse(record);
      } catch (error) {
        let wrapped = error;
        for (let level = 0; level < depth; level++) wrapped = new Error(`level ${level}`, { cause: wrapped });
        throw wrapped;
      }
    };
    const quoting: [title: string, handler: (record: SQSRecord) => unknown][] = [
      ['JSON.parse', parse],
      ['an error that JSON.parse caused', wrap(1)],
      ['an error that JSON.parse caused far below', wrap(5)],
      ['an error that JSON.parse caused farther below than anyone looks', wrap(12)],
      [
        'an AggregateError',
        (record) => {
          try {
            return parse(record);
          } catch (error) {
            throw new AggregateError([new Error('other'), error], 'several');
          }
        },
      ],
      [
        'an error that repeats the message of its cause',
        (record) => {
          try {
            return parse(record);
          } catch (error) {
            throw new Error(`Cannot read the order: ${(error as Error).message}`, { cause: error });
          }
        },
      ],
    ];
    for (const [what, handler] of quoting) {
      it(`is not given the body that is quoted by ${what} (3c 27)`, async () => {
        const logger = fakeLogger();
        const Records = [sqsRecord('1'), sqsRecord('2', { body })];
        const processor = standard();
        expect(await respond({ Records }, handler, processor, { logger })).to.deep.equal(reporting('2'));
        sinon.assert.calledOnce(logger.error);
        expect(inspect(logger.error.args, { depth: 50 })).not.to.include('4111');
        // The error itself stays whole for those who have the record anyway.
        expect(inspect(processor.errors, { depth: 50 })).to.include('4111');
      });
    }

    it('is given a copy of each error, with its stack, and without what it quotes', async () => {
      const logger = fakeLogger();
      const errors = [new RangeError('plain'), new SyntaxError(body)];
      const handler = sinon.stub().onFirstCall().throws(errors[0]).onSecondCall().throws(errors[1]);
      await respond(sqsEvent('a', 'b', 'c'), handler, standard(), { logger });
      const { name, message, stack } = errors[0]!;
      expect(logger.error.firstCall.args[1]).to.include({ name, message, stack });
      const withheld = logger.error.secondCall.args[1] as Error;
      expect(withheld).to.have.property('name', 'SyntaxError');
      expect(withheld.stack).to.match(/\n\s+at /);
    });
  });

  describe(`stopBeforeTimeout in ${title}`, () => {
    it('starts no record when the reserve is reached, and reports those not run (L13) (3c 18)', async () => {
      let remaining = 1000;
      const { ran, handler } = noting((record) => {
        remaining -= 300;
        return failing('a')(record);
      });
      const processor = standard();
      const logger = fakeLogger();
      const context = lambdaContext(() => remaining);
      const options = { context, stopBeforeTimeout: 500, processInParallel: false, logger };
      const answer = await respond(sqsEvent('a', 'b', 'c', 'd'), handler, processor, options);
      expect(ran).to.deep.equal(['a', 'b']);
      expect(answer).to.deep.equal(reporting('a', 'c', 'd'));
      expect(processor.errors[1])
        .to.be.instanceOf(UnprocessedRecordError)
        .with.property('cause')
        .that.is.instanceOf(StoppedBeforeTimeoutError);
      expect(logger.warn.args.flat()).to.deep.equal([
        '2 of 4 records were not run, because there was no time left; they are reported as failed.',
      ]);
    });

    for (const [what, context] of [
      ['no context', undefined],
      ['a context without getRemainingTimeInMillis', {}],
      ['a context that gives no number', lambdaContext(() => NaN)],
    ] as const) {
      it(`refuses ${what} (3c 18)`, async () => {
        const handler = sinon.spy();
        const options = { context: context as never, stopBeforeTimeout: 500 };
        const error = await rejection(respond(sqsEvent('a'), handler, standard(), options));
        expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('stopBeforeTimeout');
        sinon.assert.notCalled(handler);
      });
    }
  });

  describe(`a processor of ${title} below @BatchHandler`, () => {
    it('has the method called with record, context and delivery', async () => {
      const processor = standard();
      const calls: unknown[][] = [];
      class Orders {
        @BatchHandler({ source: 'SQS', processor, logger: fakeLogger() })
        handle(record: SQSRecord, context: unknown, delivery: Delivery<SQSRecord>): void {
          calls.push([
            this instanceof Orders,
            record.body,
            context,
            delivery.index,
            delivery.itemIdentifier,
            delivery.record,
          ]);
          failing('b')(record);
        }
      }
      const event = sqsEvent('a', 'b');
      const context = lambdaContext();
      const handler = new Orders().handle as unknown as (event: unknown, context: unknown) => Promise<unknown>;
      expect(await handler(event, context)).to.deep.equal(reporting('b'));
      expect(calls).to.deep.equal([
        [true, 'a', context, 0, 'id-a', event.Records[0]],
        [true, 'b', context, 1, 'id-b', event.Records[1]],
      ]);
    });

    it('has the delivery of a copy found by its identifier, and no method called for a foreign record', async () => {
      const method = isAsync ? 'processRecord' : 'processRecordSync';
      const original = standard()[method] as (record: SQSRecord) => unknown;
      const processor = hooked(standard(), {
        [method](this: object, record: SQSRecord) {
          const messageId = record.body === 'b' ? 'foreign' : record.messageId;
          return original.call(this, { ...record, messageId });
        },
      });
      const indexes: number[] = [];
      class Orders {
        @BatchHandler({ source: 'SQS', processor, logger: fakeLogger() })
        handle(_record: SQSRecord, _context: unknown, delivery: Delivery<SQSRecord>): void {
          indexes.push(delivery.index);
        }
      }
      const handler = new Orders().handle as unknown as (event: unknown, context: unknown) => Promise<unknown>;
      expect(await handler(sqsEvent('a', 'b', 'c', 'a'), lambdaContext())).to.deep.equal(reporting('b'));
      expect(indexes).to.deep.equal([0, 2, 0]); // of two that share one, the first
    });
  });

  describe(`a copy that ${title} hands on`, () => {
    it('is a foreign record without an identifier, and beside records that have none', async () => {
      const method = isAsync ? 'processRecord' : 'processRecordSync';
      const original = standard()[method] as (record: object) => unknown;
      const processor = hooked(standard(), {
        [method](this: object, record: SQSRecord) {
          const messageId = record.body === 'b' ? undefined : record.messageId;
          return original.call(this, { ...record, messageId });
        },
      });
      const indexes: number[] = [];
      class Orders {
        @BatchHandler({ source: 'SQS', processor, logger: fakeLogger() })
        handle(_record: SQSRecord, _context: unknown, delivery: Delivery<SQSRecord>): void {
          indexes.push(delivery.index);
        }
      }
      const { Records } = sqsEvent('b', 'a', 'c');
      const handler = new Orders().handle as unknown as (event: unknown, context: unknown) => Promise<unknown>;
      expect(await handler({ Records }, lambdaContext())).to.deep.equal(reporting('b'));
      expect(indexes).to.deep.equal([1, 2]);

      Object.assign(Records[0]!, { messageId: undefined }); // what has failed without an identifier is an error
      expect(await rejection(handler({ Records }, lambdaContext())))
        .to.have.property('message')
        .that.includes('index 0');
      expect(indexes).to.deep.equal([1, 2, 1, 2]);
    });
  });

  describe(`what cannot be looked at in ${title}`, () => {
    const hostile = (): never => {
      throw new Error('hostile');
    };
    const odd: Record<string, () => unknown> = {
      'a revoked proxy': revokedProxy,
      'an Error whose prototype cannot be asked for': () =>
        new Proxy(new Error('no'), { getPrototypeOf: hostile, getOwnPropertyDescriptor: hostile }),
    };
    for (let reads = 0; reads < 8; reads++) {
      odd[`an Error whose message can be read ${reads} times`] = () => {
        let left = reads;
        const get = (): string => {
          return left-- > 0 ? 'no' : hostile();
        };
        return Object.defineProperty(new Error(), 'message', { get });
      };
    }
    for (const [what, make] of Object.entries(odd)) {
      it(`fails its record alone where it is thrown: ${what}`, async () => {
        const clean = sinon.spy();
        const processor = hooked(standard(), { clean });
        const handler = ({ body }: SQSRecord): void => {
          if (body === 'b') throw make();
        };
        expect(await respond(sqsEvent('a', 'b', 'c'), handler, processor)).to.deep.equal(reporting('b'));
        sinon.assert.calledOnce(clean);
        expect(namesOf(processor.failureMessages)).to.deep.equal(['b']);
      });
    }

    it('fails its record alone where failureHandler throws it, or rejects with it', async () => {
      const nameless = () => Object.defineProperty(new Error('no'), 'name', { get: hostile });
      for (const failureHandler of [
        sinon.fake.throws(nameless()),
        ...(isAsync ? [() => Promise.reject(nameless())] : []),
      ]) {
        const processor = hooked(standard(), { failureHandler });
        expect(await respond(sqsEvent('a', 'b', 'c'), failing('b'), processor)).to.deep.equal(reporting('b'));
      }
    });
  });

  describe(`the lists of ${title}`, () => {
    it('have each record once, in one of them (3c 16)', async () => {
      const processor = standard().register(sqsEvent('a', 'b', 'c', 'd').Records, failing('b', 'd'));
      await process(processor);
      expect(namesOf(processor.successMessages)).to.deep.equal(['a', 'c']);
      expect(namesOf(processor.failureMessages)).to.deep.equal(['b', 'd']);
      expect(processor.errors).to.have.length(2);
    });
  });
}

describe('asynchronous prepare() and clean()', () => {
  it('are awaited by process()', async () => {
    const gates = { prepare: new Deferred(), clean: new Deferred() };
    const { ran, handler } = noting(failing());
    const processor = hooked(new BatchProcessor(EventType.SQS), {
      prepare: () => gates.prepare.promise,
      clean: () => gates.clean.promise,
    });
    let answered = false;
    const answer = processPartialResponse(sqsEvent('a'), handler, processor).finally(() => (answered = true));
    await settled();
    expect(ran).to.deep.equal([]);
    gates.prepare.resolve();
    await settled();
    expect(ran).to.deep.equal(['a']);
    expect(answered).to.equal(false);
    gates.clean.resolve();
    expect(await answer).to.deep.equal(reporting());
  });

  for (const hook of ['prepare', 'clean'] as const) {
    it(`fail the whole batch where ${hook}() rejects`, async () => {
      const thrown = new Error(`${hook} failed`);
      const processor = hooked(new BatchProcessor(EventType.SQS), { [hook]: () => Promise.reject(thrown) });
      expect(await rejection(processPartialResponse(sqsEvent('a'), failing(), processor))).to.equal(thrown);
    });

    it(`are a BatchProcessingError where processSync() calls ${hook}(), which rejects unheard`, async () => {
      const reasons = await unhandledRejections(() => {
        const processor = hooked(apis[1]!.standard(), { [hook]: () => Promise.reject(new Error('late')) });
        expect(() => processPartialResponseSync(sqsEvent('a'), failing(), processor)).to.throw(
          BatchProcessingError,
          `${hook}() returned a promise`,
        );
      });
      expect(reasons).to.deep.equal([]);
    });
  }
});

describe('an async batch that is answered before its records have ended (3c 18)', () => {
  const timeout = 10_000;

  it('has those that run reported, and nothing changed by what becomes of them', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const context = lambdaContext(() => timeout - clock.now);
    const gates: Record<string, Deferred> = { b: new Deferred(), c: new Deferred() };
    const processor = new BatchProcessor(EventType.SQS);
    const reasons = await unhandledRejections(async () => {
      const answer = processPartialResponse(
        sqsEvent('a', 'b', 'c'),
        async (record: SQSRecord) => gates[nameOf(record)]?.promise,
        processor,
        { context, stopBeforeTimeout: 1000 },
      );
      await clock.tickAsync(9000);
      expect(await answer).to.deep.equal(reporting('b', 'c'));
      expect(clock.countTimers()).to.equal(0);
      gates.b!.resolve();
      gates.c!.reject(new Error('late'));
      await settled();
    });
    expect(reasons).to.deep.equal([]);
    expect(processor.response()).to.deep.equal(reporting('b', 'c'));
    expect(processor.errors).to.have.length(2);
    expect(processor.errors[0]).to.be.instanceOf(StoppedBeforeTimeoutError);
    expect(namesOf(processor.successMessages)).to.deep.equal(['a']);
  });

  it('leaves the next one on the same processor alone', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const context = lambdaContext(() => timeout - clock.now);
    const gate = new Deferred();
    const processor = new BatchProcessor(EventType.SQS);
    const early = processPartialResponse(
      sqsEvent('a', 'b'),
      async (record: SQSRecord) => {
        if (record.body === 'a') return;
        await gate.promise;
        throw new Error('late');
      },
      processor,
      { context, stopBeforeTimeout: 1000 },
    );
    await clock.tickAsync(9000);
    expect(await early).to.deep.equal(reporting('b'));
    processor.register(sqsEvent('c', 'd').Records, async (record: SQSRecord) => {
      gate.resolve();
      await settled();
      return failing('c')(record);
    });
    expect(statusesOf(await processor.process())).to.deep.equal(['fail c', 'success d']);
    expect(processor.errors.map(({ message }) => message)).to.deep.equal(['c failed']);
  });

  it('tells the hooks of each record once, and none of one that ends afterwards', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const context = lambdaContext(() => timeout - clock.now);
    const gates: Record<string, Deferred> = { b: new Deferred(), c: new Deferred() };
    const successHandler = sinon.spy();
    const failureHandler = sinon.spy();
    const processor = hooked(new BatchProcessor(EventType.SQS), { successHandler, failureHandler });
    const answer = processPartialResponse(
      sqsEvent('a', 'b', 'c'),
      async (record: SQSRecord) => gates[nameOf(record)]?.promise,
      processor,
      { context, stopBeforeTimeout: 1000 },
    );
    await clock.tickAsync(9000);
    await answer;
    gates.b!.resolve();
    gates.c!.reject(new Error('late'));
    await settled();
    expect(namesOf(successHandler.args.map(([record]) => record as SQSRecord))).to.deep.equal(['a']);
    expect(namesOf(failureHandler.args.map(([record]) => record as SQSRecord))).to.deep.equal(['b', 'c']);
  });

  it('has no hook told of what comes of a copy after its time limit', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const gates: Record<string, Deferred> = { a: new Deferred(), b: new Deferred() };
    const successHandler = sinon.spy();
    class Copying extends BatchProcessor {
      override successHandler = successHandler;
      override processRecord(record: BaseRecord) {
        return super.processRecord({ ...record });
      }
    }
    const answer = processPartialResponse(
      sqsEvent('a', 'b'),
      async (record: SQSRecord) => gates[nameOf(record)]?.promise,
      new Copying(EventType.SQS),
      { recordTimeout: 1000, processInParallel: false },
    );
    await clock.tickAsync(1000);
    gates.a!.resolve();
    await settled();
    gates.b!.resolve();
    expect(await answer).to.deep.equal(reporting('a'));
    expect(namesOf(successHandler.args.map(([record]) => record as SQSRecord))).to.deep.equal(['b']);
  });

  it('releases its timer where all records end in time', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const context = lambdaContext(() => timeout - clock.now);
    const processor = new BatchProcessor(EventType.SQS);
    await processPartialResponse(sqsEvent('a'), failing(), processor, { context, stopBeforeTimeout: 1000 });
    expect(clock.countTimers()).to.equal(0);
  });
});

describe('A processRecordSync that is async', () => {
  it('fails its records, and leaves no rejection unhandled (3c 25)', async () => {
    class Mistaken extends BatchProcessorSync {
      override processRecordSync(): never {
        return Promise.reject(new Error('late')) as never;
      }
    }
    const unhandled = await unhandledRejections(async () => {
      const processor = new Mistaken(EventType.SQS);
      const options = { throwOnFullBatchFailure: false };
      expect(processPartialResponseSync(sqsEvent('a'), failing(), processor, options)).to.deep.equal(reporting('a'));
      expect(processor.errors[0]).to.be.instanceOf(BatchProcessingError);
      expect(processor.errors[0]!.message).to.include('processRecordSync returned a promise');
      await settled();
    });
    expect(unhandled).to.deep.equal([]);
  });
});
