import type { Context, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchHandler, getBatchHandlerOptions, lambdaHandler } from '../../lib';
import { lambdaContext, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';

const logger = fakeLogger();
const context = lambdaContext();

class Orders {
  @BatchHandler({ source: 'SQS', logger })
  async handle({ body }: SQSRecord, _context?: Context): Promise<void> {
    if (body === 'bad') throw new Error('no');
  }
}

describe('Under experimentalDecorators', () => {
  beforeEach(() => {
    logger.warn.resetHistory();
  });

  it('an override without a decorator is told of once, when it calls the entry as super: nobody sees its answer', async () => {
    class Logged extends Orders {
      override async handle(record: SQSRecord, given: Context): Promise<void> {
        await super.handle(record, given);
      }
    }
    for (let round = 0; round < 2; round++) await new Logged().handle(sqsEvent('a') as never, context);

    sinon.assert.calledOnceWithExactly(
      logger.warn,
      'Logged.handle overrides an entry without a decorator: it has to return what super.handle(event, context) returns, or what failed is lost.',
    );
  });

  it('so is each class that has one', async () => {
    class First extends Orders {
      override async handle(record: SQSRecord, given: Context): Promise<void> {
        await super.handle(record, given);
      }
    }
    class Second extends Orders {
      override async handle(record: SQSRecord, given: Context): Promise<void> {
        await super.handle(record, given);
      }
    }
    for (const orders of [new First(), new Second(), new First(), new Second()]) {
      await orders.handle(sqsEvent('a') as never, context);
    }

    expect(logger.warn.args.map(([line]) => line.split('.')[0])).to.deep.equal(['First', 'Second']);
  });

  it('so is one of a static method, by the name of its class', async () => {
    class Batches {
      @BatchHandler({ source: 'SQS', logger })
      static async handle({ body }: SQSRecord, _context?: Context): Promise<void> {
        if (body === 'bad') throw new Error('no');
      }
    }
    class Logged extends Batches {
      static override async handle(record: SQSRecord, given: Context): Promise<void> {
        await super.handle(record, given);
      }
    }
    await Logged.handle(sqsEvent('a') as never, context);

    sinon.assert.calledOnceWithMatch(logger.warn, 'Logged.handle overrides an entry without a decorator');
  });

  it('nothing is told of an override with a decorator, of an instance of the class itself, and of a replaced method', async () => {
    class Parcels {
      @BatchHandler({ source: 'SQS', logger })
      async handle(_record: SQSRecord): Promise<void> {
        // nothing to do
      }
    }
    class Nested extends Parcels {
      @BatchHandler({ source: 'SQS', logger })
      override async handle(record: SQSRecord): Promise<void> {
        await super.handle({ Records: [record] } as never);
      }
    }
    await lambdaHandler(new Nested(), 'handle')(sqsEvent('a'), context);
    await lambdaHandler(new Parcels(), 'handle')(sqsEvent('a'), context);
    const replaced = new Parcels();
    replaced.handle = async () => undefined;
    await replaced.handle(sqsEvent('a').Records[0]!);

    sinon.assert.notCalled(logger.warn);
  });

  it('a method that another decorator has put back in the place of the entry is taken for none', () => {
    const original = (target: object, key: string, descriptor: PropertyDescriptor): PropertyDescriptor => {
      const before = { ...descriptor };
      BatchHandler({ source: 'SQS', logger })(target, key, descriptor as never);
      return before;
    };
    class Restored {
      @original
      async handle(_record: SQSRecord): Promise<void> {
        // nothing to do
      }

      @original
      static async handleAll(_record: SQSRecord): Promise<void> {
        // nothing to do
      }
    }

    expect(getBatchHandlerOptions(Restored, 'handle')).to.equal(undefined);
    expect(getBatchHandlerOptions(Restored, 'handleAll')).to.equal(undefined);
    expect(() => lambdaHandler(new Restored(), 'handle')).to.throw(TypeError, 'Expected a method decorated with');
  });

  it('the warning goes to the console where there is no logger', async () => {
    const warn = sinon.stub(console, 'warn');
    class Defaults {
      @BatchHandler({ source: 'SQS' })
      async handle(_record: SQSRecord): Promise<unknown> {
        return undefined;
      }
    }
    class Derived extends Defaults {
      override handle(record: SQSRecord): Promise<unknown> {
        return super.handle(record);
      }
    }
    expect(await new Derived().handle(sqsEvent('a') as never)).to.deep.equal(reporting());
    sinon.assert.calledOnce(warn);
    warn.restore();
  });
});
