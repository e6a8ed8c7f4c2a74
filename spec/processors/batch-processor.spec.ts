import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';

import type { Context, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  type BaseRecord,
  BatchProcessingError,
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  FullBatchFailureError,
  processPartialResponse,
  processPartialResponseSync,
  SqsFifoPartialProcessor,
  SqsFifoPartialProcessorAsync,
  UnprocessedRecordError,
} from '../../lib';
import { dynamodbEvent, kinesisEvent, lambdaContext, nameOf, reporting, sqsEvent } from '../support/events';
import { apis, failing, hooked, noting, statusesOf, type Tuple, unhandledRejections } from '../support/processors';
import { Deferred, rejection, settled } from '../support/promises';

const identifiersOf = (response: { batchItemFailures: { itemIdentifier: string }[] }): string[] =>
  response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

for (const { title, isAsync, standard, of, respond, process } of apis) {
  const processRecord = isAsync ? 'processRecord' : 'processRecordSync';

  const prototype = isAsync ? BatchProcessor.prototype : BatchProcessorSync.prototype;
  const superProcess = prototype[processRecord].call.bind(prototype[processRecord]) as (
    self: BatchProcessor & BatchProcessorSync,
    record: SQSRecord,
  ) => Tuple | Promise<Tuple>;

  describe(`the processor of ${title}`, () => {
    it('reports every failure, once each and in record order (B1) (3c 1)', async () => {
      const event = sqsEvent('a', 'b', 'c', 'd', 'e');
      expect(await respond(event, failing('e', 'b', 'c'), standard())).to.deep.equal(reporting('b', 'c', 'e'));
    });

    it('hands the record and the Lambda context, not the options, to the handler (B7) (3c 20)', async () => {
      const context = lambdaContext();
      const handler = sinon.spy();
      const event = sqsEvent('a');
      await respond(event, handler, standard(), { context, throwOnFullBatchFailure: false });
      sinon.assert.calledOnceWithExactly(handler, event.Records[0], context);
      expect(handler.firstCall.args[0]).to.equal(event.Records[0]);
    });

    it('hands undefined to the handler where there is no context (B24)', async () => {
      const handler = sinon.spy();
      const event = sqsEvent('a');
      await respond(event, handler, standard());
      sinon.assert.calledOnceWithExactly(handler, event.Records[0], undefined);
    });

    it('takes handlers of no, one and two arguments (3c 20)', async () => {
      const handlers = [
        () => 'none',
        (record: SQSRecord) => record.body,
        (record: SQSRecord, context: Context) => [record.body, context.functionName],
      ];
      const results = [];
      for (const handler of handlers) {
        const processor = standard().register(sqsEvent('a').Records, handler, { context: lambdaContext() });
        results.push((await process(processor))[0]?.[1]);
      }
      expect(results).to.deep.equal(['none', 'a', ['a', 'orders']]);
    });

    it('gives one tuple a record, with the very result and record (3c 28)', async () => {
      const result = { placed: true };
      const event = sqsEvent('a', 'b');
      const processor = standard().register(event.Records, (record: SQSRecord) => {
        if (record.body === 'b') throw new RangeError('b is out of range');
        return result;
      });
      const [first, second] = await process(processor);
      expect(first).to.deep.equal(['success', result, event.Records[0]]);
      expect(first?.[1]).to.equal(result);
      expect(first?.[2]).to.equal(event.Records[0]);
      expect(second).to.deep.equal(['fail', 'b is out of range', event.Records[1]]);
      expect(second?.[2]).to.equal(event.Records[1]);
    });

    for (const result of [undefined, null, 0, '', false, [], ['fail', 'a result, not a response', {}]]) {
      it(`takes ${inspect(result)} for a result like any other (B17)`, async () => {
        const processor = standard().register(sqsEvent('a').Records, () => result);
        expect((await process(processor))[0]?.slice(0, 2)).to.deep.equal(['success', result]);
        expect(processor.response()).to.deep.equal(reporting());
      });
    }

    describe('fails only the record whose handler throws (B28) (3c 5)', () => {
      class Declined extends Error {
        override name = 'Declined';
      }
      const unreadable = Object.freeze({
        toString: () => {
          throw new Error('no text');
        },
      });
      const values: [title: string, thrown: unknown, message?: string][] = [
        ['an Error', new Error('plain'), 'plain'],
        ['a subclass of Error', new Declined('card'), 'card'],
        ['an Error of another realm', runInNewContext('new Error("elsewhere")'), 'elsewhere'],
        ['a frozen Error', Object.freeze(new Error('frozen')), 'frozen'],
        ['a string', 'a reason', 'a reason'],
        ['a number', 42],
        ['null', null],
        ['undefined', undefined],
        ['a symbol', Symbol('s')],
        ['a function', () => undefined],
        ['a frozen object whose toString throws', unreadable],
        ['a fail tuple', ['fail', 'thrown', {}]],
      ];
      for (const [what, thrown, message] of values) {
        it(what, async () => {
          const processor = standard().register(sqsEvent('a', 'b').Records, (record: SQSRecord) => {
            if (record.body === 'a') throw thrown;
          });
          const results = await process(processor);
          expect(statusesOf(results)).to.deep.equal(['fail a', 'success b']);
          expect(results[0]?.[1]).to.be.a('string').and.not.equal('');
          if (message !== undefined) expect(results[0]?.[1]).to.equal(message);
          const [error] = processor.errors;
          if (typeof thrown === 'object' && message !== undefined) expect(error).to.equal(thrown);
          else expect(error).to.be.instanceOf(BatchProcessingError).with.property('cause', thrown);
          expect(processor.response()).to.deep.equal(reporting('a'));
        });
      }
    });

    it('fails a class method that lost its this, out loud (L15)', async () => {
      class Orders {
        readonly placed: string[] = [];

        place(record: SQSRecord): void {
          this.placed.push(record.body);
        }
      }
      const orders = new Orders();
      const error = await rejection(respond(sqsEvent('a'), orders.place, standard()));
      expect((error as FullBatchFailureError).recordErrors[0]).to.be.instanceOf(TypeError);
      expect(await respond(sqsEvent('a'), orders.place.bind(orders), standard())).to.deep.equal(reporting());
      expect(orders.placed).to.deep.equal(['a']);
    });

    it('runs one record after another with processInParallel: false, past failures', async () => {
      const { ran, handler } = noting(failing('a', 'b'));
      const options = { processInParallel: false };
      expect(await respond(sqsEvent('a', 'b', 'c'), handler, standard(), options)).to.deep.equal(reporting('a', 'b'));
      expect(ran).to.deep.equal(['a', 'b', 'c']);
    });

    it('reports all failures of a stream, by sequence numbers that stay strings (B12) (3c 11)', async () => {
      const kinesis = kinesisEvent('a', 'b', 'c');
      const answer = await respond(kinesis, failing('b', 'c'), of('KinesisDataStreams'));
      expect(identifiersOf(answer)).to.deep.equal(kinesis.Records.slice(1).map((r) => r.kinesis.sequenceNumber));
      const dynamodb = dynamodbEvent('a', 'b', 'c');
      const other = await respond(dynamodb, failing('a', 'c'), of('DynamoDBStreams'));
      expect(identifiersOf(other)).to.deep.equal(['111000000000000000000000', '111000000000000000000002']);
    });

    it("stops a shard at its first failure with order: 'shard' (3c 11)", async () => {
      const event = kinesisEvent('a1', 'b1', 'a2', 'c1');
      const { ran, handler } = noting(failing('b1'));
      const processor = of('KinesisDataStreams').register(event.Records, handler, { order: 'shard' });
      expect(statusesOf(await process(processor))).to.deep.equal(['success a1', 'fail b1', 'fail a2', 'fail c1']);
      expect(ran).to.deep.equal(['a1', 'b1']);
      expect(identifiersOf(processor.response())).to.deep.equal(
        event.Records.slice(1).map((r) => r.kinesis.sequenceNumber),
      );
      expect(processor.errors[1]).to.be.instanceOf(UnprocessedRecordError).with.property('cause', processor.errors[0]);
    });

    for (const type of ['KinesisDataStreams', 'DynamoDBStreams'] as const) {
      it(`stops only the failed key of ${type} with order: 'key' (3c 11)`, async () => {
        const names = ['a1', 'b1', 'a2', 'b2', 'c1'];
        const event = type === 'KinesisDataStreams' ? kinesisEvent(...names) : dynamodbEvent(...names);
        const { ran, handler } = noting(failing('a1'));
        const processor = of(type).register(event.Records, handler, { order: 'key' });
        expect(statusesOf(await process(processor))).to.deep.equal([
          'fail a1',
          'success b1',
          'fail a2',
          'success b2',
          'success c1',
        ]);
        expect(ran).to.have.members(['a1', 'b1', 'b2', 'c1']);
        expect(processor.response().batchItemFailures).to.have.length(2);
      });
    }

    describe(`with its ${processRecord} overridden`, () => {
      const overridden = (override: (this: BatchProcessor & BatchProcessorSync, record: SQSRecord) => unknown) =>
        hooked(standard(), { [processRecord]: override });

      it('fails a record for which it throws', async () => {
        const processor = overridden((record) => {
          if (record.body === 'a') throw new RangeError('thrown');
          return ['success', 1, record];
        });
        expect(await respond(sqsEvent('a', 'b'), failing(), processor)).to.deep.equal(reporting('a'));
        expect(processor.errors[0]).to.be.instanceOf(RangeError);
        expect(processor.failureMessages.map(nameOf)).to.deep.equal(['a']);
      });

      it('fails a record for which it returns no response', async () => {
        for (const returned of [undefined, null, 'success', [], ['ok', 1, {}]]) {
          const processor = overridden(() => returned);
          const error = await rejection(respond(sqsEvent('a'), failing(), processor));
          const [recordError] = (error as FullBatchFailureError).recordErrors;
          expect(recordError).to.be.instanceOf(BatchProcessingError);
          expect(recordError?.message).to.include('processRecord');
        }
      });

      it('goes by what it told the hooks where it returns no response', async () => {
        const processor = overridden(function (record) {
          if (record.body === 'a') this.failureHandler(record, new RangeError('told'));
          else this.successHandler(record, 1);
        });
        processor.register(sqsEvent('a', 'b').Records, failing());
        expect(statusesOf(await process(processor))).to.deep.equal(['fail a', 'success b']);
        expect(processor.errors[0]).to.be.instanceOf(RangeError);
      });

      it('goes by the fail tuple that it returns, also where the handler succeeded', async () => {
        const processor = overridden(function (record) {
          if (record.body === 'a') return ['fail', 'on second thoughts', record];
          return this.successHandler(record, 1);
        });
        processor.register(sqsEvent('a', 'b').Records, failing());
        expect((await process(processor))[0]?.[1]).to.equal('on second thoughts');
        expect(processor.response()).to.deep.equal(reporting('a'));
        expect(processor.errors[0]?.message).to.equal('on second thoughts');
      });

      it('may try again', async () => {
        let attempts = 0;
        const processor = hooked(standard(), {
          processRecord: async function (this: BatchProcessor & BatchProcessorSync, record: SQSRecord) {
            const first = await superProcess(this, record);
            return first[0] === 'fail' ? superProcess(this, record) : first;
          },
          processRecordSync: function (this: BatchProcessor & BatchProcessorSync, record: SQSRecord) {
            const first = superProcess(this, record) as Tuple;
            return first[0] === 'fail' ? superProcess(this, record) : first;
          },
        });
        processor.register(sqsEvent('a', 'b').Records, (record: SQSRecord) => {
          if (record.body === 'b' || ++attempts === 1) throw new Error(`${record.body} failed`);
        });
        expect(statusesOf(await process(processor))).to.deep.equal(['success a', 'fail b']);
        expect(processor.successMessages.map(nameOf)).to.deep.equal(['a']);
        expect(processor.errors.map(({ message }) => message)).to.deep.equal(['b failed']);
      });

      it('may hand on a changed copy, whose failure keeps its error and its identifier', async () => {
        const thrown = new RangeError('original');
        const processor = overridden(function (record) {
          return superProcess(this, { ...record, messageId: 'changed', body: `(${record.body})` });
        });
        processor.register(sqsEvent('a', 'b').Records, (record: SQSRecord) => {
          if (record.body === '(a)') throw thrown;
          return record.body;
        });
        expect((await process(processor)).map(([status, value]) => [status, value])).to.deep.equal([
          ['fail', 'original'],
          ['success', '(b)'],
        ]);
        expect(processor.response()).to.deep.equal(reporting('a'));
        expect(processor.errors[0]).to.equal(thrown);
      });
    });

    it('keeps the error of each where the same record is in a batch twice (3c 28)', async () => {
      const { Records } = sqsEvent('a', 'b');
      const errors = [new Error('first'), new Error('second')];
      const handler = sinon.stub().onFirstCall().throws(errors[0]).onSecondCall().throws(errors[1]);
      const processor = standard().register([Records[0]!, Records[0]!, Records[1]!], handler);
      expect(statusesOf(await process(processor))).to.deep.equal(['fail a', 'fail a', 'success b']);
      expect(processor.response()).to.deep.equal(reporting('a'));
      expect(processor.errors).to.deep.equal(errors);
    });

    it('reports an identifier once that failed and succeeded in one batch (3c 28)', async () => {
      const [record] = sqsEvent('a').Records;
      const handler = sinon.stub().onSecondCall().throws(new Error('second'));
      const processor = standard().register([record!, { ...record! }], handler);
      expect((await process(processor)).map(([status]) => status)).to.deep.equal(['success', 'fail']);
      expect(processor.response()).to.deep.equal(reporting('a'));
    });
  });
}

