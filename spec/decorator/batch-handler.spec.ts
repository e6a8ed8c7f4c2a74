import { expect } from 'chai';
import type { Context, SQSRecord } from 'aws-lambda';
import sinon from 'sinon';

import {
  BasePartialProcessor,
  BatchHandler,
  BatchProcessor,
  BatchProcessorSync,
  type Delivery,
  getBatchHandlerOptions,
  lambdaHandler,
  SqsFifoPartialProcessorAsync,
  type SuccessResponse,
  UnexpectedBatchTypeError,
} from '../../lib';
import { fifoEvent, kinesisEvent, lambdaContext, nameOf, reporting, sqsEvent, sqsRecord } from '../support/events';
import { fakeLogger } from '../support/logger';
import { rejection } from '../support/promises';

const context = lambdaContext();
const logger = fakeLogger();

/** Records what it handles; fails for bodies that start with "bad". */
class Orders {
  readonly #handled: string[] = [];
  readonly prefix: string;

  constructor(prefix = '') {
    this.prefix = prefix;
  }

  get handled(): string[] {
    return this.#handled;
  }

  @BatchHandler({ source: 'SQS', logger })
  async handle(record: SQSRecord): Promise<void> {
    this.#note(record.body);
  }

  @BatchHandler({ source: 'SQS', fifo: true, logger })
  async handleInOrder(record: SQSRecord): Promise<void> {
    this.#note(record.body);
  }

  #note(body: string): void {
    this.#handled.push(this.prefix + body);
    if (body.startsWith('bad')) throw new Error(`no ${body}`);
  }
}

