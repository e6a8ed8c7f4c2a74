import { expect } from 'chai';

import type { KafkaRecord } from '../../lib/kafka';
import { carrierOf, getter } from '../../lib/opentelemetry/carrier';
import { dynamodbRecord, kinesisRecord, sqsRecord } from '../support/events';
import { kafkaRecord } from '../support/kafka';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A body as SNS writes it, unless the subscription has raw message delivery. */
const envelope = (MessageAttributes: unknown, Type = 'Notification'): string =>
  JSON.stringify({
    Type,
    MessageId: 'c9f1',
    TopicArn: 'arn:aws:sns:eu-west-1:1:orders',
    Message: '{}',
    MessageAttributes,
  });

const read = (record: unknown) => {
  const carrier = carrierOf(record);
  return Object.fromEntries(getter.keys(carrier).map((name) => [name, getter.get(carrier, name)]));
};

describe('What a record carries of its sender', () => {
  it('is its message attributes of every type, bytes as the text that they are', () => {
    // As Lambda shows them: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    const lists = { stringListValues: [], binaryListValues: [] };
    const messageAttributes = {
      traceparent: { ...lists, stringValue: 'of a String', dataType: 'String' },
      'x-b3-sampled': { ...lists, stringValue: '1', dataType: 'Number.int' },
      baggage: { ...lists, binaryValue: base64('of=Binary,ü=1'), dataType: 'Binary' },
      b3: { ...lists, stringValue: null, binaryValue: base64('of Binary, beside null'), dataType: 'Binary.trace' },
    };
    expect(read(sqsRecord('{}', { messageAttributes: messageAttributes as never }))).to.deep.equal({
      traceparent: 'of a String',
      'x-b3-sampled': '1',
      baggage: 'of=Binary,ü=1',
      b3: 'of Binary, beside null',
    });
  });

  it('is found by names in any case', () => {
    const carrier = carrierOf({ messageAttributes: { 'X-B3-TraceId': { stringValue: 'yes' } } });
    expect(getter.keys(carrier)).to.deep.equal(['x-b3-traceid']);
    expect(getter.get(carrier, 'X-b3-traceid')).to.equal('yes');
  });

  it('is also in the attributes of the message of SNS that it is, those of SQS before them', () => {
    // https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
    const body = envelope({
      Traceparent: { Type: 'String', Value: 'of SNS' },
      baggage: { Type: 'Binary', Value: base64('of=SNS') },
      b3: { Type: 'String', Value: 'of SNS' },
    });
    const messageAttributes = { b3: { stringValue: 'of SQS', dataType: 'String' as const } };
    expect(read(sqsRecord(body, { messageAttributes }))).to.deep.equal({
      traceparent: 'of SNS',
      baggage: 'of=SNS',
      b3: 'of SQS',
    });
  });

  for (const [what, body] of Object.entries({
    'a confirmation of a subscription': envelope({ b3: { Type: 'String', Value: '0' } }, 'SubscriptionConfirmation'),
    'an envelope without attributes': envelope(undefined),
    'an envelope whose attributes are none': envelope(7),
    'an envelope whose attribute is null': envelope({ b3: null }),
    'no JSON': '{"MessageAttributes"',
    'JSON null': 'null /* "MessageAttributes" */',
  })) {
    it(`is nothing in ${what}`, () => {
      expect(read(sqsRecord(body))).to.deep.equal({});
    });
  }

  it('is no text where an attribute has none', () => {
    const messageAttributes = { a: {}, b: { stringValue: 7 }, c: { binaryValue: 7 }, d: 'text', e: { Type: 'Binary' } };
    expect(Object.values(read({ messageAttributes }))).to.deep.equal(Array(5).fill(undefined));
    expect(getter.get(carrierOf({}), 'b3')).to.equal(undefined);
  });

  it('is the headers of a Kafka record, whose bytes are signed, as text', () => {
    // As Lambda shows them: https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html#msk-sample-event, and
    // powertools-lambda-python issue 6862 for the sign.
    const headers: KafkaRecord['headers'] = [
      { Traceparent: [...Buffer.from('of Kafka')] },
      { baggage: [116, 61, -61, -85, 206, 177] }, // signed and, as in fixtures, unsigned
      { empty: [] },
    ];
    expect(read(kafkaRecord('orders-0@1', { headers }))).to.deep.equal({
      traceparent: 'of Kafka',
      baggage: 't=ëα',
      empty: '',
    });
  });

  it('is the last header where a name repeats, in whatever case', () => {
    const headers = ['first', 'second', 'last'].map((text, index) => ({
      [index === 1 ? 'B3' : 'b3']: [...Buffer.from(text)],
    }));
    expect(read(kafkaRecord('orders-0@1', { headers }))).to.deep.equal({ b3: 'last' });
  });

  it('is nothing in headers that are none', () => {
    for (const headers of [null, 'b3', { b3: [48] }, [null], [undefined, 7], []]) {
      expect(read({ headers })).to.deep.equal({});
    }
    expect(read({ headers: [{ b3: null, baggage: 'a=b' }] })).to.deep.equal({ b3: undefined, baggage: undefined });
  });

  it('is nothing in records of other streams, and those of unit tests', () => {
    for (const record of [kinesisRecord('a', 0), dynamodbRecord('a', 0), {}, null, undefined, { body: 7 }]) {
      expect(read(record)).to.deep.equal({});
    }
  });
});
