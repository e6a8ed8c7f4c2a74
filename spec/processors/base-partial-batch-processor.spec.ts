import { expect } from 'chai';
import sinon from 'sinon';

import {
  BasePartialBatchProcessor,
  type BaseRecord,
  BatchProcessingError,
  BatchProcessor,
  EventType,
  type FailureResponse,
  processPartialResponse,
  type SuccessResponse,
  UnexpectedBatchTypeError,
} from '../../lib';
import { kinesisEvent, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { apis, failing } from '../support/processors';
import { rejection } from '../support/promises';

class Custom extends BasePartialBatchProcessor {
  async processRecord(record: BaseRecord): Promise<SuccessResponse | FailureResponse> {
    return this.processRecordSync(record);
  }

  processRecordSync(record: BaseRecord): SuccessResponse | FailureResponse {
    (this.handler as (record: BaseRecord) => void)(record);
    return ['success', 'custom', record];
  }
}

describe('BasePartialBatchProcessor', () => {
  it('keeps its event type', () => {
    for (const type of Object.values(EventType)) expect(new Custom(type).eventType).to.equal(type);
  });

  for (const type of ['sqs', 'constructor', 'undefined']) {
    it(`refuses the event type ${type}`, () => {
      expect(() => new Custom(type as 'SQS')).to.throw(TypeError, `received '${type}'`);
    });
  }

  it('refuses the configuration of a parser, which it would ignore', () => {
    const parser = { parser: () => undefined } as never;
    expect(() => new BatchProcessor(EventType.SQS, parser)).to.throw(
      TypeError,
      'unknown option parser; schemas are given as { payload: json(schema) }',
    );
  });

  it('logs where it is told when it is made, unless a call says otherwise', async () => {
    const [own, other] = [fakeLogger(), fakeLogger()];
    const processor = new BatchProcessor(EventType.SQS, { logger: own });
    await processPartialResponse(sqsEvent('a', 'b'), failing('a'), processor);
    sinon.assert.calledOnce(own.error);

    await processPartialResponse(sqsEvent('a', 'b'), failing('a'), processor, { logger: other });
    sinon.assert.calledOnce(own.error);
    sinon.assert.calledOnce(other.error);
  });

  it('tells its own logger of a failureHandler that throws', async () => {
    const logger = fakeLogger();
    class Throwing extends BatchProcessor {
      override failureHandler(): never {
        throw new RangeError('no');
      }
    }
    await processPartialResponse(sqsEvent('a', 'b'), failing('a'), new Throwing(EventType.SQS, { logger }));
    sinon.assert.calledOnceWithMatch(logger.warn, 'failureHandler threw RangeError');
  });

  it('refuses a logger that is none', () => {
    expect(() => new BatchProcessor(EventType.SQS, { logger: {} as never })).to.throw(
      TypeError,
      'expected logger to be',
    );
  });

  it('has hooks that do nothing', () => {
    const processor = new Custom(EventType.SQS);
    expect(processor.prepare()).to.equal(undefined);
    expect(processor.clean()).to.equal(undefined);
  });

  for (const { title, respond, process } of apis) {
    it(`needs only processRecord in ${title}, which may throw`, async () => {
      const processor = new Custom(EventType.SQS);
      expect(await respond(sqsEvent('a', 'b'), failing('a'), processor)).to.deep.equal(reporting('a'));
      expect(processor.errors.map(({ message }) => message)).to.deep.equal(['a failed']);
    });

    it(`gives the tuples of processRecord in ${title}`, async () => {
      const event = sqsEvent('a');
      const processor = new Custom(EventType.SQS).register(event.Records, failing());
      expect(await process(processor)).to.deep.equal([['success', 'custom', event.Records[0]]]);
    });

    it(`refuses records of another source in ${title}`, async () => {
      const error = await rejection(respond(kinesisEvent('a'), failing(), new Custom(EventType.SQS)));
      expect(error).to.be.instanceOf(UnexpectedBatchTypeError).and.instanceOf(BatchProcessingError);
    });
  }
});
