import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';

import { BatchHandler, getBatchHandlerOptions } from '../../lib';

class Orders {
  @BatchHandler({ source: 'SQS', fifo: true })
  async handle(_record: SQSRecord): Promise<void> {
    // nothing to do
  }

  @BatchHandler({ source: 'SQS', concurrency: 3 })
  static async ofClass(_record: SQSRecord): Promise<void> {
    // nothing to do
  }
}

class Inheriting extends Orders {}

class Overriding extends Orders {
  override async handle(_record: SQSRecord): Promise<void> {
    // nothing to do
  }
}

describe('getBatchHandlerOptions', () => {
  it('refuses what can have none', () => {
    for (const nothing of [undefined, null, 'Orders']) {
      for (const key of [undefined, 'handle']) {
        expect(() => getBatchHandlerOptions(nothing as never, key)).to.throw(
          TypeError,
          'getBatchHandlerOptions: expected a class, an instance or an entry, received',
        );
      }
    }
  });

  it('answers with the frozen options, given the class, the prototype or an instance', () => {
    for (const target of [Orders, Orders.prototype, new Orders(), Inheriting, new Inheriting()]) {
      expect(getBatchHandlerOptions(target, 'handle')).to.deep.equal({ source: 'SQS', fifo: true }).and.be.frozen;
    }
  });

  it('answers for static methods', () => {
    expect(getBatchHandlerOptions(Orders, 'ofClass')).to.deep.equal({ source: 'SQS', concurrency: 3 });
    expect(getBatchHandlerOptions(Inheriting, 'ofClass')).to.deep.equal({ source: 'SQS', concurrency: 3 });
  });

  it('answers undefined for an override without the decorator, and for what is no method', () => {
    expect(getBatchHandlerOptions(Overriding, 'handle')).to.equal(undefined);
    expect(getBatchHandlerOptions(new Overriding(), 'handle')).to.equal(undefined);
    expect(getBatchHandlerOptions(Orders, 'missing')).to.equal(undefined);
    expect(getBatchHandlerOptions({ handle: 1 }, 'handle')).to.equal(undefined);
    expect(getBatchHandlerOptions(() => 1, 'handle')).to.equal(undefined);
    class Accessor {
      get handle(): number {
        return 1;
      }
    }
    expect(getBatchHandlerOptions(Accessor, 'handle')).to.equal(undefined);
  });

  it('keeps the options under a key that two copies of the library share', () => {
    const key = Symbol.for('lambda-batch-handler:options');
    const onFunction: unknown = Reflect.getMetadata(key, new Orders().handle);
    expect(onFunction).to.equal(getBatchHandlerOptions(Orders, 'handle'));
  });
});
