import type { Context, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  BatchHandler,
  BatchProcessor,
  createBatchHandler,
  type Delivery,
  getBatchHandlerOptions,
  lambdaHandler,
} from '../../lib';
import { homedEntry } from '../../lib/decorator/homed-entry';
import { checkOptions } from '../../lib/decorator/options';
import { json } from '../../lib/payload';
import { fifoEvent, lambdaContext, nameOf, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { rejection } from '../support/promises';

const OPTIONS = Symbol.for('lambda-batch-handler:options');
const context = lambdaContext();
const logger = fakeLogger();

type Entry = (event: unknown, context: Context) => Promise<unknown>;

/** Puts options where an entry finds its own. */
const put = (options: object, target: object, key?: string): void => {
  if (key === undefined) Reflect.defineMetadata(OPTIONS, options, target);
  else Reflect.defineMetadata(OPTIONS, options, target, key);
};

/** A fresh class for each spec: an entry takes its options once. */
function ordersClass() {
  class Orders {
    readonly handled: unknown[] = [];

    @BatchHandler({ source: 'SQS', logger })
    async handle(record: SQSRecord): Promise<void> {
      this.handled.push((record as Partial<SQSRecord>).body ?? record);
      if (record.body === 'bad') throw new Error('no');
    }
  }
  return Orders;
}

type AnyMethod = (this: unknown, ...args: never[]) => unknown;

/** A decorator for both dialects that wraps a method, and carries nothing over. */
const wrapping =
  (calls: string[]) =>
  (target: unknown, _key: unknown, descriptor?: PropertyDescriptor): never => {
    const method = (descriptor === undefined ? target : descriptor.value) as AnyMethod;
    const wrapped = function (this: unknown, ...args: never[]): unknown {
      calls.push('wrapped');
      return method.apply(this, args);
    };
    if (descriptor === undefined) return wrapped as never;
    descriptor.value = wrapped;
    return descriptor as never;
  };

describe('Options that are put at a class before the first call', () => {
  const event = fifoEvent('a', 'bad', 'c');

  it('are at work: fifo stops at the first failure', async () => {
    const Orders = ordersClass();
    const orders = new Orders();
    put({ source: 'SQS', fifo: true, logger }, Orders.prototype, 'handle');

    expect(await lambdaHandler(orders, 'handle')(event, context)).to.deep.equal(reporting('bad', 'c'));
    expect(orders.handled).to.deep.equal(['a', 'bad']);
  });

  it('are at work where they were put before the first construction', async () => {
    const Orders = ordersClass();
    put({ source: 'SQS', fifo: true, logger }, Orders.prototype, 'handle');

    expect(await lambdaHandler(new Orders(), 'handle')(event, context)).to.deep.equal(reporting('bad', 'c'));
  });

  it('are at work where the entry was detached before', async () => {
    const Orders = ordersClass();
    const { handle } = new Orders() as unknown as { handle: Entry };
    put({ source: 'SQS', fifo: true, logger }, Orders.prototype, 'handle');

    expect(await handle(event, context)).to.deep.equal(reporting('bad', 'c'));
  });

  it('are at work: a reader makes what the method is called with', async () => {
    const Orders = ordersClass();
    const orders = new Orders();
    put({ source: 'SQS', payload: json(), logger }, Orders.prototype, 'handle');

    expect(await lambdaHandler(orders, 'handle')(sqsEvent('{"id":1}', 'no JSON'), context)).to.deep.equal(
      reporting('no JSON'),
    );
    expect(orders.handled).to.deep.equal([{ id: 1 }]);
  });

  it('are at work: another source', async () => {
    const Orders = ordersClass();
    put({ source: 'KinesisDataStreams', logger }, Orders.prototype, 'handle');

    expect(await rejection(lambdaHandler(new Orders(), 'handle')(sqsEvent('a'), context)))
      .to.have.property('message')
      .that.includes('Expected records of KinesisDataStreams');
  });

  it('are at work: a processor does it', async () => {
    const Orders = ordersClass();
    const orders = new Orders();
    const processor = new BatchProcessor('SQS');
    put({ source: 'SQS', processor, logger }, Orders.prototype, 'handle');

    expect(await lambdaHandler(orders, 'handle')(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
    expect(processor.successMessages.map(nameOf)).to.deep.equal(['a']);
    expect(orders.handled).to.deep.equal(['a', 'bad']);
  });

  it('are at work on every instance, and on those of a subclass that inherits the method', async () => {
    const Orders = ordersClass();
    class Special extends Orders {}
    const before = new Orders();
    put({ source: 'SQS', fifo: true, logger }, Orders.prototype, 'handle');

    for (const orders of [before, new Orders(), new Special()]) {
      expect(await lambdaHandler(orders, 'handle')(event, context)).to.deep.equal(reporting('bad', 'c'));
      expect(orders.handled).to.deep.equal(['a', 'bad']);
    }
  });

  it('leave an override alone that has options of its own, and are at work in what it calls as super', async () => {
    const Orders = ordersClass();
    const answers: unknown[] = [];
    class Strict extends Orders {
      @BatchHandler({ source: 'SQS', concurrency: 1, logger })
      override async handle(record: SQSRecord): Promise<void> {
        const inner = { Records: [record, { ...record, messageId: 'again', body: 'again' }] };
        answers.push(await (super.handle as unknown as Entry).call(this, inner, context));
      }
    }
    put({ source: 'SQS', fifo: true, throwOnFullBatchFailure: false, logger }, Orders.prototype, 'handle');
    const strict = new Strict();

    expect(await lambdaHandler(strict, 'handle')(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting());
    expect(answers).to.deep.equal([
      { batchItemFailures: [] },
      { batchItemFailures: [{ itemIdentifier: 'id-bad' }, { itemIdentifier: 'again' }] },
    ]);
    expect(getBatchHandlerOptions(Strict, 'handle')).to.include({ concurrency: 1 }).and.not.have.property('fifo');
    expect(getBatchHandlerOptions(Orders, 'handle')).to.include({ fifo: true });
  });

  it('are those of an override where they were put at its class', async () => {
    const Orders = ordersClass();
    class Strict extends Orders {
      @BatchHandler({ source: 'SQS', logger })
      override async handle(record: SQSRecord): Promise<void> {
        this.handled.push(record.body);
        if (record.body === 'bad') throw new Error('no');
      }
    }
    put({ source: 'SQS', fifo: true, logger }, Strict.prototype, 'handle');

    expect(await lambdaHandler(new Strict(), 'handle')(event, context)).to.deep.equal(reporting('bad', 'c'));
    expect(await lambdaHandler(new Orders(), 'handle')(sqsEvent('a', 'bad', 'c'), context)).to.deep.equal(
      reporting('bad'),
    );
  });

  it('are at work where another decorator has wrapped the entry', async () => {
    const calls: string[] = [];
    class Orders {
      @wrapping(calls)
      @BatchHandler({ source: 'SQS', logger })
      async handle(record: SQSRecord): Promise<void> {
        if (record.body === 'bad') throw new Error('no');
      }
    }
    put({ source: 'SQS', fifo: true, logger }, Orders.prototype, 'handle');

    for (let round = 0; round < 2; round++) {
      expect(await lambdaHandler(new Orders(), 'handle')(event, context)).to.deep.equal(reporting('bad', 'c'));
    }
    expect(calls).to.deep.equal(['wrapped', 'wrapped']);
    expect(getBatchHandlerOptions(Orders, 'handle')).to.include({ fifo: true });
  });

  it('are at work for a static method, where they were put at the class', async () => {
    const handled: string[] = [];
    class Orders {
      @BatchHandler({ source: 'SQS', logger })
      static async handle(record: SQSRecord): Promise<void> {
        handled.push(record.body);
        if (record.body === 'bad') throw new Error('no');
      }
    }
    put({ source: 'SQS', fifo: true, logger }, Orders, 'handle');
    const { handle } = Orders as unknown as { handle: Entry };

    expect(await handle(event, context)).to.deep.equal(reporting('bad', 'c'));
    expect(handled).to.deep.equal(['a', 'bad']);
    expect(getBatchHandlerOptions(Orders, 'handle')).to.include({ fifo: true });
    expect(getBatchHandlerOptions(handle)).to.equal(getBatchHandlerOptions(Orders, 'handle'));
  });

  it('are at work for what createBatchHandler made, where they were put at the function', async () => {
    const handled: string[] = [];
    const handler = createBatchHandler({ source: 'SQS', logger }, async (record: SQSRecord) => {
      handled.push(record.body);
      if (record.body === 'bad') throw new Error('no');
    });
    put({ source: 'SQS', fifo: true, logger }, handler);

    expect(await handler(event, context)).to.deep.equal(reporting('bad', 'c'));
    expect(handled).to.deep.equal(['a', 'bad']);
    expect(getBatchHandlerOptions(handler)).to.deep.equal({ source: 'SQS', fifo: true, logger }).and.be.frozen;
  });

  describe('are checked as the decorator checks its own', () => {
    for (const [problem, options, message] of [
      ['an unknown option', { source: 'SQS', skipGroup: true }, 'unknown option skipGroup'],
      ['a value that an option cannot have', { source: 'SQS', fifo: 'true' }, 'expected fifo to be a boolean'],
      ['a contradiction', { source: 'SQS', order: 'key' }, 'order is for streams'],
      ['plain data', { source: 'SQS', nonRetryable: { deliverTo: 'discard' } }, 'deadLetter()'],
      ['no options', 'SQS', "expected options such as { source: 'SQS' }, received 'SQS' (string)"],
      ['a processor of another source', { source: 'SQS', processor: new BatchProcessor('DynamoDBStreams') }, 'for SQS'],
    ] as const) {
      it(`${problem} rejects, and runs no record`, async () => {
        const Orders = ordersClass();
        const orders = new Orders();
        put(options as object, Orders.prototype, 'handle');
        const handler = createBatchHandler({ source: 'SQS', logger }, (record: SQSRecord) => {
          orders.handled.push(record.body);
        });
        put(options as object, handler);

        const error = await rejection(lambdaHandler(orders, 'handle')(sqsEvent('a'), context));
        expect(error).to.be.an.instanceOf(TypeError).with.property('message').that.includes(message);
        expect(error)
          .to.have.property('message')
          .that.matches(/^@BatchHandler: /);
        expect(await rejection(handler(sqsEvent('a'), context)))
          .to.be.an.instanceOf(TypeError)
          .with.property('message')
          .that.matches(/^createBatchHandler: /)
          .and.includes(message);
        expect(orders.handled).to.deep.equal([]);
      });
    }

    it('so that right ones can still take the place of wrong ones', async () => {
      const Orders = ordersClass();
      const handler = lambdaHandler(new Orders(), 'handle');
      put({ source: 'SNS' }, Orders.prototype, 'handle');
      expect(await rejection(handler(event, context))).to.be.an.instanceOf(TypeError);

      put({ source: 'SQS', fifo: true, logger }, Orders.prototype, 'handle');
      expect(await handler(event, context)).to.deep.equal(reporting('bad', 'c'));
    });
  });
});

describe('Options that are put anywhere after the first call', () => {
  it('do nothing, and are not shown, at a class', async () => {
    const Orders = ordersClass();
    const orders = new Orders();
    const handler = lambdaHandler(orders, 'handle');
    await handler(sqsEvent('a'), context);
    put({ source: 'SQS', fifo: true, logger }, Orders.prototype, 'handle');
    put({ source: 'SQS', fifo: true, logger }, orders.handle);

    for (const instance of [orders, new Orders()]) {
      expect(await lambdaHandler(instance, 'handle')(sqsEvent('bad', 'c'), context)).to.deep.equal(reporting('bad'));
    }
    for (const shown of [
      getBatchHandlerOptions(Orders, 'handle'),
      getBatchHandlerOptions(orders, 'handle'),
      getBatchHandlerOptions(orders.handle),
      getBatchHandlerOptions(handler),
    ]) {
      expect(shown).to.deep.equal({ source: 'SQS', logger });
    }
  });

  it('do nothing, and are not shown, at the class of a static method', async () => {
    class Orders {
      @BatchHandler({ source: 'SQS', logger })
      static async handle(record: SQSRecord): Promise<void> {
        if (record.body === 'bad') throw new Error('no');
      }
    }
    const handler = lambdaHandler(Orders, 'handle');
    await handler(sqsEvent('a'), context);
    put({ source: 'SQS', fifo: true, logger }, Orders, 'handle');

    expect(await handler(sqsEvent('bad', 'c'), context)).to.deep.equal(reporting('bad'));
    expect(getBatchHandlerOptions(Orders, 'handle')).to.deep.equal({ source: 'SQS', logger });
  });

  it('do nothing, and are not shown, at a function', async () => {
    const handler = createBatchHandler({ source: 'SQS', logger }, async (record: SQSRecord) => {
      if (record.body === 'bad') throw new Error('no');
    });
    await handler(sqsEvent('a'), context);
    put({ source: 'SQS', fifo: true, logger }, handler);

    expect(await handler(sqsEvent('bad', 'c'), context)).to.deep.equal(reporting('bad'));
    expect(getBatchHandlerOptions(handler)).to.deep.equal({ source: 'SQS', logger });
  });

  it('do nothing either where the object is changed that was put there', async () => {
    const Orders = ordersClass();
    const options: Record<string, unknown> = { source: 'SQS', logger };
    put(options, Orders.prototype, 'handle');
    const handler = lambdaHandler(new Orders(), 'handle');
    await handler(sqsEvent('a'), context);
    options.fifo = true;

    expect(await handler(sqsEvent('bad', 'c'), context)).to.deep.equal(reporting('bad'));
    expect(getBatchHandlerOptions(Orders, 'handle')).to.deep.equal({ source: 'SQS', logger });
  });
});

describe('What getBatchHandlerOptions shows', () => {
  it('is what runs: the same for the class, an instance, and its entry, before and after the first call', async () => {
    const Orders = ordersClass();
    const orders = new Orders();
    const handler = lambdaHandler(orders, 'handle');
    const all = () => [
      getBatchHandlerOptions(Orders, 'handle'),
      getBatchHandlerOptions(Orders.prototype, 'handle'),
      getBatchHandlerOptions(orders, 'handle'),
      getBatchHandlerOptions(orders.handle),
      getBatchHandlerOptions(handler),
    ];
    for (const shown of all()) expect(shown).to.deep.equal({ source: 'SQS', logger }).and.be.frozen;

    put({ source: 'SQS', fifo: true, logger }, Orders.prototype, 'handle');
    for (const shown of all()) expect(shown).to.deep.equal({ source: 'SQS', fifo: true, logger });
    await handler(sqsEvent('a'), context);
    for (const shown of all()) expect(shown).to.deep.equal({ source: 'SQS', fifo: true, logger }).and.be.frozen;
  });
});

describe('homedEntry', () => {
  const options = checkOptions('Here', { source: 'SQS', logger });

  it('makes an entry that looks like its method, and keeps its options', () => {
    const entry = homedEntry('Here', () => undefined, 'handle', options, {
      key: 'handle',
      owner: undefined,
      method: () => undefined,
    });

    expect(entry).to.have.property('name', 'handle');
    expect(entry).to.have.property('length', 2);
    expect(Reflect.getOwnMetadata(OPTIONS, entry)).to.equal(options);
    expect(getBatchHandlerOptions(entry)).to.equal(options);
  });

  it('runs with the options that it was given where there is no metadata any more', async () => {
    const entry = homedEntry('Here', () => undefined, 'handle', options, {
      key: 'handle',
      owner: undefined,
      method: () => undefined,
    });
    Reflect.deleteMetadata(OPTIONS, entry);

    expect(await entry(sqsEvent('a'), context)).to.deep.equal(reporting());
    expect(getBatchHandlerOptions(entry)).to.equal(options);
  });

  it('names who it is for where other options are wrong', async () => {
    const entry = homedEntry('Here', () => undefined, 'handle', options, {
      key: 'handle',
      owner: undefined,
      method: () => undefined,
    });
    put({ source: 'SNS' }, entry);

    expect(await rejection(entry(sqsEvent('a'), context)))
      .to.be.an.instanceOf(TypeError)
      .with.property('message')
      .that.matches(/^Here: expected source to be one of /);
  });

  it('calls the method with the record, the context and the delivery', async () => {
    const method = sinon.fake();
    const entry = homedEntry('Here', method, 'handle', options, {
      key: 'handle',
      owner: undefined,
      method: () => undefined,
    });
    const event = sqsEvent('a');
    await entry.call('self', event, context);

    sinon.assert.calledOnceWithMatch(method, event.Records[0], context);
    sinon.assert.calledOn(method, 'self');
    const [, , delivery] = method.firstCall.args as [SQSRecord, Context, Delivery<KinesisStreamRecord>];
    expect(delivery.itemIdentifier).to.equal('id-a');
  });
});
