import { expect } from 'chai';
import sinon from 'sinon';

import {
  type BaseRecord,
  BatchProcessingError,
  FullBatchFailureError,
  processPartialResponse,
  processPartialResponseSync,
  UnexpectedBatchTypeError,
} from '../../lib';
import { dynamodbEvent, kinesisEvent, reporting, sqsEvent, sqsRecord } from '../support/events';
import { apis, failing, hooked } from '../support/processors';
import { rejection } from '../support/promises';

for (const { title, isAsync, standard, of, respond } of apis) {
  describe(isAsync ? 'processPartialResponse' : 'processPartialResponseSync', () => {
    it('answers an empty batch without running anything', async () => {
      const handler = sinon.spy();
      expect(await respond({ Records: [] }, handler, standard())).to.deep.equal({ batchItemFailures: [] });
      sinon.assert.notCalled(handler);
    });

    it('answers with a fresh object each time (L1) (B32) (3c 3)', async () => {
      const [one, other] = [standard(), standard()];
      const first = await respond(sqsEvent('a'), failing(), one);
      first.batchItemFailures.push({ itemIdentifier: 'phantom' });
      expect(await respond(sqsEvent('b'), failing(), one)).to.deep.equal(reporting());
      expect(await respond(sqsEvent('c'), failing(), other)).to.deep.equal(reporting());
      Object.freeze(first.batchItemFailures);
      expect(await respond(sqsEvent('d', 'e'), failing('d'), one)).to.deep.equal(reporting('d'));
    });

    describe('where no record succeeds (3c 6)', () => {
      it('throws FullBatchFailureError with every original error, in record order (L23)', async () => {
        const errors = [new RangeError('first'), new TypeError('second')];
        const handler = sinon.stub().onFirstCall().throws(errors[0]).onSecondCall().throws(errors[1]);
        const processor = standard();
        const error = (await rejection(respond(sqsEvent('a', 'b'), handler, processor))) as FullBatchFailureError;
        expect(error).to.be.instanceOf(FullBatchFailureError).and.instanceOf(BatchProcessingError);
        expect(error.recordErrors).to.deep.equal(errors);
        expect(error.errors).to.deep.equal(errors);
        expect(error.cause).to.equal(errors[0]);
        expect(processor.response()).to.deep.equal(reporting('a', 'b'));
      });

      it('throws an error that says what happened also as JSON (L28) (B11)', async () => {
        const error = await rejection(respond(sqsEvent('a', 'b'), failing('a', 'b'), standard()));
        expect((JSON.parse(JSON.stringify(error)) as FullBatchFailureError).recordErrors).to.deep.equal([
          { name: 'Error', message: 'a failed' },
          { name: 'Error', message: 'b failed' },
        ]);
      });

      it('answers with all of them with throwOnFullBatchFailure: false', async () => {
        const options = { throwOnFullBatchFailure: false };
        expect(await respond(sqsEvent('a', 'b'), failing('a', 'b'), standard(), options)).to.deep.equal(
          reporting('a', 'b'),
        );
      });

      it('throws with throwOnFullBatchFailure: true or undefined', async () => {
        for (const throwOnFullBatchFailure of [true, undefined]) {
          const answer = respond(sqsEvent('a'), failing('a'), standard(), { throwOnFullBatchFailure });
          expect(await rejection(answer)).to.be.instanceOf(FullBatchFailureError);
        }
      });

      it('does not throw for a batch that has no records', async () => {
        expect(await respond({ Records: [] }, failing('a'), standard())).to.deep.equal(reporting());
      });
    });

    describe(`refuses, before any record runs (L12) (L30) (B20) (3c 23)`, () => {
      const kinesis = kinesisEvent('a').Records[0]!;
      const events: [title: string, event: unknown, says: string][] = [
        ['null', null, 'null'],
        ['undefined', undefined, 'undefined'],
        ['a string', 'event', 'event'],
        ['{}', {}, 'Records: undefined'],
        ['{ Records: null }', { Records: null }, 'Records: null'],
        ['{ Records: an object }', { Records: { 0: sqsRecord('a') } }, 'object'],
        ['an array', [sqsRecord('a')], 'an array'],
        ['a single record', sqsRecord('a'), '{ Records: [record] }'],
        ['a single record of a unit test', { messageId: '1', body: '' }, '{ Records: [record] }'],
        ['a null record', { Records: [sqsRecord('a'), null] }, 'index 1 null'],
        ['a record of another source', { Records: [kinesis] }, "'aws:kinesis'"],
        ['records of two sources', { Records: [sqsRecord('a'), kinesis] }, 'index 1'],
        ["eventSource: 'constructor'", { Records: [sqsRecord('a', { eventSource: 'constructor' })] }, "'constructor'"],
        ['an S3 record', { Records: [{ eventSource: 'aws:s3', s3: {} }] }, "'aws:s3'"],
        ['an S3 test event', { Service: 'Amazon S3', Event: 's3:TestEvent' }, 'Records: undefined'],
        ['an EventBridge event', { source: 'aws.events', 'detail-type': 'x', detail: {} }, 'EventBridge'],
        ['a record of unknown shape', { Records: [{ id: 1 }] }, 'unknown shape'],
      ];
      for (const [what, event, says] of events) {
        it(what, async () => {
          const handler = sinon.spy();
          const processor = hooked(standard(), { prepare: sinon.spy(), clean: sinon.spy() });
          const error = await rejection(respond(event as { Records: BaseRecord[] }, handler, processor));
          expect(error).to.be.instanceOf(UnexpectedBatchTypeError).with.property('message').that.includes(says);
          sinon.assert.notCalled(handler);
          sinon.assert.notCalled(processor.prepare as sinon.SinonSpy);
        });
      }

      it('a tumbling window', async () => {
        const event = { ...kinesisEvent('a'), window: { start: '', end: '' }, state: {} };
        const error = await rejection(respond(event, failing(), of('KinesisDataStreams')));
        expect(error)
          .to.be.instanceOf(UnexpectedBatchTypeError)
          .with.property('message')
          .that.includes('tumbling window');
      });

      it('SQS messages with a stream processor', async () => {
        expect(await rejection(respond(sqsEvent('a'), failing(), of('DynamoDBStreams')))).to.be.instanceOf(
          UnexpectedBatchTypeError,
        );
        expect(await rejection(respond(dynamodbEvent('a'), failing(), of('KinesisDataStreams')))).to.be.instanceOf(
          UnexpectedBatchTypeError,
        );
      });

      it('a record handler that is no function, or a generator that would never run (3c 25)', async () => {
        for (const handler of [undefined, null, {}, function* () {}, async function* () {}]) {
          const answer = respond(sqsEvent('a'), handler as CallableFunction, standard());
          expect(await rejection(answer))
            .to.be.instanceOf(TypeError)
            .with.property('message')
            .that.includes('handler');
        }
      });
    });

    it('goes by the shape of records that do not say their source, as in unit tests', async () => {
      const sqs = {
        Records: [
          { messageId: 'm1', body: 'a' },
          { messageId: 'm2', body: 'b' },
        ],
      };
      expect(await respond(sqs, failing('b'), standard())).to.deep.equal({
        batchItemFailures: [{ itemIdentifier: 'm2' }],
      });
      const kinesis = { Records: kinesisEvent('a', 'b').Records.map((record) => ({ kinesis: record.kinesis })) };
      expect(await respond(kinesis, failing('b'), of('KinesisDataStreams'))).to.deep.equal({
        batchItemFailures: [{ itemIdentifier: kinesis.Records[1]!.kinesis.sequenceNumber }],
      });
    });

    it(`is refused nothing by a processor that failed before, in ${title} (B16)`, async () => {
      const processor = standard();
      await rejection(respond({} as { Records: BaseRecord[] }, failing(), processor));
      await rejection(respond(kinesisEvent('a'), failing(), processor));
      expect(await respond(sqsEvent('a', 'b'), failing('b'), processor)).to.deep.equal(reporting('b'));
    });
  });
}

describe('both entries', () => {
  it('refuse by rejecting, or by throwing, never the other way round', async () => {
    const nothing = undefined as unknown as { Records: BaseRecord[] };
    const processor = apis[0]!.standard();
    let answer: unknown;
    expect(() => (answer = processPartialResponse(nothing, failing(), processor))).not.to.throw();
    await rejection(answer as Promise<unknown>);
    expect(() => processPartialResponseSync(nothing, failing(), apis[1]!.standard())).to.throw(
      UnexpectedBatchTypeError,
    );
  });
});
