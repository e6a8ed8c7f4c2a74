import { expect } from 'chai';
import sinon from 'sinon';

import {
  BasePartialProcessor,
  BatchProcessingError,
  type BaseRecord,
  type FailureResponse,
  FullBatchFailureError,
  type SuccessResponse,
  UnexpectedBatchTypeError,
} from '../../lib';
import { reader } from '../../lib/payload';
import { checkFor, processorEntry } from '../../lib/processors/processor-entry';
import { sourceOf } from '../../lib/sources';
import { kinesisEvent, lambdaContext, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { ledger, ledgerEvent } from '../support/made-up-source';
import { apis, failing } from '../support/processors';
import { rejection } from '../support/promises';

/** A processor without a source: the records tell. */
class Sourceless extends BasePartialProcessor {
  prepare(): void {
    // nothing to do
  }
  clean(): void {
    // nothing to do
  }
  async processRecord(record: BaseRecord): Promise<SuccessResponse | FailureResponse> {
    return this.processRecordSync(record);
  }
  processRecordSync(record: BaseRecord): SuccessResponse | FailureResponse {
    return ['success', (this.handler as (record: BaseRecord) => unknown)(record), record];
  }
}

const sqs = sourceOf('SQS');
const kinesis = sourceOf('KinesisDataStreams');

for (const { title, standard, fifo, of } of apis) {
  describe(`A processor of ${title}, for an entry`, () => {
    it('has to be for its source', () => {
      checkFor(standard(), 'spec', sqs, false);
      expect(() => {
        checkFor(of('DynamoDBStreams'), 'spec', sqs, false);
      }).to.throw(TypeError, 'spec: expected a processor for SQS, received one for DynamoDBStreams.');
    });

    it('has to keep the order that the entry is to keep', () => {
      checkFor(fifo(), 'spec', sqs, true);
      for (const [processor, isFifo] of [
        [standard(), true],
        [fifo(), false],
      ] as const) {
        expect(() => {
          checkFor(processor, 'spec', sqs, isFifo);
        }).to.throw(TypeError, 'spec: fifo: true and a processor for FIFO queues go together');
      }
    });

    it('has no payload reader of its own', () => {
      const processor = Object.assign(standard(), { '~payload': reader(() => 1) });
      expect(() => {
        checkFor(processor, 'spec', sqs, false);
      }).to.throw(TypeError, 'spec: give the payload reader to the decorator');
    });

    it('has to answer: to Lambda, nothing is complete success', async () => {
      const processor = Object.assign(standard(), { response: () => undefined });
      const entry = processorEntry(processor, failing('a') as never, sqs, { logger: fakeLogger() });
      const error = (await rejection(entry(sqsEvent('a', 'b'), lambdaContext()))) as Error;
      expect(error).to.be.instanceOf(BatchProcessingError);
      expect(error.message).to.equal(
        `response(): expected the answer { batchItemFailures: [...] } to be returned, received undefined.`,
      );
    });

    it('runs the method on the instance, which its record handler belongs to', async () => {
      const self = {};
      const logger = fakeLogger();
      const method = sinon.spy(failing('b'));
      const entry = processorEntry(standard(), method as never, sqs, { logger });
      expect(await entry.call(self, sqsEvent('a', 'b'), lambdaContext())).to.deep.equal(reporting('b'));
      expect(method.thisValues).to.deep.equal([self, self]);
      sinon.assert.calledOnceWithMatch(logger.error, 'Record id-b failed (receive 1).', { message: 'b failed' });
    });

    it('is given the options of the entry, but for those that are the entry’s own', async () => {
      const processor = standard();
      const registered = sinon.spy(processor, 'register');
      const context = lambdaContext();
      const options = {
        source: 'SQS',
        processor,
        payload: 'read already',
        throwOnFullBatchFailure: false,
        logger: fakeLogger(),
      };
      await processorEntry(processor, failing('a') as never, sqs, options as never)(sqsEvent('a'), context);
      expect(registered.firstCall.args[2]).to.deep.equal({
        throwOnFullBatchFailure: false,
        logger: options.logger,
        context,
      });
    });

    it('rejects, whatever is wrong', async () => {
      const entry = processorEntry(standard(), failing('a') as never, sqs, { logger: fakeLogger() });
      expect(await rejection(entry(kinesisEvent('a'), lambdaContext()))).to.be.an.instanceOf(UnexpectedBatchTypeError);
      expect(await rejection(entry(undefined, lambdaContext()))).to.be.an.instanceOf(UnexpectedBatchTypeError);
      expect(await rejection(entry(sqsEvent('a'), lambdaContext()))).to.be.an.instanceOf(FullBatchFailureError);
    });
  });
}

describe('A processor without an event type, for an entry', () => {
  it('serves every source that has a name, and no records but those of the entry', async () => {
    checkFor(new Sourceless(), 'spec', sqs, false);
    checkFor(new Sourceless(), 'spec', kinesis, false);
    const entry = processorEntry(new Sourceless(), failing('b') as never, sqs, { logger: fakeLogger() });
    expect(await entry(sqsEvent('a', 'b'), lambdaContext())).to.deep.equal(reporting('b'));
    expect(await rejection(entry(kinesisEvent('a'), lambdaContext()))).to.be.an.instanceOf(UnexpectedBatchTypeError);
  });

  it('serves no other source, whose records it could not tell', () => {
    expect(ledger.records(ledgerEvent('cash#1 a'))).to.have.length(1);
    expect(() => {
      checkFor(new Sourceless(), 'spec', ledger, false);
    }).to.throw(TypeError, 'spec: expected a processor for Ledger, received one without an event type.');
  });
});
