import { expect } from 'chai';

import { recordOf } from '../../lib/sqs-consumer/record-of';
import { sqsEvent } from '../../lib/testing';
import { messageOf } from './queue-client';

const arn = 'arn:aws:sqs:eu-west-1:123456789012:orders';
const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

describe('A record of a received message', () => {
  it('is what Lambda makes of it, as sqsEvent does (S1)', () => {
    const { Records } = sqsEvent(['{"id":1}', 'two'], {
      messageAttributes: { name: 'Zoë', count: 12, bytes },
      receiveCount: 3,
    });

    expect(Records.map((record) => recordOf(messageOf(record, 3), arn))).to.deep.equal(Records);
  });

  it('is the same of a FIFO queue, group and sequence number included (S1)', () => {
    const { Records } = sqsEvent(['one'], { fifo: true, messageGroupId: 'a' });
    const [record] = Records;

    expect(recordOf(messageOf(record!), record!.eventSourceARN)).to.deep.equal(record);
  });

  it('is the same without message attributes, whose digest is null then (S1)', () => {
    const { Records } = sqsEvent(['one']);

    expect(recordOf(messageOf(Records[0]!), arn))
      .to.deep.equal(Records[0])
      .and.to.have.property('md5OfMessageAttributes', null);
  });

  it('brings a binary attribute through, byte by byte (S8)', async () => {
    const BinaryValue = Buffer.from(bytes);
    const record = recordOf({ MessageAttributes: { key: { DataType: 'Binary.png', BinaryValue } } }, arn);

    expect(record.messageAttributes.key).to.deep.equal({
      binaryValue: BinaryValue.toString('base64'),
      stringListValues: [],
      binaryListValues: [],
      dataType: 'Binary.png',
    });
    expect(Buffer.from(record.messageAttributes.key!.binaryValue!, 'base64')).to.deep.equal(BinaryValue);
  });

  it('shares nothing with the message that a handler could change', () => {
    const message = messageOf(sqsEvent(['one']).Records[0]!);
    const record = recordOf(message, arn);
    record.attributes.SenderId = 'changed';

    expect(message.Attributes!.SenderId).not.to.equal('changed');
  });

  it('is made of a message that has nothing, too', () => {
    const record = recordOf({}, arn);

    expect(record).to.include({ eventSource: 'aws:sqs', eventSourceARN: arn, awsRegion: 'eu-west-1' });
    expect(record).to.deep.include({ attributes: {}, messageAttributes: {} });
  });
});
