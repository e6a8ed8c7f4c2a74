import { AsyncLocalStorage } from 'node:async_hooks';

import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  type BatchObserver,
  BatchProcessor,
  BatchProcessorSync,
  type BatchStart,
  type BatchSummary,
  type Delivery,
  EventType,
  NonRetryableError,
  observe,
  processPartialResponse,
  processPartialResponseSync,
} from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { revokedProxy, unhandledRejections } from '../support/engine';
import { fifoEvent, lambdaContext, reporting, sqsEvent } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';
import { contextEndingIn, ways } from '../support/ways';

/** Fails what is bad, and for good what is poison. */
function picky({ body }: SQSRecord): void {
  if (body.includes('poison')) throw new NonRetryableError(`no ${body}`);
  if (body.includes('bad')) throw new Error(`no ${body}`);
}

/** An observer that notes all it is told. */
function noting() {
  const seen: string[] = [];
  const summaries: BatchSummary[] = [];
  const nameOf = ({ record }: Delivery) => (record as SQSRecord).body;
  const observer: BatchObserver = {
    onBatchStart: ({ source, records, context }) =>
      seen.push(`batch of ${records.length} from ${source}, ${context!.functionName === '' ? 'no' : 'a'} function`),
    onRecordStart: (delivery) => seen.push(`start ${nameOf(delivery)}`),
    onRecordSuccess: (delivery) => seen.push(`success ${nameOf(delivery)}`),
    onRecordFailure: (delivery, error, delivered) =>
      seen.push(`${delivered ? 'delivered' : 'failure'} ${nameOf(delivery)}: ${error.message}`),
    onRecordUnprocessed: (delivery, cause) => seen.push(`unprocessed ${nameOf(delivery)}: ${cause.message}`),
    onBatchEnd: (summary) => {
      seen.push('end');
      summaries.push(summary);
    },
  };
  return { seen, summaries, observer };
}

const throwing = (): never => {
  throw new Error('hostile');
};

/** What observers can do instead of what they should. */
const hostileHooks: Record<string, () => unknown> = {
  throw: throwing,
  'throw undefined': () => {
    throw undefined;
  },
  'throw an error whose name cannot be shown': () => {
    throw Object.assign(new Error('hostile'), { name: Symbol('hostile') });
  },
  reject: () => Promise.reject(new Error('hostile')),
  'return a thenable that throws': () => ({ then: throwing }),
  'return a thenable that cannot be read': () => Object.defineProperty({}, 'then', { get: throwing }),
  'return a revoked proxy': () => revokedProxy(),
};

type Around = (delivery: Delivery, next: () => unknown) => unknown;

/** What an observer can do around a record, and whether that is a failure of its own, to be logged. */
const hostileArounds: [what: string, around: Around, isLogged: boolean][] = [
  ['throws before it calls next', throwing, true],
  [
    'throws after it called next',
    (_, next) => {
      void Promise.resolve(next()).catch(() => undefined);
      throwing();
    },
    true,
  ],
  ['rejects before it calls next', () => Promise.reject(new Error('hostile')), true],
  [
    'rejects after it awaited next',
    async (_, next) => {
      await next();
      throwing();
    },
    true,
  ],
  [
    'throws another error than the record',
    async (_, next) => {
      try {
        await next();
      } catch {
        throwing();
      }
    },
    true,
  ],
  [
    'drops what next returns',
    (_, next) => {
      next();
    },
    false,
  ],
  ['never calls next', () => undefined, false],
  ['never calls next, and resolves', () => Promise.resolve('mine'), false],
  [
    'calls next twice',
    (_, next) => {
      void Promise.resolve(next()).catch(() => undefined);
      return next();
    },
    false,
  ],
  [
    'calls next after it resolved',
    (_, next) => {
      setImmediate(() => {
        void (async () => next())().catch(() => undefined);
      });
    },
    false,
  ],
  [
    'calls next after an await',
    async (_, next) => {
      await settled();
      return next();
    },
    false,
  ],
  [
    'returns something else',
    async (_, next) => {
      try {
        await next();
      } catch {
        return 'fine';
      }
      throw Object.assign(new Error('hostile'), { code: 4711 });
    },
    true,
  ],
  [
    'never settles after it called next',
    (_, next) => {
      void (async () => next())().catch(() => undefined);
      return new Promise(() => undefined);
    },
    false,
  ],
  ['returns a thenable whose `then` throws', () => ({ then: throwing }), true],
  [
    'returns a thenable that settles nothing of ours',
    () => ({
      then: (resolve: () => void) => {
        resolve();
      },
    }),
    false,
  ],
  ['returns a thenable that cannot be read', () => Object.defineProperty({}, 'then', { get: throwing }), false],
  ['returns a revoked proxy', () => revokedProxy(), false],
];

