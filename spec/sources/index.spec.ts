import { expect } from 'chai';

import { EventType, isSourceName, sourceNames, sourceOf } from '../../lib/sources';
import { dynamodb } from '../../lib/sources/dynamodb';
import { kinesis } from '../../lib/sources/kinesis';
import { sqs } from '../../lib/sources/sqs';

describe('The table of sources', () => {
  it('has a row for each name', () => {
    expect(sourceNames).to.deep.equal(['SQS', 'KinesisDataStreams', 'DynamoDBStreams']);
    expect(sourceOf('SQS')).to.equal(sqs);
    expect(sourceOf('KinesisDataStreams')).to.equal(kinesis);
    expect(sourceOf('DynamoDBStreams')).to.equal(dynamodb);
  });

  it('gives the names that the class API has them by', () => {
    expect(EventType).to.deep.equal({
      SQS: 'SQS',
      KinesisDataStreams: 'KinesisDataStreams',
      DynamoDBStreams: 'DynamoDBStreams',
    });
  });

  it('has rows for different event sources', () => {
    expect(new Set(sourceNames.map((name) => sourceOf(name).eventSource))).to.have.property('size', sourceNames.length);
  });

  it('knows its names, and no names of Object.prototype', () => {
    for (const name of sourceNames) expect(isSourceName(name)).to.be.true;
    for (const name of ['sqs', 'Kafka', '', 'constructor', '__proto__', 'toString', undefined, null, 0, {}, ['SQS']]) {
      expect(isSourceName(name)).to.be.false;
    }
  });
});
