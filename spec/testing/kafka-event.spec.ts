import { expect } from 'chai';
import fc from 'fast-check';

import { headersOf, kafka, type KafkaEvent, keyOf } from '../../lib/kafka';
import { createBatchHandler } from '../../lib';
import { kafkaEvent, type KafkaEventOptions, lambdaContext } from '../../lib/testing';
import { nameIn, offsets } from '../support/kafka';
import { fakeLogger } from '../support/logger';

const recordsIn = ({ records }: KafkaEvent) => Object.values(records).flat();
const valuesIn = (event: KafkaEvent) => recordsIn(event).map(({ value }) => value);

// Shape: further-sources, section 3.1, after https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html.
describe('kafkaEvent', () => {
  it('makes the event of a topic', () => {
    expect(kafkaEvent(['Hello', { id: 1 }])).to.deep.equal({
      eventSource: 'aws:kafka',
      eventSourceArn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders/01234567-89ab-4cde-8f01-23456789abcd-1',
      bootstrapServers: 'b-1.orders.kafka.eu-west-1.amazonaws.com:9098',
      records: {
        'orders-0': [
          {
            topic: 'orders',
            partition: 0,
            offset: 0,
            timestamp: 1767225600000,
            timestampType: 'CREATE_TIME',
            value: 'SGVsbG8=',
            headers: [],
          },
          {
            topic: 'orders',
            partition: 0,
            offset: 1,
            timestamp: 1767225600001,
            timestampType: 'CREATE_TIME',
            value: 'eyJpZCI6MX0=',
            headers: [],
          },
        ],
      },
    });
  });

  it('makes an empty event of no records', () => {
    expect(kafkaEvent([]).records).to.deep.equal({});
  });

  it('makes the event of a cluster that AWS does not manage, which has no ARN', () => {
    expect(kafkaEvent(['a'], { eventSource: 'SelfManagedKafka', bootstrapServers: 'a:1,b:2' })).to.deep.include({
      eventSource: 'SelfManagedKafka',
      bootstrapServers: 'a:1,b:2',
    });
    expect(kafkaEvent(['a'], { eventSource: 'SelfManagedKafka' })).not.to.have.property('eventSourceArn');
  });

  it('has several topics and partitions, by map key, with offsets that ascend in each', () => {
    const event = kafkaEvent(['a', 'b', 'c', 'd'], {
      topic: (payload) => (payload === 'c' ? 'my-topic-1' : 'orders'),
      partition: (_, index) => index % 2,
      offset: 10,
    });
    const places = Object.entries(event.records).map(([name, records]) => [
      name,
      records.map((record) => `${nameIn(record)}@${record.offset}`).join(' '),
    ]);

    expect(places).to.deep.equal([
      ['orders-0', 'a@10'],
      ['orders-1', 'b@10 d@11'],
      ['my-topic-1-0', 'c@10'],
    ]);
  });

  it('takes strings and bytes as they are, and anything else as JSON', () => {
    const bytes = Uint8Array.of(0, 255, 128);
    const values = valuesIn(kafkaEvent<unknown>(['é', '', '{"a": 1}', { a: [1] }, 7, false, bytes, bytes.buffer]));

    expect(values.map((value) => Buffer.from(value!, 'base64').toString('latin1'))).to.deep.equal([
      'Ã©',
      '',
      '{"a": 1}',
      '{"a":[1]}',
      '7',
      'false',
      '\x00ÿ\x80',
      '\x00ÿ\x80',
    ]);
  });

  // A tombstone of AWS has no value: [THREAD powertools-typescript #5016].
  it('makes tombstones of null and undefined, which have no value at all', () => {
    const [one, other, gap, text] = recordsIn(kafkaEvent([null, undefined, , 'null']));

    for (const record of [one!, other!, gap!]) expect(record).not.to.have.property('value');
    expect(nameIn(text!)).to.equal('null');
  });

  it('has keys of text or bytes, in base64, and none where there is none', () => {
    const keys = (key?: KafkaEventOptions['key']) => recordsIn(kafkaEvent(['a', 'b'], { key }));

    expect(keys('k').map(keyOf)).to.deep.equal([Buffer.from('k'), Buffer.from('k')]);
    expect(keys('').map(({ key }) => key)).to.deep.equal(['', '']);
    expect(keys(Uint8Array.of(255)).map(({ key }) => key)).to.deep.equal(['/w==', '/w==']);
    expect(
      keys((payload, index) => `${String(payload)}${index}`)
        .map(keyOf)
        .map(String),
    ).to.deep.equal(['a0', 'b1']);
    for (const none of [undefined, null, () => null, () => undefined]) {
      expect(keys(none)[0]).not.to.have.property('key');
    }
  });

  // Signed bytes: [THREAD powertools-python #6862, aws-lambda-dotnet #1476].
  it('has headers with signed bytes, one object each, also where a name is repeated', () => {
    const headers = { mark: 'ë', id: ['a', Uint8Array.of(127, 128, 255)], none: [] };
    const [record] = recordsIn(kafkaEvent(['a'], { headers }));

    expect(record!.headers).to.deep.equal([{ mark: [-61, -85] }, { id: [97] }, { id: [127, -128, -1] }]);
    expect(headersOf(record!).get('id')).to.deep.equal([Buffer.from('a'), Buffer.of(127, 128, 255)]);
  });

  it('tells headers by a function of the payload and its index, also one of a name that objects have', () => {
    const event = kafkaEvent([{ id: 'x' }, { id: 'y' }], {
      headers: ({ id }, index) => JSON.parse(`{ "__proto__": "${id}${index}" }`) as Record<string, string>,
    });

    expect(recordsIn(event).map((record) => String(headersOf(record).get('__proto__')))).to.deep.equal(['x0', 'y1']);
  });

  it('says when the records arrived, in milliseconds', () => {
    const event = kafkaEvent(['a', 'b'], { arrivedAt: new Date(1_800_000_000_000), partition: (_, index) => index });

    expect(recordsIn(event).map(({ timestamp }) => timestamp)).to.deep.equal([1_800_000_000_000, 1_800_000_000_001]);
  });

  it('refuses options it does not know, and payloads that are no array', () => {
    expect(() => kafkaEvent(['a'], { partitionKey: 'a' } as object)).to.throw(
      TypeError,
      'kafkaEvent: unknown option partitionKey; expected one of eventSource, eventSourceArn, bootstrapServers, topic, ',
    );
    expect(() => kafkaEvent(null as never)).to.throw(TypeError, 'payloads to be an array, received null (object).');
    expect(() => kafkaEvent(['a'], { topic: '' })).to.throw(RangeError, "received '' (string).");
    expect(() => kafkaEvent(['a'], { eventSource: 'kafka' as never })).to.throw(TypeError, 'eventSource to be one of');
  });

  it('keeps every payload, key and header, in offsets that ascend, and is the same JSON', () => {
    const bytes = fc.uint8Array({ maxLength: 8 });
    const given = fc.record({ value: bytes, partition: fc.nat({ max: 3 }), key: fc.option(bytes), header: bytes });
    fc.assert(
      fc.property(fc.array(given, { maxLength: 20 }), fc.nat(), (records, offset) => {
        const event = kafkaEvent(
          records.map(({ value }) => value),
          {
            offset,
            partition: (_, index) => records[index]!.partition,
            key: (_, index) => records[index]!.key,
            headers: (_, index) => ({ header: records[index]!.header }),
          },
        );
        for (const [name, list] of Object.entries(event.records)) {
          const those = records.filter(({ partition }) => name === `orders-${partition}`);
          expect(list.map((record) => record.offset)).to.deep.equal(those.map((_, index) => offset + index));
          expect(list.map(({ value }) => Buffer.from(value!, 'base64'))).to.deep.equal(
            those.map(({ value }) => Buffer.from(value)),
          );
          expect(list.map(keyOf)).to.deep.equal(those.map(({ key }) => key && Buffer.from(key)));
          expect(list.map((record) => headersOf(record).get('header'))).to.deep.equal(
            those.map(({ header }) => [Buffer.from(header)]),
          );
        }
        expect(recordsIn(event)).to.have.lengthOf(records.length);
        expect(JSON.parse(JSON.stringify(event))).to.deep.equal(event);
      }),
      { numRuns: 60 },
    );
  });

  it('makes what an entry for Kafka takes', async () => {
    const entry = createBatchHandler({ source: kafka, order: 'partition', logger: fakeLogger() }, (record) => {
      if (nameIn(record) === 'b') throw new Error('no');
    });

    expect(await entry(kafkaEvent(['a', 'b', 'c'], { offset: 10 }), lambdaContext())).to.deep.equal(
      offsets('orders-0@11', 'orders-0@12'),
    );
  });
});