describe('BatchProcessor', () => {
  const processor = new BatchProcessor(EventType.SQS);

  it('starts all records before the first ends', async () => {
    const gate = new Deferred();
    const { ran, handler } = noting(() => gate.promise);
    const answer = processPartialResponse(sqsEvent('a', 'b', 'c'), handler, processor);
    await settled();
    expect(ran).to.deep.equal(['a', 'b', 'c']);
    gate.resolve();
    expect(await answer).to.deep.equal(reporting());
  });

  it('starts a record with processInParallel: false when the one before has ended', async () => {
    const gates: Record<string, Deferred> = { a: new Deferred(), b: new Deferred() };
    const { ran, handler } = noting((record) => gates[nameOf(record)]!.promise);
    const answer = processPartialResponse(sqsEvent('a', 'b'), handler, processor, { processInParallel: false });
    await settled();
    expect(ran).to.deep.equal(['a']);
    gates.a!.reject(new Error('a failed'));
    await settled();
    expect(ran).to.deep.equal(['a', 'b']);
    gates.b!.resolve();
    expect(await answer).to.deep.equal(reporting('a'));
  });

  it('runs no more records at once than concurrency says (L14) (3c 19)', async () => {
    const running: Deferred[] = [];
    let peak = 0;
    let active = 0;
    const handler = async (): Promise<void> => {
      peak = Math.max(peak, ++active);
      const gate = new Deferred();
      running.push(gate);
      await gate.promise;
      active--;
    };
    const names = Array.from({ length: 10 }, (_, index) => `m${index}`);
    const answer = processPartialResponse(sqsEvent(...names), handler, processor, { concurrency: 3 });
    for (let next = 0; next < names.length; next++) {
      await settled();
      running[next]!.resolve();
    }
    expect(await answer).to.deep.equal(reporting());
    expect(peak).to.equal(3);
  });

  it('runs ten thousand records (3c 19)', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `m${index}`);
    const answer = await processPartialResponse(sqsEvent(...names), failing('m0', 'm9999'), processor);
    expect(answer).to.deep.equal(reporting('m0', 'm9999'));
  });

  it('fails a record whose handler rejects, returns a rejecting thenable, or throws before it awaits (B19) (L24) (3c 5)', async () => {
    const handler = ({ body }: SQSRecord): unknown => {
      if (body === 'thenable')
        return {
          then: (_: unknown, reject: (reason: Error) => void) => {
            reject(new Error('thenable failed'));
          },
        };
      if (body === 'nothing') return Promise.reject();
      if (body === 'sync') throw new Error('sync failed');
      return Promise.resolve(body);
    };
    const event = sqsEvent('thenable', 'nothing', 'sync', 'fine');
    expect(await processPartialResponse(event, handler, processor)).to.deep.equal(
      reporting('thenable', 'nothing', 'sync'),
    );
  });

  it('gives what a thenable resolves to', async () => {
    const thenable = {
      then: (resolve: (value: string) => void) => {
        resolve('later');
      },
    };
    processor.register(sqsEvent('a').Records, () => thenable);
    expect((await processor.process())[0]?.[1]).to.equal('later');
    processor.response();
  });

  it('raises no unhandledRejection when all records reject at once (3c 25)', async () => {
    const reasons = await unhandledRejections(async () => {
      await rejection(
        processPartialResponse(sqsEvent('a', 'b'), async () => Promise.reject(new Error('no')), processor),
      );
    });
    expect(reasons).to.deep.equal([]);
  });

  it('keeps the async context of its caller in every handler (B25)', async () => {
    const trace = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const handler = async (): Promise<void> => {
      await settled();
      seen.push(trace.getStore());
    };
    await trace.run('trace-1', () =>
      processPartialResponse(sqsEvent('a', 'b', 'c'), handler, processor, { concurrency: 1 }),
    );
    expect(seen).to.deep.equal(['trace-1', 'trace-1', 'trace-1']);
  });

  it('rejects from a process() that was taken off it (L22)', async () => {
    const { process } = processor as { process: () => Promise<unknown> };
    expect(await rejection(process())).to.be.instanceOf(TypeError);
  });
});

