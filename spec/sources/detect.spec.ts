import { expect } from 'chai';

import { detectSource } from '../../lib/sources/detect';
import { dynamodbRecord, kinesisRecord, sqsRecord } from '../support/events';

describe('detectSource', () => {
  it('tells the source of a record by what it says, or by its shape', () => {
    expect(detectSource(sqsRecord('a'))).to.equal('SQS');
    expect(detectSource(kinesisRecord('a', 0))).to.equal('KinesisDataStreams');
    expect(detectSource(dynamodbRecord('a', 0))).to.equal('DynamoDBStreams');
    expect(detectSource({ body: 'a' })).to.equal('SQS');
    expect(detectSource({ kinesis: {} })).to.equal('KinesisDataStreams');
    expect(detectSource({ dynamodb: {} })).to.equal('DynamoDBStreams');
  });

  it('believes what a record says, not its shape', () => {
    expect(detectSource({ eventSource: 'aws:kinesis', body: 'a' })).to.equal('KinesisDataStreams');
    expect(detectSource({ eventSource: 'aws:s3', body: 'a' })).to.be.undefined;
  });

  it('knows no source of anything else (3c 23)', () => {
    for (const record of [undefined, null, 7, 'text', {}, [], { eventSource: 'constructor' }]) {
      expect(detectSource(record)).to.be.undefined;
    }
  });
});
