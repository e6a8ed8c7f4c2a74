import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessor, observe } from '../../lib';
import { ranNothing } from '../../lib/batch/returned';
import { entryFor } from '../../lib/decorator/entry';
import { lambdaContext, nameOf, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { rejection } from '../support/promises';

const context = lambdaContext();

/** Fails for the record "bad", on whatever it is called. */
function method(this: unknown, record: unknown): void {
  if (nameOf(record as never) === 'bad') throw new Error('no');
}

describe('entryFor', () => {
  it('rejects, and never throws, where the event is wrong', async () => {
    const entry = entryFor(method, () => ({ source: 'SQS' }));
    expect(await rejection(entry(null, context))).to.have.property('name', 'UnexpectedBatchTypeError');
  });

  it('calls the method on what the entry is called on', async () => {
    const seen = sinon.spy(method);
    const self = {};
    await entryFor(seen, () => ({ source: 'SQS' })).call(self, sqsEvent('a'), context);
    sinon.assert.alwaysCalledOn(seen, self);
  });

  it('starts every record before it gives up control, where none has to wait', () => {
    const seen = sinon.fake.resolves(undefined);
    void entryFor(seen, () => ({ source: 'SQS' }))(sqsEvent('a', 'b', 'c'), context);
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

    expect(await entryFor(method, () => options)(sqsEvent('bad'), context)).to.deep.equal(reporting('bad'));
    expect(processor.options).to.deep.equal({
      context,
      logger,
      throwOnFullBatchFailure: false,
      stopBeforeTimeout: 100,
    });
    sinon.assert.calledOnce(logger.error);
  });

  it('asks for its options once, when it first runs', async () => {
    const optionsOf = sinon.fake.returns({ source: 'SQS' } as const);
    const entry = entryFor(method, optionsOf);
    sinon.assert.notCalled(optionsOf);

    for (let round = 0; round < 2; round++) expect(await entry(sqsEvent('a'), context)).to.deep.equal(reporting());
    sinon.assert.calledOnce(optionsOf);
  });

  it('rejects where its options are wrong, and asks again', async () => {
    const wrong = new TypeError('wrong options');
    const optionsOf = sinon.stub().returns({ source: 'SQS' }).onFirstCall().throws(wrong);
    const entry = entryFor(method, optionsOf);

    expect(await rejection(entry(sqsEvent('a'), context))).to.equal(wrong);
    expect(await entry(sqsEvent('a'), context)).to.deep.equal(reporting());
  });

  it('fails a record for which its method returned a generator, of which nothing has run (3c 25)', async () => {
    const logger = fakeLogger();
    const seen: string[] = [];
    const observer = observe({
      onRecordFailure: (_delivery, { message }) => seen.push(`failure: ${message}`),
      aroundRecord: async (_delivery, next) => {
        try {
          await next();
          seen.push('around: well');
        } catch (error) {
          seen.push(`around: ${(error as Error).message}`);
        }
      },
    });
    const generating = (record: unknown): unknown =>
      nameOf(record as never) === 'bad' ? (function* () {})() : undefined;
    const entry = entryFor(generating, () => ({ source: 'SQS', logger, observers: [observer] }));

    expect(await entry(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
    const { message } = ranNothing();
    expect(seen).to.have.members(['around: well', `around: ${message}`, `failure: ${message}`]);
    sinon.assert.calledOnceWithMatch(logger.error, 'Record id-bad failed');
  });

  it('fails the record alone whatever its method throws (3c 5)', async () => {
    const logger = fakeLogger();
    const throwing = (record: unknown): unknown =>
      nameOf(record as never) === 'bad' ? Promise.reject<unknown>(undefined) : undefined;

    expect(await entryFor(throwing, () => ({ source: 'SQS', logger }))(sqsEvent('a', 'bad'), context)).to.deep.equal(
      reporting('bad'),
    );
    sinon.assert.calledOnceWithMatch(logger.error, 'Record id-bad failed', { name: 'BatchProcessingError' });
  });
});