describe('BatchProcessorSync', () => {
  const processor = new BatchProcessorSync(EventType.SQS);

  const promises: [title: string, promise: () => unknown][] = [
    ['a promise that resolves', () => Promise.resolve(1)],
    ['a promise that rejects', () => Promise.reject(new Error('late'))],
    [
      'a thenable',
      () => ({
        then: (resolve: () => void) => {
          resolve();
        },
      }),
    ],
    [
      'a thenable that throws',
      () => ({
        then: () => {
          throw new Error('then');
        },
      }),
    ],
  ];
  for (const [title, promise] of promises) {
    it(`fails a record whose handler returns ${title}, and consumes its rejection (L7) (B30) (3c 25)`, async () => {
      const reasons = await unhandledRejections(() => {
        const handler = (record: SQSRecord): unknown => (record.body === 'a' ? promise() : undefined);
        expect(processPartialResponseSync(sqsEvent('a', 'b'), handler, processor)).to.deep.equal(reporting('a'));
        expect(processor.errors[0]).to.be.instanceOf(BatchProcessingError);
        expect(processor.errors[0]?.message).to.include('returned a promise');
      });
      expect(reasons).to.deep.equal([]);
    });
  }
});

describe('a processor of the other API (L27)', () => {
  /** As a bundler's minifier leaves it. */
  const minified = <C extends new (...args: never[]) => object>(Class: C): C =>
    Object.defineProperty(Class, 'name', { value: 'e' });

  const asyncOnes: [title: string, make: () => BatchProcessor][] = [
    ['BatchProcessor', () => new BatchProcessor(EventType.SQS)],
    ['a subclass of it', () => new (class extends BatchProcessor {})(EventType.SQS)],
    [
      'a subclass named BatchProcessorSync',
      () => new (minified(class BatchProcessorSync extends BatchProcessor {}))(EventType.SQS),
    ],
    ['SqsFifoPartialProcessorAsync', () => new SqsFifoPartialProcessorAsync()],
    ['a subclass of that', () => new (minified(class extends SqsFifoPartialProcessorAsync {}))()],
  ];
  for (const [title, make] of asyncOnes) {
    it(`is refused by processPartialResponseSync where it is ${title}`, () => {
      const handler = sinon.spy();
      const processor = hooked(make(), { prepare: sinon.spy() });
      expect(() => processPartialResponseSync(sqsEvent('a'), handler, processor)).to.throw(
        BatchProcessingError,
        'asynchronous',
      );
      expect(() => processor.register(sqsEvent('a').Records, handler).processSync()).to.throw(BatchProcessingError);
      expect(() => processor.processRecordSync({})).to.throw(BatchProcessingError, 'asynchronous');
      sinon.assert.notCalled(handler);
      sinon.assert.notCalled(processor.prepare as sinon.SinonSpy);
    });
  }

  const syncOnes: [title: string, make: () => BatchProcessorSync][] = [
    ['BatchProcessorSync', () => new BatchProcessorSync(EventType.SQS)],
    ['a subclass of it', () => new (minified(class extends BatchProcessorSync {}))(EventType.SQS)],
    ['SqsFifoPartialProcessor', () => new SqsFifoPartialProcessor()],
    ['a subclass of that', () => new (class extends SqsFifoPartialProcessor {})()],
  ];
  for (const [title, make] of syncOnes) {
    it(`is refused by processPartialResponse where it is ${title}`, async () => {
      const handler = sinon.spy();
      const processor = hooked(make(), { prepare: sinon.spy() });
      const error = await rejection(processPartialResponse(sqsEvent('a'), handler, processor));
      expect(error).to.be.instanceOf(BatchProcessingError).with.property('message').that.includes('synchronous');
      expect(await rejection(processor.register(sqsEvent('a').Records, handler).process())).to.be.instanceOf(
        BatchProcessingError,
      );
      expect(await rejection(processor.processRecord({}))).to.be.instanceOf(BatchProcessingError);
      sinon.assert.notCalled(handler);
      sinon.assert.notCalled(processor.prepare as sinon.SinonSpy);
    });
  }

  it('is taken where a subclass has the missing half itself', async () => {
    class Both extends BatchProcessor {
      override processRecordSync(record: BaseRecord): Tuple {
        return this.successHandler(record, 'sync');
      }
    }
    class BothSync extends BatchProcessorSync {
      override async processRecord(record: BaseRecord): Promise<Tuple> {
        return this.successHandler(record, 'async');
      }
    }
    const { Records } = sqsEvent('a');
    expect(new Both(EventType.SQS).register(Records, failing()).processSync()[0]?.[1]).to.equal('sync');
    expect((await new BothSync(EventType.SQS).register(Records, failing()).process())[0]?.[1]).to.equal('async');
  });
});

