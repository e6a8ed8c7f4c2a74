import { expect } from 'chai';

import { type SourceName, sourceNames, sourceOf } from '../../lib/sources';
import { detectSource, identifierOf, isFrom, textOf } from '../../lib/sources/detect';
import { dynamodbRecord, kinesisRecord, sqsRecord } from '../support/events';

describe('detectSource', () => {
  it('tells the source of a record by what it says, or by its shape', () => {
    expect(detectSource(sqsRecord('a'))).to.equal(sourceOf('SQS'));
    expect(detectSource(kinesisRecord('a', 0))).to.equal(sourceOf('KinesisDataStreams'));
    expect(detectSource(dynamodbRecord('a', 0))).to.equal(sourceOf('DynamoDBStreams'));
    expect(detectSource({ body: 'a' })).to.equal(sourceOf('SQS'));
    expect(detectSource({ kinesis: {} })).to.equal(sourceOf('KinesisDataStreams'));
    expect(detectSource({ dynamodb: {} })).to.equal(sourceOf('DynamoDBStreams'));
  });

  it('believes what a record says, not its shape', () => {
    expect(detectSource({ eventSource: 'aws:kinesis', body: 'a' })).to.equal(sourceOf('KinesisDataStreams'));
    expect(detectSource({ eventSource: 'aws:s3', body: 'a' })).to.be.undefined;
  });

  it('knows no source of anything else (3c 23)', () => {
    for (const record of [undefined, null, 7, 'text', {}, [], { eventSource: 'constructor' }]) {
      expect(detectSource(record)).to.be.undefined;
    }
  });
});

describe('isFrom', () => {
  const records: Record<SourceName, object> = {
    SQS: sqsRecord('a'),
    KinesisDataStreams: kinesisRecord('a', 0),
    DynamoDBStreams: dynamodbRecord('a', 0),
  };
  const shapes: Record<SourceName, object[]> = {
    SQS: [{ messageId: undefined }, { body: 'a' }],
    KinesisDataStreams: [{ kinesis: null }],
    DynamoDBStreams: [{ dynamodb: {} }],
  };

  it('holds for the records of a source, and for those of no other', () => {
    for (const name of sourceNames) {
      expect(sourceNames.filter((other) => isFrom(sourceOf(other), records[name]))).to.deep.equal([name]);
    }
  });

  it('goes by the shape where a record does not say its source', () => {
    for (const name of sourceNames) {
      for (const shape of shapes[name]) {
        for (const record of [shape, { ...shape, eventSource: undefined }, { ...shape, eventSource: null }]) {
          expect(sourceNames.filter((other) => isFrom(sourceOf(other), record))).to.deep.equal([name]);
        }
      }
    }
  });

  it('goes by what a record says, whatever its shape', () => {
    expect(isFrom(sourceOf('SQS'), { eventSource: 'aws:sqs' })).to.be.true;
    expect(isFrom(sourceOf('SQS'), { eventSource: 'aws:kinesis', body: 'a' })).to.be.false;
    for (const eventSource of ['', 'AWS:SQS', 7, false, ['aws:sqs'], new String('aws:sqs')]) {
      expect(isFrom(sourceOf('SQS'), { eventSource, body: 'a' })).to.be.false;
    }
  });

  it('holds for nothing that is no object (3c 23)', () => {
    for (const record of [undefined, null, 7, 'aws:sqs', Symbol('a'), Object.assign(() => 1, { body: 'a' })]) {
      for (const name of sourceNames) expect(isFrom(sourceOf(name), record)).to.be.false;
    }
  });
});

describe('identifierOf', () => {
  it('is what the event source mapping knows a record by', () => {
    const { sequenceNumber } = kinesisRecord('a', 7).kinesis;

    expect(identifierOf(sourceOf('SQS'), sqsRecord('a'))).to.equal('id-a');
    expect(identifierOf(sourceOf('KinesisDataStreams'), kinesisRecord('a', 7))).to.equal(sequenceNumber);
    expect(identifierOf(sourceOf('DynamoDBStreams'), dynamodbRecord('a', 7))).to.equal('111000000000000000000007');
  });

  it('is taken as it is, spaces and zeros included', () => {
    for (const messageId of [' ', '0', '007', '__proto__']) {
      expect(identifierOf(sourceOf('SQS'), { messageId })).to.equal(messageId);
    }
  });

  it('is none where a record has none that Lambda would know (3c 14)', () => {
    for (const identifier of [undefined, null, '', 0, 7, true, {}, ['id-a'], new String('id-a')]) {
      expect(identifierOf(sourceOf('SQS'), { messageId: identifier })).to.be.undefined;
      expect(identifierOf(sourceOf('KinesisDataStreams'), { kinesis: { sequenceNumber: identifier } })).to.be.undefined;
      expect(identifierOf(sourceOf('DynamoDBStreams'), { dynamodb: { SequenceNumber: identifier } })).to.be.undefined;
    }
    for (const name of sourceNames) expect(identifierOf(sourceOf(name), {})).to.be.undefined;
  });

  it('can be an object where the source says how to write it, and there alone', () => {
    const place = { partition: 'orders-3', offset: 7 };
    const itemIdentifier = (record: unknown): unknown => record;
    const said = { itemIdentifier, textOf: () => 'orders-3@7' };

    expect(identifierOf(said, place)).to.equal(place);
    expect(identifierOf({ itemIdentifier }, place)).to.be.undefined;
    for (const none of [undefined, null, '', 7, true, Symbol('a'), () => place]) {
      expect(identifierOf(said, none)).to.be.undefined;
    }
    expect(identifierOf(said, 'text')).to.equal('text');
  });
});

describe('textOf', () => {
  it('is the text itself, and for an object what its source writes', () => {
    const source = { textOf: (identifier: unknown) => Object.values(identifier as object).join('@') };

    expect(textOf(sourceOf('SQS'), 'id-a')).to.equal('id-a');
    expect(textOf(source, 'id-a')).to.equal('id-a');
    expect(textOf(source, { partition: 'orders-3', offset: 7 })).to.equal('orders-3@7');
  });
});