for (const { title, respond } of ways) {
  describe(`Observers in ${title}`, () => {
    let logger: ReturnType<typeof fakeLogger>;

    beforeEach(() => {
      logger = fakeLogger();
    });

    afterEach(() => {
      sinon.restore();
    });

    it('see the batch and what becomes of each record', async () => {
      const { seen, observer, summaries } = noting();
      const options = {
        logger,
        fifo: true,
        skipGroupOnError: true,
        observers: [observe(observer)],
        nonRetryable: deadLetter({ deliverTo: 'discard' }),
      } as const;
      await respond(fifoEvent('a1', 'b1 poison', 'c1 bad', 'c2', 'a2'), picky, options);

      expect(seen).to.deep.equal([
        'batch of 5 from SQS, a function',
        ...['start a1', 'success a1'],
        ...['start b1 poison', 'delivered b1 poison: no b1 poison'],
        ...['start c1 bad', 'failure c1 bad: no c1 bad'],
        ...['start a2', 'success a2'],
        'unprocessed c2: no c1 bad',
        'end',
      ]);
      const { durationMs, ...counts } = summaries[0]!;
      expect(durationMs).to.be.a('number').that.is.at.least(0);
      expect(counts).to.deep.equal({
        source: 'SQS',
        records: 5,
        succeeded: 2,
        failed: 1,
        unprocessed: 1,
        delivered: 1,
        stoppedBy: 'failure',
      });
    });

    it('change nothing where they sort, or empty, the list of records that they are given', async () => {
      const order = observe({ onBatchStart: ({ records }) => (records as unknown[]).reverse() });
      const empty = observe({ onBatchStart: ({ records }) => ((records as unknown[]).length = 0) });
      const ran: string[] = [];
      const handle = (record: SQSRecord): void => {
        ran.push(record.body);
        picky(record);
      };
      expect(await respond(sqsEvent('bad', 'b', 'c'), handle, { logger, observers: [order, empty] })).to.deep.equal(
        reporting('bad'),
      );
      expect(ran).to.deep.equal(['bad', 'b', 'c']);
    });

    it('are told of no stop where every record was run', async () => {
      const { summaries, observer } = noting();
      await respond(sqsEvent('a', 'bad'), picky, { logger, observers: [observe(observer)] });
      expect(summaries[0]).to.include({ succeeded: 1, failed: 1, unprocessed: 0, stoppedBy: undefined });
    });

    it('are told of an empty batch', async () => {
      const { seen, observer } = noting();
      await respond({ Records: [] }, picky, { logger, observers: [observe(observer)] });
      expect(seen).to.deep.equal(['batch of 0 from SQS, a function', 'end']);
    });

    it('are given the batch with all that they are told, also where batches overlap', async () => {
      const told = new Map<BatchStart, string[]>();
      const note = (batch: BatchStart, hook: string) => told.set(batch, [...(told.get(batch) ?? []), hook]);
      const observer: BatchObserver = {
        onBatchStart: (batch) => note(batch, 'onBatchStart'),
        onRecordStart: (_, batch) => note(batch, 'onRecordStart'),
        aroundRecord: (_, next, batch) => (note(batch, 'aroundRecord'), next()),
        onRecordSuccess: (_, batch) => note(batch, 'onRecordSuccess'),
        onRecordFailure: (_, _error, _delivered, batch) => note(batch, 'onRecordFailure'),
        onRecordUnprocessed: (_, _cause, batch) => note(batch, 'onRecordUnprocessed'),
        onBatchEnd: (_, batch) => note(batch, 'onBatchEnd'),
      };
      const gate = new Deferred();
      const method = async (record: SQSRecord): Promise<void> => {
        await gate.promise;
        picky(record);
      };
      const event = fifoEvent('a', 'bad', 'c'); // of the very same records
      const both = [1, 2].map(() => respond(event, method, { logger, fifo: true, observers: [observe(observer)] }));
      await settled();
      gate.resolve();
      await Promise.all(both);

      const run = ['onRecordStart', 'aroundRecord'];
      const hooks = [
        'onBatchStart',
        ...[...run, 'onRecordSuccess', ...run, 'onRecordFailure'],
        ...['onRecordUnprocessed', 'onBatchEnd'],
      ];
      expect([...told.values()]).to.deep.equal([hooks, hooks]);
    });

    it('hear of the end before a full failure is thrown', async () => {
      const { seen, observer } = noting();
      await rejection(respond(sqsEvent('bad'), picky, { logger, observers: [observe(observer)] }));
      expect(seen.slice(-2)).to.deep.equal(['failure bad: no bad', 'end']);
    });

    it('hear of a delivery that failed as of any failure', async () => {
      const { seen, observer } = noting();
      const nonRetryable = deadLetter({ deliverTo: () => new Error('refused') });
      await respond(sqsEvent('a', 'poison'), picky, { logger, nonRetryable, observers: [observe(observer)] });
      expect(seen).to.include('failure poison: no poison').and.not.include('delivered poison: no poison');
    });

    it('are awaited at the start and at the end of the batch, and not between', async () => {
      const starting = new Deferred();
      const ending = new Deferred();
      const never = () => new Promise(() => undefined);
      const method = sinon.fake();
      const observer: BatchObserver = {
        onBatchStart: () => starting.promise,
        onRecordStart: never,
        onRecordSuccess: never,
        onRecordFailure: never,
        onRecordUnprocessed: never,
        onBatchEnd: () => ending.promise,
      };
      const answered = sinon.fake();
      const answer = respond(sqsEvent('a', 'b'), method, { logger, observers: [observe(observer)] });
      void answer.then(answered);
      await settled();
      sinon.assert.notCalled(method);

      starting.resolve();
      await settled();
      sinon.assert.calledTwice(method);
      sinon.assert.notCalled(answered);

      ending.resolve();
      expect(await answer).to.deep.equal(reporting());
    });

    it('are all told, in order, and called as the objects they are', async () => {
      const seen: string[] = [];
      class Observer implements BatchObserver {
        readonly #name: string;
        constructor(name: string) {
          this.#name = name;
        }
        onBatchStart(): void {
          seen.push(`${this.#name} batch`);
        }
        onRecordStart(): void {
          seen.push(`${this.#name} start`);
        }
        aroundRecord(_delivery: Delivery, next: () => unknown): unknown {
          seen.push(`${this.#name} around`);
          return next();
        }
        onBatchEnd(): void {
          seen.push(`${this.#name} end`);
        }
      }
      await respond(sqsEvent('a'), () => seen.push('method'), {
        logger,
        observers: [new Observer('1'), {}, new Observer('2')].map(observe),
      });

      expect(seen).to.deep.equal([
        ...['1 batch', '2 batch', '1 start', '2 start'],
        ...['1 around', '2 around', 'method', '1 end', '2 end'],
      ]);
    });

    it('put a context around the method, also after an await', async () => {
      const storage = new AsyncLocalStorage<string>();
      const found: unknown[] = [];
      const observers = [
        observe({
          aroundRecord: async ({ itemIdentifier }, next) => {
            await settled();
            return storage.run(itemIdentifier!, next);
          },
        }),
      ];
      const method = async ({ body }: SQSRecord): Promise<void> => {
        await settled();
        found.push([body, storage.getStore()]);
      };
      await respond(sqsEvent('a', 'b'), method, { logger, observers });

      expect(found).to.deep.equal([
        ['a', 'id-a'],
        ['b', 'id-b'],
      ]);
    });

    for (const [what, hook] of Object.entries(hostileHooks)) {
      it(`that ${what} change nothing, which is logged once for each of them`, async () => {
        const hostile = (): BatchObserver => ({
          onBatchStart: hook,
          onRecordStart: hook,
          onRecordSuccess: hook,
          onRecordFailure: hook,
          onRecordUnprocessed: hook,
          onBatchEnd: hook,
        });
        const { seen, observer } = noting();
        let answer: unknown;
        const unhandled = await unhandledRejections(async () => {
          const observers = [hostile(), observer, hostile()].map(observe);
          answer = await respond(fifoEvent('a1', 'a2 bad', 'a3'), picky, { logger, observers, fifo: true });
        });

        expect(answer).to.deep.equal(reporting('a2 bad', 'a3'));
        expect(unhandled).to.deep.equal([]);
        expect(seen).to.have.length(7);
        const complaints = logger.warn.args.filter(([line]) => line.startsWith('An observer failed'));
        expect(complaints).to.have.length(2);
      });
    }

    for (const [what, aroundRecord, isLogged] of hostileArounds) {
      it(`of which one ${what} around a record change nothing of it`, async () => {
        const ran: string[] = [];
        const method = async (record: SQSRecord): Promise<void> => {
          ran.push(record.body);
          await settled();
          picky(record);
        };
        for (const run of [method, (record: SQSRecord) => (ran.push(record.body), picky(record))]) {
          ran.length = 0;
          logger.warn.resetHistory();
          const { seen, observer } = noting();
          let answer: unknown;
          const unhandled = await unhandledRejections(async () => {
            const observers = [{ aroundRecord }, observer].map(observe);
            answer = await respond(fifoEvent('a', 'b bad', 'c'), run, { logger, observers, fifo: true });
            await settled();
          });

          expect(answer).to.deep.equal(reporting('b bad', 'c'));
          expect(ran).to.deep.equal(['a', 'b bad']);
          expect(unhandled).to.deep.equal([]);
          expect(seen.slice(1, -2)).to.deep.equal(['start a', 'success a', 'start b bad', 'failure b bad: no b bad']);
          const complaints = logger.warn.args.filter(([line]) => line.startsWith('An observer failed'));
          expect(complaints).to.have.length(isLogged ? 1 : 0);
        }
      });
    }

    it('see around the method what it throws, so that a span can tell', async () => {
      const caught: unknown[] = [];
      const around = async (_: Delivery, next: () => unknown): Promise<unknown> => {
        try {
          return await next();
        } catch (error) {
          caught.push((error as Error).message);
          throw error;
        }
      };
      const observers = [{ aroundRecord: around }, { aroundRecord: around }].map(observe);
      await respond(sqsEvent('a', 'bad'), picky, { logger, observers });

      expect(caught).to.deep.equal(['no bad', 'no bad']);
      sinon.assert.notCalled(logger.warn);
    });

    it('are not blamed for the error of the record', async () => {
      const observers = [
        observe({ aroundRecord: (_, next) => next() }),
        observe({ aroundRecord: async (_, next) => next() }),
      ];
      await respond(sqsEvent('a', 'bad'), picky, { logger, observers });
      sinon.assert.notCalled(logger.warn);
    });

    it('are logged with name and message of their error, and with nothing that quotes a record', async () => {
      const onRecordStart = ({ record }: Delivery): unknown => JSON.parse((record as SQSRecord).body);
      const observers = [{ onRecordStart }, { onRecordStart: sinon.fake.throws(new RangeError('full')) }].map(observe);
      await respond(sqsEvent('secret'), () => undefined, { logger, observers });

      expect(logger.warn.args).to.deep.equal([
        ['An observer failed, which changes nothing: SyntaxError: (message withheld: it can quote the record).'],
        ['An observer failed, which changes nothing: RangeError: full.'],
      ]);
    });

    it('whose hooks cannot even be read are told of once, and change nothing', async () => {
      const revoked = revokedProxy() as BatchObserver;
      const { seen, observer } = noting();
      const method = sinon.fake(picky);
      const answer = await respond(sqsEvent('a', 'bad', 'c'), method, {
        logger,
        observers: [revoked, observer].map(observe),
      });
      expect(answer).to.deep.equal(reporting('bad'));
      expect(seen).to.include.members(['start a', 'success a', 'failure bad: no bad', 'end']);
      sinon.assert.calledOnce(logger.warn);
    });

    describe('at the deadline', () => {
      let clock: sinon.SinonFakeTimers;

      beforeEach(() => {
        clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
      });

      afterEach(() => {
        clock.restore();
      });

      it('that hang are waited for half of the time that is left, told of once, and change nothing', async () => {
        const hangs = () => new Promise(() => undefined);
        const observers = [observe({ onBatchStart: hangs, onBatchEnd: hangs })];
        const method = sinon.fake();
        const answered = sinon.fake();
        const answer = respond(sqsEvent('a'), method, { logger, observers }, contextEndingIn(4_000));
        void answer.then(answered);
        await clock.tickAsync(1_999);
        sinon.assert.notCalled(method);
        await clock.tickAsync(1);
        sinon.assert.calledOnce(method);
        await clock.tickAsync(999);
        sinon.assert.notCalled(answered);
        await clock.tickAsync(1);
        expect(await answer).to.deep.equal(reporting());
        expect(logger.warn.args).to.deep.equal([
          ['An observer failed, which changes nothing: Error: It did not answer within 2000 ms.'],
        ]);
        expect(clock.countTimers()).to.equal(0);
      });

      it('see what was running as failed, and why the rest was not run', async () => {
        const { seen, summaries, observer } = noting();
        const method = ({ body }: SQSRecord) => (body === 'a' ? undefined : new Promise(() => undefined));
        const options = { logger, observers: [observe(observer)], fifo: true, stopBeforeTimeout: 500 } as const;
        const answer = respond(fifoEvent('a', 'hung', 'c'), method, options, contextEndingIn(1_000));
        await clock.tickAsync(500);

        expect(await answer).to.deep.equal(reporting('hung', 'c'));
        expect(seen.at(-3)).to.match(/^failure hung: Not finished 500 ms before/);
        expect(seen.at(-2)).to.match(/^unprocessed c: Not finished 500 ms before/);
        expect(summaries[0]).to.include({ succeeded: 1, failed: 1, unprocessed: 1, stoppedBy: 'timeout' });
      });

      it('are told nothing of what settles after the answer', async () => {
        const { seen, observer } = noting();
        const hung = new Deferred();
        const method = ({ body }: SQSRecord) => (body === 'a' ? undefined : hung.promise);
        const options = { logger, observers: [observe(observer)], stopBeforeTimeout: 500 };
        const answer = respond(sqsEvent('a', 'hung'), method, options, contextEndingIn(1_000));
        await clock.tickAsync(500);
        await answer;
        hung.resolve();
        await settled();

        expect(seen.at(-1)).to.equal('end');
        expect(seen).not.to.include('success hung');
      });

      it('start no method once the batch has been answered, however long they took', async () => {
        const preparing = new Deferred();
        const method = sinon.fake();
        const aroundRecord: Around = async (_, next) => {
          await preparing.promise;
          return next();
        };
        const options = {
          logger,
          observers: [observe({ aroundRecord })],
          stopBeforeTimeout: 500,
          throwOnFullBatchFailure: false,
        } as const;
        const answer = respond(sqsEvent('a'), method, options, contextEndingIn(1_000));
        await clock.tickAsync(500);
        expect(await answer).to.deep.equal(reporting('a'));
        const unhandled = await unhandledRejections(async () => {
          preparing.resolve();
          await settled();
        });

        sinon.assert.notCalled(method);
        expect(unhandled).to.deep.equal([]);
      });
    });
  });
}

