import { expect } from 'chai';

import { ParsingError } from '../../lib/errors';
import { kafka } from '../../lib/kafka/kafka';
import { isRow } from '../../lib/sources';
import { isFrom } from '../../lib/sources/detect';
import { kafkaRecord } from '../support/kafka';

describe('The row of Kafka', () => {
  it('is a row, of a stream with orders of its own', () => {
    expect(isRow(kafka)).to.equal(true);
    expect(kafka).to.deep.include({ name: 'Kafka', kind: 'stream', orders: ['partition', 'key'] });
  });

  it('knows its records by their shape, since they do not say their source', () => {
    expect(isFrom(kafka, kafkaRecord('t-0@1'))).to.equal(true);
    for (const other of [{ topic: 't' }, { offset: 1 }, { eventSource: 'aws:sqs', topic: 't', offset: 1 }, null, 7]) {
      expect(isFrom(kafka, other)).to.equal(false);
    }
  });

  it('knows a record by topic, partition and offset, a fresh object each time', () => {
    const record = kafkaRecord('my-topic-1-2@5');
    const identifier = kafka.itemIdentifier(record);
    expect(identifier).to.deep.equal({ partition: 'my-topic-1-2', offset: 5 });
    expect(kafka.itemIdentifier(record)).not.to.equal(identifier);
    expect(kafka.textOf!(identifier!)).to.equal('my-topic-1-2@5');
  });

  it('knows a record by nothing where its offset is none, or has lost digits on its way', () => {
    for (const offset of [2 ** 53, -1, 1.5, NaN, '5', null, undefined]) {
      expect(kafka.itemIdentifier(kafkaRecord('t-0@1', { offset: offset as number }))).to.equal(undefined);
    }
    expect(kafka.itemIdentifier(kafkaRecord('t-0@1', { offset: 2 ** 53 - 1 }))).to.have.property('offset', 2 ** 53 - 1);
    expect(kafka.itemIdentifier(kafkaRecord('t-0@0'))).to.have.property('offset', 0);
  });

  it('puts records in order by partition, or by key within one', () => {
    const keyOf = (name: string, order: 'partition' | 'key', key?: string | null) =>
      kafka.orderingKey(kafkaRecord(name, key === undefined ? {} : { key }), order);
    expect(keyOf('t-0@1 a', 'partition')).to.equal(keyOf('t-0@2 b', 'partition'));
    expect(keyOf('t-0@1 a', 'partition')).not.to.equal(keyOf('t-1@1 a', 'partition'));
    expect(keyOf('t-0@1 a', 'key')).to.equal(keyOf('t-0@2 a', 'key'));
    expect(keyOf('t-0@1 a', 'key')).not.to.equal(keyOf('t-0@1 b', 'key'));
    expect(keyOf('t-0@1 a', 'key')).not.to.equal(keyOf('t-1@1 a', 'key'));
    expect(keyOf('t-0@1', 'key')).to.equal(keyOf('t-0@2', 'key', null));
    expect(keyOf('t-0@1', 'key')).not.to.equal(keyOf('t-0@2', 'key', ''));
  });

  it('has the value as payload, and a tombstone has none', () => {
    const record = kafkaRecord('t-0@1');
    expect(kafka.payload.of(record)).to.equal(record.value);
    expect(kafka.payload.of({ ...record, value: '' })).to.equal('');
    expect(kafka.payload.with(record, 7)).to.deep.equal({ ...record, value: 7 });
    for (const value of [null, undefined]) {
      expect(() => kafka.payload.of({ ...record, value: value })).to.throw(ParsingError, 'tombstone(reader)');
    }
  });
});
