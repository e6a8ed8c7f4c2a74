import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';

import { BatchHandler, lambdaHandler } from '../../lib';
import { lambdaContext, reporting, sqsEvent } from '../support/events';

class Orders {
  readonly handled: string[] = [];

  @BatchHandler({ source: 'SQS' })
  async handle(record: SQSRecord): Promise<void> {
    this.handled.push(record.body);
  }

  async undecorated(_record: SQSRecord): Promise<void> {
    // nothing to do
  }
}

class Overridden extends Orders {
  override async handle(_record: SQSRecord): Promise<void> {
    // nothing to do
  }
}

describe('lambdaHandler', () => {
  it('is the entry of a decorated method', async () => {
    const orders = new Orders();
    const handler = lambdaHandler(orders, 'handle');

    expect(await handler(sqsEvent('a'), lambdaContext())).to.deep.equal(reporting());
    expect(orders.handled).to.deep.equal(['a']);
    expect(handler).to.have.property('length', 2);
    expect(handler).to.have.property('name', 'handle');
  });

  it('takes the source by name where the method does not tell it', async () => {
    expect(await lambdaHandler<'SQS'>(new Orders(), 'handle')(sqsEvent('a'), lambdaContext())).to.deep.equal(
      reporting(),
    );
  });

  it('refuses a method that is not decorated', () => {
    expect(() => lambdaHandler(new Orders(), 'undecorated')).to.throw(
      TypeError,
      'Expected a method decorated with @BatchHandler, received undecorated, which is not',
    );
  });

  it('refuses an override that is not decorated, and a method that does not exist', () => {
    expect(() => lambdaHandler(new Overridden(), 'handle')).to.throw(TypeError, 'received handle');
    expect(() => lambdaHandler<'SQS'>(new Orders(), 'missing')).to.throw(TypeError, 'received missing');
    for (const nothing of [undefined, null, 'Orders']) {
      expect(() => lambdaHandler<'SQS'>(nothing as never, 'handle')).to.throw(TypeError, 'received handle');
    }
  });

  it('refuses a class in the place of its instance', () => {
    expect(() => lambdaHandler<'SQS'>(Orders, 'handle')).to.throw(
      TypeError,
      'Expected an instance that has handle, received its class: make one with new.',
    );
  });
});
