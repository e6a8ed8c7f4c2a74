import { expect } from 'chai';

import { attributesOf, attributesOfAll, linkedBy, ofKafka } from '../../lib/opentelemetry/conventions';
import { dynamodbRecord, kinesisRecord, sqsRecord } from '../support/events';
import { kafkaRecord } from '../support/kafka';

const operation = { 'messaging.operation.name': 'process' };
const ofTopic = { 'messaging.system': 'kafka', ...operation, 'messaging.destination.name': 'my-topic-1' };

/** A Kafka record as a pipe sends it: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-msk.html */
const piped = (eventSource: string) => ({ ...kafkaRecord('my-topic-1-2@7'), eventSource, partition: '2' });

describe('What holds for a record', () => {
  for (const [source, system, record] of [
    ['SQS', 'aws_sqs', sqsRecord('a')],
    ['KinesisDataStreams', 'aws.kinesis', kinesisRecord('a', 0)],
    ['DynamoDBStreams', 'aws.dynamodb', dynamodbRecord('a', 0)],
  ] as const) {
    it(`is the messaging system, and the name of what sent it: ${source}`, () => {
      const attributes = { 'messaging.system': system, ...operation, 'messaging.destination.name': 'orders' };
      expect(attributesOf(record, source)).to.deep.equal(attributes);
      // Whatever the row is called, and also where neither the record nor the row's name alone tells.
      expect(attributesOf(record, 'Orders')).to.deep.equal(attributes);
      expect(attributesOf({ ...record, eventSource: undefined }, `pipe(${source})`)).to.deep.equal(attributes);
    });
  }

  it('is the topic and partition of Kafka, by the fields of the record', () => {
    const attributes = { ...ofTopic, 'messaging.destination.partition.id': '2' };
    expect(attributesOf(kafkaRecord('my-topic-1-2@7'), 'Kafka')).to.deep.equal(attributes);
    for (const eventSource of ['aws:kafka', 'SelfManagedKafka']) {
      expect(attributesOf(piped(eventSource), 'pipe(Kafka)')).to.deep.equal(attributes);
      expect(attributesOf(piped(eventSource), 'Orders')).to.deep.equal(attributes);
    }
    expect(attributesOf({ topic: 'my-topic-1' }, 'Kafka')).to.deep.equal(ofTopic);
  });

  it('is the name of a source that the conventions do not know, behind a pipe too', () => {
    const record = { eventSourceARN: 'arn:aws:post:eu-west-1:123456789012:orders', topic: 'a', partition: 1 };
    for (const source of ['Parcels', 'pipe(Parcels)']) {
      expect(attributesOf(record, source)).to.deep.equal({
        'messaging.system': 'Parcels',
        ...operation,
        'messaging.destination.name': 'orders',
      });
    }
    expect(attributesOf({ eventSource: 'constructor' }, 'toString')).to.include({ 'messaging.system': 'toString' });
  });

  it('names the stream of a consumer with enhanced fan-out', () => {
    const eventSourceARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders/consumer/fast:1700000000';
    expect(attributesOf({ eventSourceARN }, 'KinesisDataStreams')).to.include({
      'messaging.destination.name': 'orders',
    });
  });

  for (const record of [undefined, null, {}, { eventSourceARN: 7 }, { eventSourceARN: 'orders' }]) {
    it(`has no name where there is none: ${JSON.stringify(record)}`, () => {
      expect(attributesOf(record, 'unknown')).to.deep.equal({
        'messaging.system': 'unknown',
        ...operation,
        'messaging.destination.name': undefined,
      });
    });
  }
});

describe('What holds for a batch', () => {
  const ofAll = (...names: readonly string[]) =>
    attributesOfAll(
      names.map((name) => attributesOf(kafkaRecord(name), 'Kafka')),
      'Kafka',
    );

  it('is what holds for each of its records', () => {
    const one = attributesOf(kafkaRecord('orders-0@1'), 'Kafka');
    expect(ofAll('orders-0@1', 'orders-0@2')).to.deep.equal(one);
    const { 'messaging.destination.partition.id': _partition, ...topic } = one;
    expect(ofAll('orders-0@1', 'orders-1@1', 'orders-0@2')).to.deep.equal(topic);
    const { 'messaging.destination.name': _topic, ...others } = topic;
    expect(ofAll('orders-0@1', 'orders-1@1', 'orders-eu-1@1')).to.deep.equal(others);
    const { 'messaging.destination.name': _name, ...partition } = one;
    expect(ofAll('orders-0@1', 'orders-eu-0@1')).to.deep.equal(partition);
  });

  it('is no partition where that of one record is not known', () => {
    const both = [attributesOf(kafkaRecord('orders-0@1'), 'Kafka'), attributesOf({ topic: 'orders' }, 'Kafka')];
    for (const all of [both, [...both].reverse()]) {
      expect(attributesOfAll(all, 'Kafka')).to.deep.equal({ ...ofTopic, 'messaging.destination.name': 'orders' });
    }
  });

  it('is the messaging system where it is empty', () => {
    for (const [source, system] of [
      ['SQS', 'aws_sqs'],
      ['pipe(DynamoDBStreams)', 'aws.dynamodb'],
      ['pipe(Kafka)', 'kafka'],
      ['Parcels', 'Parcels'],
    ] as const) {
      expect(attributesOfAll([], source)).to.deep.equal({
        'messaging.system': system,
        ...operation,
        'messaging.destination.name': undefined,
      });
    }
  });
});

describe('What a span tells of one record of Kafka', () => {
  const told = (record: unknown, source = 'Kafka') => ofKafka(record, attributesOf(record, source));

  it('is its offset, and whether it is a tombstone, by the names of the conventions', () => {
    // ATTR_KAFKA_OFFSET and ATTR_KAFKA_MESSAGE_TOMBSTONE of @opentelemetry/semantic-conventions 1.45
    const { value: _value, ...absent } = kafkaRecord('orders-0@7');
    expect(told(kafkaRecord('orders-0@7'))).to.deep.equal({ 'kafka.offset': 7 });
    expect(told(kafkaRecord('orders-0@0', { value: '' }))).to.deep.equal({ 'kafka.offset': 0 });
    for (const tombstone of [absent, kafkaRecord('orders-0@7', { value: null })]) {
      expect(told(tombstone)).to.deep.equal({ 'kafka.offset': 7, 'kafka.message.tombstone': true });
    }
    expect(told(piped('SelfManagedKafka'), 'pipe(Kafka)')).to.deep.equal({ 'kafka.offset': 7 });
  });

  it('is no offset that has lost its last digits, or is none', () => {
    for (const offset of [2 ** 53, 1.5, '7', undefined]) {
      expect(told(kafkaRecord('orders-0@7', { offset: offset as number }))).to.deep.equal({});
    }
  });

  it('is nothing for other records', () => {
    expect(told(sqsRecord('a'), 'SQS')).to.deep.equal({});
    expect(told({ offset: 7 }, 'Parcels')).to.deep.equal({});
  });
});

describe('What a link says of the record that was sent', () => {
  it('is its id, and of a record of Kafka where it is', () => {
    const linked = (record: unknown, source: string) => linkedBy(record, attributesOf(record, source));
    expect(linked(sqsRecord('a'), 'SQS')).to.deep.equal({ 'messaging.message.id': 'id-a' });
    expect(linked(kafkaRecord('orders-0@7 k'), 'Kafka')).to.deep.equal({
      'messaging.destination.name': 'orders',
      'messaging.destination.partition.id': '0',
      'kafka.offset': 7,
    });
  });
});
