import { expect } from 'chai';

import {
  BasePartialBatchProcessor,
  type BaseRecord,
  BatchProcessingError,
  BatchProcessor,
  EventType,
  type FailureResponse,
  type SuccessResponse,
  UnexpectedBatchTypeError,
} from '../../lib';
import { kinesisEvent, reporting, sqsEvent } from '../support/events';
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
