import type { Context, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';

import { BatchHandler, getBatchHandlerOptions, lambdaHandler } from '../../lib';
import { lambdaContext, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { rejection } from '../support/promises';

const logger = fakeLogger();
const context = lambdaContext();

describe('Under standard decorators', () => {
  class Orders {
    @BatchHandler({ source: 'SQS', logger })
    async handle({ body }: SQSRecord, _context?: Context): Promise<void> {
      if (body === 'bad') throw new Error('no');
    }
  }

  it('an override without a decorator that drops the answer of the entry has the whole batch come back', async () => {
    class Logged extends Orders {
      override async handle(record: SQSRecord, given: Context): Promise<void> {
        await super.handle(record, given);
      }
    }
    const { handle } = new Logged();

    expect(await rejection(handle(sqsEvent('a', 'bad') as never, context)))
      .to.have.property('message')
      .that.matches(/^handle: expected the answer .* to be returned, received undefined\.$/);
  });

  it('an override without a decorator that never calls the entry has the whole batch come back', async () => {
    class Replaced extends Orders {
      override async handle(_record: SQSRecord): Promise<void> {
        // handles one record, it thinks
      }
    }
    expect(await rejection(new Replaced().handle(sqsEvent('a') as never))).to.be.an('error');
  });

  it('an entry that another decorator has dropped is there in every instance, and known to be', async () => {
    const original = <M extends (record: SQSRecord) => Promise<void>>(
      method: M,
      given: ClassMethodDecoratorContext<unknown, M>,
    ): M => {
      BatchHandler({ source: 'SQS', logger })(method as never, given as never);
      return method;
    };
    class Restored {
      @original
      async handle({ body }: SQSRecord): Promise<void> {
        if (body === 'bad') throw new Error('no');
      }
    }
    expect(getBatchHandlerOptions(Restored, 'handle')).to.equal(undefined); // of the prototype that is true
    const restored = new Restored();

    expect(await restored.handle(sqsEvent('a', 'bad') as never)).to.deep.equal(reporting('bad'));
    expect(getBatchHandlerOptions(restored, 'handle')).to.include({ source: 'SQS' });
    expect(await lambdaHandler(restored, 'handle')(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
  });
});
