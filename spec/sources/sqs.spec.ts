import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';

import { ParsingError } from '../../lib';
import { reads } from '../../lib/batch/reader';
import { reader } from '../../lib/payload';
import { sqs } from '../../lib/sources/sqs';
import type { PayloadPlace } from '../../lib/sources/source';
import { fifoArn, fifoRecord, queueArn, sqsRecord } from '../support/events';

/** A record with less, or other, than its type says. */
const odd = (record: object): SQSRecord => record as SQSRecord;

/** What a reader of the payload is given, and what becomes of what it returns. */
const reading = reader((raw: unknown) => raw)[reads];

describe('The SQS source', () => {
  it('has the event source that SQS writes', () => {
    expect(sqs.eventSource).to.equal(sqsRecord('a').eventSource);
  });

  it('knows a record by its messageId or its body', () => {
    expect(sqs.hasShape(odd({ messageId: 'id' }))).to.be.true;
    expect(sqs.hasShape(odd({ body: '' }))).to.be.true;
    expect(sqs.hasShape(odd({ kinesis: {} }))).to.be.false;
    expect(sqs.hasShape(odd({ dynamodb: {} }))).to.be.false;
    expect(sqs.hasShape(odd({}))).to.be.false;
  });

  it('identifies a record by its messageId', () => {
    expect(sqs.itemIdentifier(sqsRecord('a'))).to.equal('id-a');
    expect(sqs.itemIdentifier(odd({}))).to.be.undefined;
  });

  it('orders records by their message group', () => {
    expect(sqs.orderingKey(fifoRecord('a1'))).to.equal('a');
    expect(sqs.orderingKey(fifoRecord('a1', ''))).to.equal('');
    expect(sqs.orderingKey(fifoRecord('a1', '__proto__'))).to.equal('__proto__');
  });

  it('has one and the same key for all records without a group (3c 8)', () => {
    expect(sqs.orderingKey(sqsRecord('a'))).to.be.undefined;
    expect(sqs.orderingKey(odd({ messageId: 'id' }))).to.be.undefined;
    expect(sqs.orderingKey(odd({ messageId: 'id', attributes: null }))).to.be.undefined;
  });

  it('takes a group that is null for no group', () => {
    expect(sqs.orderingKey(odd({ messageId: 'id', attributes: { MessageGroupId: null } }))).to.be.undefined;
  });

  it('tells how often a record has been received, as a number', () => {
    const { attributes } = sqsRecord('a');

    expect(sqs.receiveCount?.(sqsRecord('a'))).to.equal(1);
    expect(
      sqs.receiveCount?.(sqsRecord('a', { attributes: { ...attributes, ApproximateReceiveCount: '12' } })),
    ).to.equal(12);
    expect(sqs.receiveCount?.(odd({ messageId: 'id' }))).to.be.undefined;
    expect(sqs.receiveCount?.(odd({ messageId: 'id', attributes: {} }))).to.be.undefined;
  });

  it('has the body as raw payload, also an empty one', () => {
    const place = sqs.payload as PayloadPlace;
    expect(place.kind).to.equal('text');
    expect(reading.of(place, sqsRecord('a'))).to.equal('a');
    expect(reading.of(place, sqsRecord(''))).to.equal('');
    for (const body of [undefined, null, 7, {}]) {
      expect(() => reading.of(place, odd({ body }))).to.throw(
        ParsingError,
        'Expected the payload of the record to be text',
      );
    }
  });

  it('puts what was read in the place of the body, in a copy', () => {
    const record = sqsRecord('a');
    expect(sqs.payload.with(record, [7])).to.deep.equal({ ...record, body: [7] });
    expect(record).to.deep.equal(sqsRecord('a'));
  });

  describe('on whether a handler fits its queue (3c 10)', () => {
    it('finds nothing wrong where both are FIFO, or neither', () => {
      expect(sqs.orderingMismatch?.(sqsRecord('a', { eventSourceARN: queueArn }), false)).to.be.undefined;
      expect(sqs.orderingMismatch?.(sqsRecord('a', { eventSourceARN: fifoArn }), true)).to.be.undefined;
    });

    it('says what to do for a FIFO queue that is not processed in order', () => {
      const problem = sqs.orderingMismatch?.(fifoRecord('a'), false);

      expect(problem).to.match(/^The queue orders\.fifo is a FIFO queue.*set fifo: true\.$/);
    });

    it('says what is lost where a standard queue is processed in order', () => {
      expect(sqs.orderingMismatch?.(sqsRecord('a'), true)).to.match(/^The queue orders is a standard queue/);
    });

    it('goes by the name of the queue, never by a message group: fair queues have those too', () => {
      const fair = { ...fifoRecord('a'), eventSourceARN: queueArn };

      expect(sqs.orderingMismatch?.(fair, false)).to.be.undefined;
      expect(sqs.orderingMismatch?.(fair, true)).to.be.a('string');
    });

    it('says nothing of a record without an ARN, as in a unit test', () => {
      for (const record of [odd({ messageId: 'id' }), odd({ messageId: 'id', eventSourceARN: null })]) {
        expect(sqs.orderingMismatch?.(record, true)).to.be.undefined;
        expect(sqs.orderingMismatch?.(record, false)).to.be.undefined;
      }
    });

    it('names a queue whose ARN has no colons', () => {
      expect(sqs.orderingMismatch?.(sqsRecord('a', { eventSourceARN: 'orders.fifo' }), false)).to.include(
        'queue orders.fifo is',
      );
    });
  });
});