for (const { title, standard, respond } of apis) {
  describe(`a generator in ${title}`, () => {
    it('fails its record, because nothing of it has run (3c 25)', async () => {
      function* generator(): Generator {
        yield 1;
      }
      const handler = (record: SQSRecord) => (record.body === 'b' ? generator() : undefined);
      expect(await respond(sqsEvent('a', 'b'), handler, standard())).to.deep.equal(reporting('b'));
    });
  });
}

describe('a generator given to the processRecord of a processor that a subclass calls', () => {
  function* generator(): Generator {
    yield 1;
  }
  const handler = (record: SQSRecord) => (record.body === 'b' ? generator() : undefined);

  it('fails its record', async () => {
    class Overridden extends BatchProcessor {
      override processRecord(record: BaseRecord) {
        return super.processRecord(record);
      }
    }
    const response = await processPartialResponse(sqsEvent('a', 'b'), handler, new Overridden(EventType.SQS));
    expect(response).to.deep.equal(reporting('b'));
  });

  it('fails its record without promises too', () => {
    class Overridden extends BatchProcessorSync {
      override processRecordSync(record: BaseRecord) {
        return super.processRecordSync(record);
      }
    }
    const response = processPartialResponseSync(sqsEvent('a', 'b'), handler, new Overridden(EventType.SQS));
    expect(response).to.deep.equal(reporting('b'));
  });
});

describe('BatchProcessorSync', () => {
  it('refuses concurrency, which it can not give', () => {
    const options = { concurrency: 2 };
    const processor = new BatchProcessorSync(EventType.SQS);
    expect(() => processPartialResponseSync(sqsEvent('a'), failing(), processor, options)).to.throw(TypeError, 'async');
    expect(processPartialResponseSync(sqsEvent('a'), failing(), processor, { concurrency: 1 })).to.deep.equal(
      reporting(),
    );
  });
});
