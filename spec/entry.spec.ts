import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessor } from '../lib';
import { entryFor } from '../lib/entry';
import { lambdaContext, nameOf, reporting, sqsEvent } from './support/events';
import { fakeLogger } from './support/logger';
import { rejection } from './support/promises';

const context = lambdaContext();

/** Fails for the record "bad", on whatever it is called. */
function method(this: unknown, record: unknown): void {
  if (nameOf(record as never) === 'bad') throw new Error('no');
}

describe('entryFor', () => {
  it('rejects, and never throws, where the event is wrong', async () => {
    const entry = entryFor(method, { source: 'SQS' });
    expect(await rejection(entry(null, context))).to.have.property('name', 'UnexpectedBatchTypeError');
  });

  it('calls the method on what the entry is called on', async () => {
    const seen = sinon.spy(method);
    const self = {};
    await entryFor(seen, { source: 'SQS' }).call(self, sqsEvent('a'), context);
    sinon.assert.alwaysCalledOn(seen, self);
  });

  it('starts every record before it gives up control, where none has to wait', () => {
    const seen = sinon.fake.resolves(undefined);
    void entryFor(seen, { source: 'SQS' })(sqsEvent('a', 'b', 'c'), context);
    sinon.assert.calledThrice(seen);
  });

  it('hands a processor the options that are for it, the context and the logger', async () => {
    const logger = fakeLogger();
    const processor = new BatchProcessor('SQS');
    const options = {
      source: 'SQS',
      processor,
      logger,
      throwOnFullBatchFailure: false,
      stopBeforeTimeout: 100,
    } as const;

    expect(await entryFor(method, options)(sqsEvent('bad'), context)).to.deep.equal(reporting('bad'));
    expect(processor.options).to.deep.equal({
      context,
      logger,
      throwOnFullBatchFailure: false,
      stopBeforeTimeout: 100,
    });
    sinon.assert.calledOnce(logger.error);
  });
});