describe('@BatchHandler', () => {
  describe('makes a method the Lambda entry (3c 21)', () => {
    it('answers which records failed', async () => {
      expect(await lambdaHandler(new Orders(), 'handle')(sqsEvent('a', 'bad', 'c'), context)).to.deep.equal(
        reporting('bad'),
      );
    });

    it('keeps its instance, private fields included, when it is detached', async () => {
      const orders = new Orders();
      const entry = orders.handle as unknown as (event: unknown, context: Context) => Promise<unknown>;

      expect(await entry(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
      expect(orders.handled).to.deep.equal(['a', 'bad']);
    });

    it('is the same function whenever it is read', () => {
      const orders = new Orders();
      expect(orders.handle).to.equal(orders.handle);
    });

    it('keeps two instances apart', async () => {
      const [one, two] = [new Orders('1-'), new Orders('2-')];
      await lambdaHandler(one, 'handle')(sqsEvent('a'), context);
      await lambdaHandler(two, 'handle')(sqsEvent('b'), context);

      expect([one.handled, two.handled]).to.deep.equal([['1-a'], ['2-b']]);
    });

    it('allows several decorated methods in a class, each with its own options', async () => {
      const orders = new Orders();

      expect(await lambdaHandler(orders, 'handle')(sqsEvent('a', 'bad', 'c'), context)).to.deep.equal(reporting('bad'));
      expect(await lambdaHandler(orders, 'handleInOrder')(fifoEvent('a', 'bad', 'c'), context)).to.deep.equal(
        reporting('bad', 'c'),
      );
    });

    it("has two parameters and the method's name, bound or not (3c 20)", () => {
      const { handle } = new Orders();
      const unbound = Object.getOwnPropertyDescriptor(Orders.prototype, 'handle');
      const onPrototype = Orders.prototype.handle;

      expect(handle).to.have.property('length', 2);
      expect(handle).to.have.property('name', 'handle');
      expect(onPrototype).to.have.property('length', 2);
      expect(onPrototype).to.have.property('name', 'handle');
      expect(unbound).to.include({ configurable: true, enumerable: false });
    });

    it('takes a symbol for a name', async () => {
      const entry = Symbol('entry');
      class Symbolic {
        @BatchHandler({ source: 'SQS', logger })
        async [entry](record: SQSRecord): Promise<void> {
          if (record.body === 'bad') throw new Error('no');
        }
      }
      const handler = lambdaHandler(new Symbolic(), entry);

      expect(handler).to.have.property('name', '[entry]');
      expect(await handler(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
    });

    it('leaves an instance without enumerable traces', () => {
      const orders = new Orders();
      expect(orders.handle).to.be.a('function');
      expect(Object.keys(orders)).to.deep.equal(['prefix']);
    });

    it('calls the method with the record, the context and the delivery, on the instance', async () => {
      const seen: unknown[][] = [];
      class Seeing {
        @BatchHandler({ source: 'SQS' })
        async handle(record: SQSRecord, given: Context, delivery: Delivery<SQSRecord>): Promise<void> {
          seen.push([this, record, given, delivery.record, delivery.itemIdentifier, delivery.index]);
        }
      }
      const seeing = new Seeing();
      const event = sqsEvent('a', 'b');
      await lambdaHandler(seeing, 'handle')(event, context);

      expect(seen).to.deep.equal([
        [seeing, event.Records[0], context, event.Records[0], 'id-a', 0],
        [seeing, event.Records[1], context, event.Records[1], 'id-b', 1],
      ]);
      expect(seen[0]![2]).to.equal(context);
    });
  });

  describe('in a class hierarchy', () => {
    it('is inherited, and runs on the instance of the subclass', async () => {
      class Special extends Orders {}
      const special = new Special('special-');
      await lambdaHandler(special, 'handle')(sqsEvent('a'), context);

      expect(special.handled).to.deep.equal(['special-a']);
    });

    it('can be overridden with options of its own, in whatever order the two are used', async () => {
      class Strict extends Orders {
        @BatchHandler({ source: 'SQS', fifo: true, logger })
        override async handle(record: SQSRecord): Promise<void> {
          this.handled.push(`strict ${record.body}`);
          throw new Error('no');
        }
      }
      const strict = new Strict();
      const plain = new Orders();
      const event = fifoEvent('a', 'b');

      for (let round = 0; round < 2; round++) {
        expect(await rejection(lambdaHandler(strict, 'handle')(event, context))).to.be.an('error');
        expect(await lambdaHandler(plain, 'handle')(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
      }
      expect(strict.handled).to.deep.equal(['strict a', 'strict a']);
      expect(getBatchHandlerOptions(Strict, 'handle')).to.include({ fifo: true });
      expect(getBatchHandlerOptions(Orders, 'handle')).not.to.have.property('fifo');
    });

    it('can be overridden without a decorator, and be called as super with the event', async () => {
      const calls: string[] = [];
      class Prepared extends Orders {
        override async handle(event: never, given?: Context): Promise<void> {
          calls.push('before');
          const answer: unknown = await (super.handle as (event: unknown, context: unknown) => unknown)(event, given);
          calls.push('after');
          return answer as undefined;
        }
      }
      const prepared = new Prepared();

      for (let round = 0; round < 2; round++) {
        const answer: unknown = await prepared.handle(sqsEvent('a', 'bad') as never, context);
        expect(answer).to.deep.equal(reporting('bad'));
      }
      expect(calls).to.deep.equal(['before', 'after', 'before', 'after']);
      expect(prepared.handled).to.deep.equal(['a', 'bad', 'a', 'bad']);
    });

    it('lets a decorated override call super with the event it makes of its record', async () => {
      class Twice extends Orders {
        @BatchHandler({ source: 'SQS', logger })
        override async handle(record: SQSRecord): Promise<void> {
          const entry = super.handle as unknown as (event: unknown, context: Context) => Promise<unknown>;
          await entry.call(this, { Records: [{ ...record, body: `${record.body}${record.body}` }] }, context);
        }
      }
      const twice = new Twice();
      await lambdaHandler(twice, 'handle')(sqsEvent('a', 'b'), context);

      expect(twice.handled).to.deep.equal(['aa', 'bb']);
    });

    it('fails a record whose decorated override calls super with it, and says what to pass', async () => {
      const lines = fakeLogger();
      class Wrong extends Orders {
        @BatchHandler({ source: 'SQS', logger: lines, throwOnFullBatchFailure: false })
        override async handle(record: SQSRecord): Promise<void> {
          return super.handle(record);
        }
      }
      expect(await lambdaHandler(new Wrong(), 'handle')(sqsEvent('a'), context)).to.deep.equal(reporting('a'));
      expect(lines.error.firstCall.args[1]).to.have.property('name', 'UnexpectedBatchTypeError');
      expect(lines.error.firstCall.args[1]).to.have.property('message').that.includes('{ Records: [record] }');
    });

    it('works on a static method, detached and inherited', async () => {
      class Statics {
        static readonly handled: string[] = [];
        static label = 'base';

        @BatchHandler({ source: 'KinesisDataStreams', logger })
        static async handle(record: import('aws-lambda').KinesisStreamRecord): Promise<void> {
          this.handled.push(`${this.label} ${nameOf(record)}`);
        }
      }
      class Derived extends Statics {
        static override label = 'derived';
      }
      const { handle } = Statics as unknown as { handle: (event: unknown, context: Context) => Promise<unknown> };

      expect(await handle(kinesisEvent('a'), context)).to.deep.equal({ batchItemFailures: [] });
      await lambdaHandler(Derived, 'handle')(kinesisEvent('b'), context);
      expect(Statics.handled).to.deep.equal(['base a', 'derived b']);
      expect(handle).to.have.property('length', 2);
      expect(handle).to.have.property('name', 'handle');
    });
  });

  describe('among other decorators', () => {
    type AnyMethod = (this: unknown, ...args: never[]) => unknown;

    /** A decorator as most are written: it reads and sets `descriptor.value`, or returns a function. */
    const wrapping =
      (calls: string[], label: string) =>
      (target: unknown, _key: unknown, descriptor?: PropertyDescriptor): never => {
        const method = (descriptor === undefined ? target : descriptor.value) as AnyMethod;
        const wrapped = function (this: unknown, ...args: never[]): unknown {
          calls.push(label);
          return method.apply(this, args);
        };
        if (descriptor === undefined) return wrapped as never;
        descriptor.value = wrapped;
        return descriptor as never;
      };

    for (const round of [1, 2]) {
      it(`runs what stands above once a batch and what stands below once a record (instance ${round})`, async () => {
        const calls: string[] = [];
        class Stacked {
          readonly handled: string[] = [];

          @wrapping(calls, 'top')
          @wrapping(calls, 'above')
          @BatchHandler({ source: 'SQS', logger })
          @wrapping(calls, 'below')
          async handle(record: SQSRecord): Promise<void> {
            this.handled.push(record.body);
            if (record.body === 'bad') throw new Error('no');
          }
        }
        const stacked = Array.from({ length: round }, () => new Stacked()).at(-1)!;
        const { handle } = stacked as unknown as { handle: (event: unknown, context: Context) => Promise<unknown> };

        expect(await handle(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
        expect(calls).to.deep.equal(['top', 'above', 'below', 'below']);
        expect(stacked.handled).to.deep.equal(['a', 'bad']);
        expect(handle).to.have.property('length', 2);
        expect(handle).to.have.property('name', 'handle');
        expect(lambdaHandler(stacked, 'handle')).to.be.a('function');
        expect(getBatchHandlerOptions(Stacked, 'handle')).to.include({ source: 'SQS' });
      });
    }

    it('is refused twice on one method, also where another decorator stands between', () => {
      expect(() => {
        class Twice {
          @BatchHandler({ source: 'SQS' })
          @wrapping([], 'between')
          @BatchHandler({ source: 'SQS' })
          async handle(_record: SQSRecord): Promise<void> {
            // nothing to do
          }
        }
        return Twice;
      }).to.throw(TypeError, 'handle is decorated twice');
    });

    it('carries over the metadata that others put on the method', () => {
      const labelled = (target: unknown, _key: unknown, descriptor?: PropertyDescriptor): void => {
        Reflect.defineMetadata('label', 'orders', (descriptor?.value ?? target) as object);
      };
      class Labelled {
        @BatchHandler({ source: 'SQS' })
        @labelled
        async handle(_record: SQSRecord): Promise<void> {
          // nothing to do
        }
      }
      const { handle } = new Labelled();

      expect(Reflect.getMetadata('label', handle)).to.equal('orders');
      expect(Reflect.getMetadata('label', Labelled.prototype.handle)).to.equal('orders');
    });
  });

  describe('under sinon', () => {
    afterEach(() => {
      sinon.restore();
    });

    it('lets collaborators and sibling methods be stubbed', async () => {
      const repository = { save: (_body: string): Promise<void> => Promise.reject(new Error('no database')) };
      class Saving {
        @BatchHandler({ source: 'SQS', logger })
        async handle(record: SQSRecord): Promise<void> {
          await this.save(record);
        }
        async save(record: SQSRecord): Promise<void> {
          await repository.save(record.body);
        }
      }
      const saving = new Saving();
      const save = sinon.stub(repository, 'save').resolves();
      await lambdaHandler(saving, 'handle')(sqsEvent('a'), context);
      sinon.assert.calledOnceWithExactly(save, 'a');

      const sibling = sinon.stub(saving, 'save').rejects(new Error('stubbed'));
      expect(await rejection(lambdaHandler(saving, 'handle')(sqsEvent('b'), context))).to.be.an('error');
      sinon.assert.calledOnce(sibling);
    });

    it('lets the entry itself be stubbed by value, and restored, before and after it was first read', async () => {
      const orders = new Orders();
      const fake = sinon.fake.resolves({ batchItemFailures: [] });
      for (let round = 0; round < 2; round++) {
        const handler = lambdaHandler(orders, 'handle');
        const stub = sinon.stub(orders, 'handle').value(fake);
        expect(await handler(sqsEvent('bad'), context)).to.deep.equal({ batchItemFailures: [] });
        stub.restore();
        expect(await handler(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
      }
      sinon.assert.calledTwice(fake);
      expect(orders.handled).to.deep.equal(['a', 'bad', 'a', 'bad']);
    });

    it('lets the entry be spied on by assignment, and be detached then', async () => {
      const orders = new Orders();
      const spy = (orders.handle = sinon.fake(orders.handle));
      const { handle } = orders as unknown as { handle: (event: unknown, context: Context) => Promise<unknown> };

      expect(await handle(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
      expect(orders.handled).to.deep.equal(['a', 'bad']);
      sinon.assert.calledOnce(spy);
    });

    it('lets the entry be assigned to', async () => {
      const orders = new Orders();
      const fake = sinon.fake.resolves('assigned');
      orders.handle = fake as never;
      expect(await (orders.handle as unknown as () => Promise<unknown>)()).to.equal('assigned');
      expect(await lambdaHandler(new Orders(), 'handle')(sqsEvent('a', 'bad'), context)).to.deep.equal(
        reporting('bad'),
      );
    });
  });

  describe('with a processor', () => {
    it('lets the processor do the work, hooks included, with the method as record handler', async () => {
      const hooks: string[] = [];
      class Counting extends BatchProcessor {
        override successHandler(...[record, result]: Parameters<BatchProcessor['successHandler']>): never {
          hooks.push(`success ${nameOf(record)}`);
          return super.successHandler(record, result) as never;
        }
        override failureHandler(...[record, error]: Parameters<BatchProcessor['failureHandler']>): never {
          hooks.push(`failure ${nameOf(record)} ${error.message}`);
          return super.failureHandler(record, error) as never;
        }
      }
      const processor = new Counting('SQS');
      const lines = fakeLogger();
      const deliveries: unknown[] = [];
      class Processed {
        readonly label = 'mine';

        @BatchHandler({ source: 'SQS', processor, logger: lines, concurrency: 1 })
        async handle(record: SQSRecord, given: Context, delivery: Delivery<SQSRecord>): Promise<string> {
          deliveries.push([delivery.index, delivery.itemIdentifier, delivery.record === record, given === context]);
          if (record.body === 'bad') throw new Error(`no ${this.label}`);
          return record.body;
        }
      }
      const answer = await lambdaHandler(new Processed(), 'handle')(sqsEvent('a', 'bad', 'c'), context);

      expect(answer).to.deep.equal(reporting('bad'));
      expect(hooks).to.deep.equal(['success a', 'failure bad no mine', 'success c']);
      expect(deliveries).to.deep.equal([
        [0, 'id-a', true, true],
        [1, 'id-bad', true, true],
        [2, 'id-c', true, true],
      ]);
      expect(processor.successMessages.map(nameOf)).to.deep.equal(['a', 'c']);
      sinon.assert.calledOnce(lines.error);
    });

    it('takes a FIFO processor with fifo: true, and a sync one with a sync method', async () => {
      class Fifo {
        readonly handled: string[] = [];

        @BatchHandler({ source: 'SQS', fifo: true, processor: new SqsFifoPartialProcessorAsync(), logger })
        async inOrder(record: SQSRecord): Promise<void> {
          this.handled.push(record.body);
          if (record.body === 'bad') throw new Error('no');
        }
        @BatchHandler({ source: 'SQS', processor: new BatchProcessorSync('SQS'), logger })
        sync(record: SQSRecord): void {
          this.handled.push(record.body);
        }
      }
      const fifo = new Fifo();

      expect(await lambdaHandler(fifo, 'inOrder')(fifoEvent('a', 'bad', 'c'), context)).to.deep.equal(
        reporting('bad', 'c'),
      );
      expect(await lambdaHandler(fifo, 'sync')(sqsEvent('d'), context)).to.deep.equal(reporting());
      expect(fifo.handled).to.deep.equal(['a', 'bad', 'd']);
    });

    it('finds the delivery of a record that the processor copied, and fails one that it made up', async () => {
      class Copying extends BatchProcessor {
        override processRecord(record: SQSRecord): ReturnType<BatchProcessor['processRecord']> {
          return super.processRecord(record.body === 'new' ? sqsRecord('made up') : { ...record });
        }
      }
      const lines = fakeLogger();
      const indexes: number[] = [];
      class Processed {
        @BatchHandler({ source: 'SQS', processor: new Copying('SQS'), logger: lines })
        async handle(_record: SQSRecord, _context: Context, delivery: Delivery<SQSRecord>): Promise<void> {
          indexes.push(delivery.index);
        }
      }
      const answer = await lambdaHandler(new Processed(), 'handle')(sqsEvent('a', 'new', 'c'), context);

      expect(answer).to.deep.equal(reporting('new'));
      expect(indexes).to.deep.equal([0, 2]);
    });

    it('refuses records of another source, also where the processor does not know its own', async () => {
      class Custom extends BasePartialProcessor {
        prepare(): void {
          // nothing to prepare
        }
        clean(): void {
          // nothing to clean
        }
        async processRecord(record: SQSRecord): Promise<SuccessResponse> {
          await (this.handler as (record: SQSRecord) => Promise<void>)(record);
          return this.successHandler(record, undefined);
        }
        processRecordSync(): never {
          throw new Error('not sync');
        }
      }
      const handled = sinon.fake();
      class Processed {
        @BatchHandler({ source: 'SQS', processor: new Custom() })
        async handle(record: SQSRecord): Promise<void> {
          handled(record.body);
        }
      }
      const handler = lambdaHandler(new Processed(), 'handle');
      expect(await rejection(handler(kinesisEvent('a') as never, context))).to.be.an.instanceOf(
        UnexpectedBatchTypeError,
      );
      sinon.assert.notCalled(handled);
      expect(await handler(sqsEvent('a'), context)).to.deep.equal(reporting());
      sinon.assert.calledOnceWithExactly(handled, 'a');
    });

    it('logs to the console unless told otherwise', async () => {
      const error = sinon.stub(console, 'error');
      class Processed {
        @BatchHandler({ source: 'SQS', processor: new BatchProcessor('SQS') })
        async handle(record: SQSRecord): Promise<void> {
          if (record.body === 'bad') throw new Error('no');
        }
      }
      try {
        await lambdaHandler(new Processed(), 'handle')(sqsEvent('a', 'bad'), context);
        sinon.assert.calledOnceWithMatch(error, 'id-bad');
      } finally {
        sinon.restore();
      }
    });

    it('refuses a processor of another source, or of another order', () => {
      expect(() => BatchHandler({ source: 'SQS', processor: new BatchProcessor('DynamoDBStreams') })).to.throw(
        TypeError,
        'expected a processor for SQS, received one for DynamoDBStreams',
      );
      for (const options of [
        { source: 'SQS', fifo: true, processor: new BatchProcessor('SQS') },
        { source: 'SQS', processor: new SqsFifoPartialProcessorAsync() },
      ] as const) {
        expect(() => BatchHandler(options)).to.throw(TypeError, 'go together');
      }
    });
  });

  describe('refuses (3c 22)', () => {
    const decorator = BatchHandler({ source: 'SQS' }) as (...args: unknown[]) => unknown;
    const method = (_record: SQSRecord): void => undefined;
    const standard = (kind: string, more: object = {}): object => ({ kind, name: 'thing', private: false, ...more });

    for (const [what, args] of Object.entries({
      'a field': [{}, 'thing', undefined],
      'an accessor': [{}, 'thing', { get: () => 1, configurable: true }],
      'a class': [class {}],
      'a constructor parameter': [class {}, undefined, 0],
      'a method parameter': [{}, 'thing', 0],
      'a standard field': [undefined, standard('field')],
      'a standard accessor': [{}, standard('accessor')],
      'a standard getter': [() => 1, standard('getter')],
      'a standard class': [class {}, standard('class')],
      'a private method': [method, standard('method', { private: true })],
    })) {
      it(what, () => {
        expect(() => decorator(...args)).to.throw(TypeError, 'expected a public method that handles one record');
      });
    }

    it('a generator method, which would run nothing (3c 25)', () => {
      function* generator(): Generator {
        yield 1;
      }
      expect(() => decorator({}, 'thing', { value: generator })).to.throw(TypeError, 'generator');
      expect(() => decorator(generator, standard('method'))).to.throw(TypeError, 'generator');
    });

    it('to be applied twice to one method', () => {
      expect(() => {
        class Twice {
          @BatchHandler({ source: 'SQS' })
          @BatchHandler({ source: 'SQS' })
          async handle(_record: SQSRecord): Promise<void> {
            // nothing to do
          }
        }
        return Twice;
      }).to.throw(TypeError, 'handle is decorated twice');
    });
  });
});
