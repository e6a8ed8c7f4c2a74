import type { Context, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchHandler, getBatchHandlerOptions, lambdaHandler } from '../../lib';
import { fifoEvent, lambdaContext, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';

type AnyMethod = (this: unknown, ...args: never[]) => unknown;

/** A standard decorator that wraps a method, and carries nothing over. */
const wrapping = (calls: string[]) =>
  function <M extends AnyMethod>(method: M, _context: ClassMethodDecoratorContext): M {
    return function (this: unknown, ...args: never[]) {
      calls.push('wrapped');
      return method.apply(this, args);
    } as M;
  };

class Orders {
  readonly handled: string[] = [];

  @BatchHandler({ source: 'SQS' })
  async handle(record: SQSRecord): Promise<void> {
    this.handled.push(record.body);
  }
}

describe('@BatchHandler under standard decorators', () => {
  const context = lambdaContext();

  it('leaves the bound entry on each instance as a writable data property', () => {
    expect(Object.getOwnPropertyDescriptor(new Orders(), 'handle')).to.include({
      writable: true,
      enumerable: false,
      configurable: true,
    });
  });

  it('lets sinon stub the entry plainly', async () => {
    const orders = new Orders();
    const handler = lambdaHandler(orders, 'handle');
    const stub = sinon.stub(orders, 'handle').resolves({ batchItemFailures: [] } as never);
    await handler(sqsEvent('a'), context);
    sinon.assert.calledOnce(stub);
    stub.restore();

    await handler(sqsEvent('b'), context);
    expect(orders.handled).to.deep.equal(['b']);
  });

  it('lets sinon stub the entry of every instance to come on the prototype', async () => {
    const stub = sinon.stub(Orders.prototype, 'handle').resolves(reporting('a') as never);
    const { handle } = new Orders();
    expect(await handle(sqsEvent('a') as never)).to.deep.equal(reporting('a'));
    stub.restore();
    sinon.assert.calledOnce(stub);
  });

  it('binds what another decorator has wrapped around the entry, and keeps its options', async () => {
    const calls: string[] = [];
    class Wrapped {
      @wrapping(calls)
      @BatchHandler({ source: 'SQS', concurrency: 2 })
      async handle(_record: SQSRecord): Promise<void> {
        // nothing to do
      }
    }
    class Overriding extends Wrapped {
      override async handle(_record: SQSRecord): Promise<void> {
        // nothing to do
      }
    }
    const overriding = new Overriding();
    const { handle } = new Wrapped() as unknown as { handle: (event: unknown, context: Context) => Promise<unknown> };

    expect(await handle(sqsEvent('a'), context)).to.deep.equal(reporting());
    expect(calls).to.deep.equal(['wrapped']);
    expect(getBatchHandlerOptions(Wrapped, 'handle')).to.deep.equal({ source: 'SQS', concurrency: 2 });
    expect(getBatchHandlerOptions(overriding, 'handle')).to.equal(undefined);
  });

  it('knows whose method is decorated, before any instance is there', () => {
    class Base {
      async handle(_record: SQSRecord): Promise<void> {
        // nothing to do
      }
    }
    class Decorated extends Base {
      @wrapping([])
      @BatchHandler({ source: 'SQS', concurrency: 2 })
      override async handle(_record: SQSRecord): Promise<void> {
        // nothing to do
      }
    }
    class Undecorated extends Decorated {
      override async handle(_record: SQSRecord): Promise<void> {
        // nothing to do
      }
    }
    class Again extends Undecorated {
      @wrapping([])
      @BatchHandler({ source: 'SQS', concurrency: 4 })
      override async handle(_record: SQSRecord): Promise<void> {
        // nothing to do
      }
    }
    const concurrencies = [Base, Decorated, Undecorated, Again].map(
      (target) => getBatchHandlerOptions(target, 'handle')?.concurrency,
    );
    expect(concurrencies).to.deep.equal([undefined, 2, undefined, 4]);
    expect(lambdaHandler(new Again(), 'handle')).to.be.a('function');
  });

  it('knows the options of a wrapped method after the first construction, without decorator metadata', () => {
    // As a compiler applies the decorators that gives them none.
    class Plain {
      async handle(_record: SQSRecord): Promise<void> {
        // nothing to do
      }
    }
    const initializers: ((this: unknown) => void)[] = [];
    const context = {
      kind: 'method',
      name: 'handle',
      static: false,
      private: false,
      addInitializer: (initializer: (this: unknown) => void) => initializers.push(initializer),
    };
    const decorate = BatchHandler({ source: 'SQS' }) as unknown as (method: AnyMethod, context: unknown) => AnyMethod;
    const entry = decorate(Plain.prototype.handle, context);
    Plain.prototype.handle = wrapping([])(entry, context as never) as never;
    expect(getBatchHandlerOptions(Plain, 'handle')).to.equal(undefined);

    for (let instance = 0; instance < 2; instance++) for (const run of initializers) run.call(new Plain());
    expect(getBatchHandlerOptions(Plain, 'handle')).to.deep.equal({ source: 'SQS' });
  });

  it('takes options that were put at the class before the first construction, without decorator metadata', async () => {
    class Plain {
      async handle(record: SQSRecord): Promise<void> {
        if (record.body === 'bad') throw new Error('no');
      }
    }
    const initializers: ((this: unknown) => void)[] = [];
    const given = {
      kind: 'method',
      name: 'handle',
      static: false,
      private: false,
      addInitializer: (initializer: (this: unknown) => void) => initializers.push(initializer),
    };
    const logger = fakeLogger();
    const decorate = BatchHandler({ source: 'SQS', logger }) as unknown as (
      method: AnyMethod,
      context: unknown,
    ) => AnyMethod;
    Plain.prototype.handle = decorate(Plain.prototype.handle, given) as never;
    const options = { source: 'SQS', fifo: true, logger };
    Reflect.defineMetadata(Symbol.for('lambda-batch-handler:options'), options, Plain.prototype, 'handle');
    const plain = new Plain();
    for (const run of initializers) run.call(plain);

    expect(await lambdaHandler<'SQS'>(plain, 'handle')(fifoEvent('a', 'bad', 'c'), context)).to.deep.equal(
      reporting('bad', 'c'),
    );
    expect(getBatchHandlerOptions(Plain, 'handle')).to.include({ fifo: true }).and.be.frozen;
  });

  it('knows the options of a wrapped static method', () => {
    class Statics {
      @wrapping([])
      @BatchHandler({ source: 'SQS' })
      static async handle(_record: SQSRecord): Promise<void> {
        // nothing to do
      }
    }
    expect(getBatchHandlerOptions(Statics, 'handle')).to.deep.equal({ source: 'SQS' });
  });

  it('leaves what a constructor has put in its place', async () => {
    class Replacing extends Orders {
      constructor() {
        super();
        this.handle = sinon.fake.resolves('replaced') as never;
      }
    }
    class Further extends Replacing {
      @BatchHandler({ source: 'SQS' })
      override async handle(_record: SQSRecord): Promise<void> {
        // nothing to do
      }
    }
    expect(await (new Further().handle as unknown as () => Promise<unknown>)()).to.equal('replaced');
  });
});