describe('Observers in the sync API', () => {
  const respond = (observers: BatchObserver[], method: (record: SQSRecord) => unknown = picky) => {
    const logger = fakeLogger();
    const processor = new BatchProcessorSync(EventType.SQS);
    const answer = processPartialResponseSync(sqsEvent('a', 'bad'), method, processor, {
      observers: observers.map(observe),
      logger,
      context: lambdaContext(),
    });
    return { answer, logger };
  };

  it('see what becomes of each record', () => {
    const { seen, observer } = noting();
    respond([observer]);
    expect(seen).to.deep.equal([
      'batch of 2 from SQS, a function',
      ...['start a', 'success a', 'start bad', 'failure bad: no bad'],
      'end',
    ]);
  });

  it('see around the method what it throws', () => {
    const caught: unknown[] = [];
    const aroundRecord = (_: Delivery, next: () => unknown): unknown => {
      try {
        return next();
      } catch (error) {
        caught.push((error as Error).message);
        throw error;
      }
    };
    const { answer } = respond([{ aroundRecord }]);

    expect(answer).to.deep.equal(reporting('bad'));
    expect(caught).to.deep.equal(['no bad']);
  });

  for (const [what, hook] of Object.entries(hostileHooks)) {
    it(`that ${what} change nothing`, async () => {
      const unhandled = await unhandledRejections(async () => {
        const hooks = { onBatchStart: hook, onRecordStart: hook, onRecordSuccess: hook, onBatchEnd: hook };
        expect(respond([hooks]).answer).to.deep.equal(reporting('bad'));
      });
      expect(unhandled).to.deep.equal([]);
    });
  }

  for (const [what, aroundRecord] of hostileArounds) {
    it(`of which one ${what} around a record change nothing of it, and nothing waits for them`, async () => {
      const ran: string[] = [];
      const unhandled = await unhandledRejections(async () => {
        const method = (record: SQSRecord) => (ran.push(record.body), picky(record));
        const { answer } = respond([{ aroundRecord }], method);
        expect(answer).to.deep.equal(reporting('bad'));
        expect(ran).to.deep.equal(['a', 'bad']);
        await settled();
      });
      expect(ran).to.deep.equal(['a', 'bad']);
      expect(unhandled).to.deep.equal([]);
    });
  }
});

