// The rows of the list of known bugs that no other spec of this folder names: `grep -rn '(L7)' spec` finds each.
import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  BatchProcessingError,
  BatchProcessor,
  EventType,
  FullBatchFailureError,
  processPartialResponse,
  SqsFifoMessageGroupShortCircuitError,
  SqsFifoShortCircuitError,
  UnexpectedBatchTypeError,
} from '../../lib';
import { reporting, sqsEvent, sqsRecord } from '../support/events';
import { apis, failing, hooked } from '../support/processors';
import { rejection } from '../support/promises';

describe('known bugs of batch libraries', () => {
  for (const { title, standard, respond } of apis) {
    describe(`in ${title}`, () => {
      it('hand the body on as it came, whatever it looks like (B21)', async () => {
        const bodies: string[] = [];
        const Records = ['aGVsbG8=', '{"a":1}', ''].map((body, index) => sqsRecord(`m${index}`, { body }));
        await respond({ Records }, (record: SQSRecord) => bodies.push(record.body), standard());
        expect(bodies).to.deep.equal(['aGVsbG8=', '{"a":1}', '']);
      });

      it('hand the very record on, so that middleware may have put its own things there', async () => {
        const event = sqsEvent('a');
        const handler = sinon.spy();
        await respond(event, handler, standard());
        expect(handler.firstCall.args[0]).to.equal(event.Records[0]);
      });

      it('run a handler once a record, also where it throws (L21)', async () => {
        const handler = sinon.stub().throws(new Error('no'));
        await rejection(respond(sqsEvent('a', 'b'), handler, standard()));
        sinon.assert.calledTwice(handler);
      });

      it('leave the event as it was', async () => {
        const event = sqsEvent('a', 'b');
        const before = structuredClone(event);
        await respond(
          Object.freeze({ Records: Object.freeze(event.Records) as SQSRecord[] }),
          failing('a'),
          standard(),
        );
        expect(event).to.deep.equal(before);
      });

      it('change nothing for records that are added to the event, or taken from it, while it runs', async () => {
        const event = sqsEvent('a', 'b', 'c');
        const handler = (record: SQSRecord): void => {
          event.Records.length = 0;
          event.Records.push(sqsRecord('late'));
          failing('b', 'c')(record);
        };
        expect(await respond(event, handler, standard())).to.deep.equal(reporting('b', 'c'));
      });

      it('report nothing but identifiers that came with the batch (L25)', async () => {
        const processor = hooked(standard(), {
          failureHandler: (record: SQSRecord) => ['fail', 'no', { ...record, messageId: 'invented' }],
        });
        expect(await respond(sqsEvent('a', 'b'), failing('b'), processor)).to.deep.equal(reporting('b'));
      });
    });
  }

  it('keep the processors apart that serve one module', async () => {
    const [one, other] = [new BatchProcessor(EventType.SQS), new BatchProcessor(EventType.SQS)];
    const [a, b] = await Promise.all([
      processPartialResponse(sqsEvent('a', 'b'), failing('a'), one),
      processPartialResponse(sqsEvent('c', 'd'), failing('d'), other),
    ]);
    expect([a, b]).to.deep.equal([reporting('a'), reporting('d')]);
  });

  it('have errors that users can construct, with names that no minifier changes (B11) (L27)', () => {
    const errors = [
      new BatchProcessingError('why'),
      new FullBatchFailureError(),
      new SqsFifoShortCircuitError(),
      new SqsFifoMessageGroupShortCircuitError(),
      new UnexpectedBatchTypeError(),
    ];
    for (const error of errors) {
      expect(error).to.be.instanceOf(BatchProcessingError);
      expect(error.name).to.equal(error.constructor.name);
      expect(error.message).not.to.equal('');
      expect(Object.keys(error)).to.deep.equal([]);
    }
  });
});
