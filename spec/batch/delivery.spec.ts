import { expect } from 'chai';

import { type Batch, readBatch } from '../../lib/batch/batch';
import { Delivery } from '../../lib/batch/delivery';
import { Deadline } from '../../lib/engine/deadline';
import { sourceOf } from '../../lib/sources';
import { kinesisRecord, sqsRecord } from '../support/events';

describe('A delivery', () => {
  const first = sqsRecord('a');
  const second = sqsRecord('b', { attributes: { ...first.attributes, ApproximateReceiveCount: '3' } });
  const batch = readBatch(sourceOf('SQS'), [first, second]);
  const deliver = (index: number, of: Batch = batch, deadline = new Deadline()) => new Delivery(of, deadline, index);

  it('tells of the record at its index', () => {
    const { record, itemIdentifier, index, receiveCount } = deliver(1);

    expect(record).to.equal(second);
    expect(itemIdentifier).to.equal('id-b');
    expect(index).to.equal(1);
    expect(receiveCount).to.equal(3);
  });

  it('has the identifier that the record was received with (3c 14)', () => {
    const record = sqsRecord('a');
    const delivery = deliver(0, readBatch(sourceOf('SQS'), [record]));
    record.messageId = 'changed';

    expect(delivery.itemIdentifier).to.equal('id-a');
  });

  it('has no identifier where the record has none, and no count where the source does not count', () => {
    expect(deliver(0, readBatch(sourceOf('SQS'), [{ body: 'a' }])).itemIdentifier).to.be.undefined;
    expect(deliver(0, readBatch(sourceOf('KinesisDataStreams'), [kinesisRecord('a', 0)])).receiveCount).to.be.undefined;
  });

  it('has the signal of the batch, which aborts at the deadline', () => {
    const reason = new Error('time is up');
    const deadline = new Deadline({ remaining: () => 0, reserve: 0, reason: () => reason });
    const { signal } = deliver(0, batch, deadline);

    expect(signal).to.equal(deliver(1, batch, deadline).signal);
    expect(signal.aborted).to.be.false;
    deadline.abort();
    expect(signal.reason).to.equal(reason);
  });

  it('shows no payload when it is logged', () => {
    expect(JSON.stringify(deliver(1))).to.equal('{"index":1}');
  });
});