describe('Observers of a processor whose clean() throws', () => {
  const clean = (): void => {
    throw new Error('not clean');
  };

  it('hear of the end all the same', async () => {
    const { seen, observer } = noting();
    const options = { observers: [observe(observer)], context: lambdaContext() };
    const processor = Object.assign(new BatchProcessor(EventType.SQS), { clean });
    const thrown = await rejection(processPartialResponse(sqsEvent('a'), picky, processor, options));

    expect(thrown).to.have.property('message', 'not clean');
    expect(seen.slice(-2)).to.deep.equal(['success a', 'end']);
  });

  it('hear of it in the sync API too', () => {
    const { seen, observer } = noting();
    const options = { observers: [observe(observer)], context: lambdaContext() };
    const processor = Object.assign(new BatchProcessorSync(EventType.SQS), { clean });

    expect(() => processPartialResponseSync(sqsEvent('a'), picky, processor, options)).to.throw('not clean');
    expect(seen.slice(-2)).to.deep.equal(['success a', 'end']);
  });
});

describe('The option observers', () => {
  it('costs nothing where there are none: the method is called in the same turn', async () => {
    for (const observers of [undefined, []]) {
      const method = sinon.fake();
      const answer = handlerFor({ source: 'SQS', observers } as never, method)(sqsEvent('a'), lambdaContext());
      sinon.assert.calledOnce(method);
      await answer;
    }
  });
});
