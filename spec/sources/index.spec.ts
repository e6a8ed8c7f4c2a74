import { expect } from 'chai';

import { EventType, isRow, isSourceName, rows, sourceNames, sourceOf } from '../../lib/sources';
import { dynamodb } from '../../lib/sources/dynamodb';
import { kinesis } from '../../lib/sources/kinesis';
import { sqs } from '../../lib/sources/sqs';
import { parcels } from '../support/row';

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

  it('gives a row for itself', () => {
    const row = parcels();
    expect(sourceOf(row)).to.equal(row);
  });
});

describe('isRow', () => {
  it('knows the rows that are built in, and any other', () => {
    for (const row of [...rows, parcels()]) expect(isRow(row)).to.be.true;
  });

  it('takes nothing for a row in which something is missing that every batch needs', () => {
    for (const name of ['name', 'records', 'hasShape', 'itemIdentifier', 'orderingKey', 'payload']) {
      expect(isRow({ ...parcels(), [name]: undefined }), name).to.be.false;
    }
    for (const name of ['of', 'with']) {
      expect(isRow({ ...parcels(), payload: { ...parcels().payload, [name]: 'no function' } }), name).to.be.false;
    }
  });

  it('takes nothing else for a row', () => {
    for (const value of [undefined, null, 'SQS', 7, {}, [], () => undefined, EventType]) {
      expect(isRow(value)).to.be.false;
    }
  });
});
