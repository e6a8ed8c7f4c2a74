import vm from 'node:vm';

import { expect } from 'chai';

import { UnexpectedBatchTypeError } from '../../lib/errors';
import type { KafkaRecord } from '../../lib/kafka';
import { recordsOf, topicPartitionOf } from '../../lib/kafka/records';
import { kafkaEvent, kafkaRecord, mixedEvent } from '../support/kafka';

describe('The records of an event of Kafka', () => {
  it('are those of all partitions, in the order of the event', () => {
    const { records } = mixedEvent();
    expect(recordsOf(mixedEvent())).to.deep.equal([...records['orders-0']!, ...records['orders-1']!]);
    expect(recordsOf(kafkaEvent())).to.deep.equal([]);
  });

  it('are the very records, so that nothing is copied', () => {
    const event = mixedEvent();
    expect(recordsOf(event)[0]).to.equal(event.records['orders-0']![0]);
  });

  it('are also those of an event that does not say its source, as in a unit test, or is of another realm', () => {
    expect(recordsOf({ records: { 't-0': [kafkaRecord('t-0@1')] } })).to.have.lengthOf(1);
    expect(recordsOf(vm.runInNewContext("({ eventSource: 'aws:kafka', records: { 't-0': [{}] } })"))).to.have.lengthOf(
      1,
    );
  });

  it('are refused in words that name what was received, and not what it holds', () => {
    const secret = 'SECRET-4711';
    for (const [event, said] of [
      [{ eventSource: 'aws:kafka' }, 'received records: undefined.'],
      [{ eventSource: 'SelfManagedKafka', bootstrapServers: 'b', records: secret }, 'a value of type string'],
      [{ eventSource: secret, records: {} }, 'received records: an object.'],
      [{ records: { [secret]: secret } }, 'received records of a partition that are a value of type string.'],
      [{ Records: [{ body: secret }] }, 'received records: undefined.'],
      [secret, 'received a value of type string.'],
      [[{ topic: secret }], 'See pipe() of lambda-batch-handler/pipes.'],
      [{ awslogs: { data: secret } }, 'an event of CloudWatch Logs.'],
    ] as const) {
      expect(() => recordsOf(event))
        .to.throw(UnexpectedBatchTypeError, said)
        .with.property('message')
        .that.matches(/^Expected an event of Kafka \{ records: \{ 'topic-0': \[\.\.\.\] \} \}, received/)
        .and.does.not.include(secret);
    }
  });
});

describe('The topic and partition of a record', () => {
  it('is one text, whatever the topic has in its name', () => {
    expect(topicPartitionOf(kafkaRecord('my-topic-1-2@5'))).to.equal('my-topic-1-2');
  });

  it('is that of the event, where the record says something else: AWS knows it by that', () => {
    const [record] = recordsOf({ records: { 'orders-7': [kafkaRecord('orders-0@1')] } });
    expect(topicPartitionOf(record!)).to.equal('orders-7');
  });

  it('is that of each event, where the same object is in several, or twice in one, as in a test', () => {
    const record = kafkaRecord('t-0@1');
    const names = (event: object) => recordsOf(event).map((each) => topicPartitionOf(each));
    expect(names({ records: { 'a-0': [record], 'b-0': [record], 't-0': [record] } })).to.deep.equal([
      'a-0',
      'b-0',
      't-0',
    ]);
    expect(names({ records: { 't-0': [record] } })).to.deep.equal(['t-0']);
    expect(topicPartitionOf(record)).to.equal('t-0');
  });

  it('is left to who reads the batch, where a record is none', () => {
    expect(recordsOf({ records: { 't-0': [null, 'text', kafkaRecord('t-0@1')] } })).to.have.lengthOf(3);
  });

  it('is a text also where the partition is one, as in a pipe', () => {
    const record: KafkaRecord = { ...kafkaRecord('orders-3@1'), partition: '3' as unknown as number };
    expect(topicPartitionOf(record)).to.equal('orders-3');
  });
});
