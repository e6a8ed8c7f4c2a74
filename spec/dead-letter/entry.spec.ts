import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';

import { BatchProcessingError } from '../../lib';
import { entryOf, sizeOf } from '../../lib/dead-letter/entry';
import type { KafkaRecord } from '../../lib/kafka';
import { dynamodbRecord, fifoRecord, kinesisRecord, queueArn, sqsRecord } from '../support/events';
import { kafkaRecord } from '../support/kafka';
import { parseError, secret } from '../support/payload';

const error = new RangeError('too many');

const text = (stringValue: string) => ({ dataType: 'String', stringValue }) as const;
const own = (count: number): SQSMessageAttributes =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`own${index}`, text('mine')]));

/** The attributes of the message that a message with these becomes, by their text. */
function textsOf(messageAttributes: SQSMessageAttributes, thrown: Error = error): Record<string, string | undefined> {
  const { MessageAttributes } = entryOf(sqsRecord('a', { messageAttributes }), thrown, false);
  return Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]));
}

const about = { errorName: 'RangeError', errorMessage: 'too many', sourceArn: queueArn };

describe('A record as a dead letter', () => {
  it('keeps the body of a message, and tells of the failure in attributes', () => {
    expect(entryOf(sqsRecord('a'), error, false)).to.deep.equal({
      MessageBody: 'a',
      MessageAttributes: {
        errorName: { DataType: 'String', StringValue: 'RangeError' },
        errorMessage: { DataType: 'String', StringValue: 'too many' },
        sourceArn: { DataType: 'String', StringValue: queueArn },
      },
    });
  });

  it('keeps attributes of every type, bytes as bytes', () => {
    const messageAttributes = {
      name: text('order'),
      count: { dataType: 'Number.int', stringValue: '3' },
      image: { dataType: 'Binary.png', binaryValue: 'AP8Q' },
    } as const;
    const { MessageAttributes } = entryOf(sqsRecord('a', { messageAttributes }), error, false);
    expect(MessageAttributes).to.deep.include({
      name: { DataType: 'String', StringValue: 'order' },
      count: { DataType: 'Number.int', StringValue: '3' },
      image: { DataType: 'Binary.png', BinaryValue: Buffer.from([0, 255, 16]) },
    });
  });

  it('has at most ten attributes: those of the message go before those about the failure', () => {
    expect(textsOf(own(7)))
      .to.include(about)
      .and.to.have.property('own6', 'mine');
    expect(Object.keys(textsOf(own(9))))
      .to.have.length(10)
      .and.to.include.members(['own8', 'errorName']);
    expect(Object.keys(textsOf(own(10)))).to.deep.equal(Object.keys(own(10)));
  });

  it('tells of this failure, not of an earlier one, even where this one has less to tell', () => {
    const earlier = { errorName: text('Old'), errorMessage: text('old'), sourceArn: text('old') };
    expect(textsOf(earlier)).to.deep.equal(about);
    expect(textsOf({ ...own(8), ...earlier })).to.include({ errorName: 'RangeError', errorMessage: 'too many' });
    expect(textsOf(earlier, new RangeError())).to.deep.equal({ errorName: 'RangeError', sourceArn: queueArn });
  });

  it('quotes nothing of a payload in the error message', () => {
    expect(JSON.stringify(textsOf({}, parseError())))
      .to.include('SyntaxError')
      .and.not.to.include(secret);
  });

  it('leaves out of an error message what SQS refuses, and what is too long', () => {
    expect(textsOf({}, new Error('a\u0000b\u001b[31m\uFFFEc\uD800d\té😀'))).to.include({
      errorMessage: 'ab[31mcd\té😀',
    });
    expect(textsOf({}, new Error('x'.repeat(2_000))).errorMessage).to.have.length(1_000);
    // The thousandth character would be half of a pair.
    expect(textsOf({}, new Error(`${'x'.repeat(999)}😀`)).errorMessage).to.equal('x'.repeat(999));
  });

  it('takes an error whose name is none', () => {
    const nameless = Object.assign(new Error('no'), { name: undefined as unknown as string });
    expect(textsOf({}, nameless)).to.include({ errorName: 'Error', errorMessage: 'no' });
  });

  describe('that is nearly as large as SQS takes', () => {
    const MIB = 1_048_576;
    const long = new RangeError('é€😀'.repeat(20)); // 2, 3 and 4 bytes each
    const lengthOf = (name: string, value: string) => Buffer.byteLength(`${name}String${value}`);
    const [nameBytes, arnBytes] = [lengthOf('errorName', 'RangeError'), lengthOf('sourceArn', queueArn)];
    const messageBytes = lengthOf('errorMessage', long.message);

    /** What is added to a message that leaves this many bytes, some of which its own attributes have. */
    const addedWith = (room: number, messageAttributes: SQSMessageAttributes = {}) => {
      const bare = sizeOf(entryOf(sqsRecord('', { messageAttributes }), new Error(), false));
      const added = sizeOf(entryOf(sqsRecord(''), new Error(), false));
      const body = 'x'.repeat(MIB - (bare - added) - room);
      const entry = entryOf(sqsRecord(body, { messageAttributes }), long, false);
      expect(entry.MessageBody).to.equal(body);
      expect(sizeOf(entry)).to.be.at.most(MIB);
      const { MessageAttributes: all } = entry;
      return Object.fromEntries(
        Object.entries(all).flatMap(([name, { StringValue }]) =>
          Object.hasOwn(messageAttributes, name) ? [] : [[name, StringValue]],
        ),
      );
    };
    const whole = { errorName: 'RangeError', errorMessage: long.message, sourceArn: queueArn };
    const { errorMessage: _, ...withoutMessage } = whole;

    it('has all that is added where there is room for it, to the byte', () => {
      expect(addedWith(nameBytes + arnBytes + messageBytes)).to.deep.equal(whole);
    });

    it('has its error message cut first, at whole characters', () => {
      const room = nameBytes + arnBytes + messageBytes;
      for (const [short, cut] of [
        [1, 2],
        [4, 2],
        [5, 3],
        [7, 3],
        [8, 4],
        [9, 4],
        [10, 6],
      ] as const) {
        const errorMessage = long.message.slice(0, -cut);
        expect(addedWith(room - short), `${short} bytes short`).to.deep.equal({ ...whole, errorMessage });
      }
    });

    it('has no error message where not one character of it fits', () => {
      for (const left of [lengthOf('errorMessage', ''), lengthOf('errorMessage', '') + 1, 1, 0]) {
        expect(addedWith(nameBytes + arnBytes + left)).to.deep.equal(withoutMessage);
      }
    });

    it('has of the rest what fits as a whole', () => {
      expect(addedWith(nameBytes + arnBytes - 1)).to.deep.equal({ errorName: 'RangeError' });
      expect(addedWith(nameBytes)).to.deep.equal({ errorName: 'RangeError' });
      expect(addedWith(nameBytes - 1)).to.deep.equal({});
      expect(addedWith(0)).to.deep.equal({});
    });

    it('keeps the attributes that it had, of every type, and body and trace', () => {
      const mine = { text: text('mine'), data: { dataType: 'Binary', binaryValue: 'AP8Q' } } as const;
      expect(addedWith(0, mine)).to.deep.equal({});
      expect(addedWith(nameBytes, mine)).to.deep.equal({ errorName: 'RangeError' });
    });
  });

  describe('as tests write it, or other code has made it', () => {
    /** A message of which something is absent. */
    const messageWithout = (...names: (keyof SQSRecord)[]) =>
      Object.fromEntries(
        Object.entries(sqsRecord('a')).filter(([name]) => !names.includes(name as never)),
      ) as unknown as SQSRecord;

    it('needs no attributes, receipt handle or ARN', () => {
      const bare = messageWithout('attributes', 'messageAttributes', 'receiptHandle', 'eventSourceARN', 'eventSource');
      for (const fifo of [false, true]) {
        expect(entryOf(bare, error, fifo)).to.deep.equal({
          MessageBody: 'a',
          MessageAttributes: {
            errorName: { DataType: 'String', StringValue: 'RangeError' },
            errorMessage: { DataType: 'String', StringValue: 'too many' },
          },
          ...(fifo && { MessageGroupId: 'id-a', MessageDeduplicationId: 'id-a' }),
        });
      }
      const nulls = { ...bare, attributes: null, messageAttributes: null, eventSourceARN: null } as never;
      expect(entryOf(nulls, error, true)).to.deep.equal(entryOf(bare, error, true));
    });

    it('needs no message id: then it is the same as another with its body', () => {
      const { MessageBody, MessageGroupId, MessageDeduplicationId } = entryOf({ body: 'a' } as SQSRecord, error, true);
      expect(MessageBody).to.equal('a');
      expect([MessageGroupId, MessageDeduplicationId]).to.satisfy((ids: string[]) =>
        ids.every((id) => /^[0-9a-f]{64}$/.test(id)),
      );
      expect(entryOf({ body: 'a' } as SQSRecord, error, true).MessageDeduplicationId).to.equal(MessageDeduplicationId);
      expect(entryOf({ body: 'b' } as SQSRecord, error, true).MessageDeduplicationId).not.to.equal(
        MessageDeduplicationId,
      );
    });

    it('leaves out attributes whose values are null', () => {
      const odd = { odd: { dataType: 'String', stringValue: null, binaryValue: null } } as never;
      expect(textsOf(odd)).to.deep.equal(about);
    });

    it('has an attribute of bytes as bytes', () => {
      const messageAttributes = { image: { dataType: 'Binary', binaryValue: Uint8Array.of(0, 255) } } as never;
      expect(entryOf(sqsRecord('a', { messageAttributes }), error, false).MessageAttributes.image).to.deep.equal({
        DataType: 'Binary',
        BinaryValue: Buffer.of(0, 255),
      });
    });

    it('keeps an attribute of any name', () => {
      const messageAttributes = JSON.parse('{"__proto__":{"dataType":"String","stringValue":"mine"}}') as object;
      const { MessageAttributes } = entryOf(sqsRecord('a', { messageAttributes } as never), error, false);
      expect(Object.keys(MessageAttributes)).to.include('__proto__');
    });

    for (const [body, json] of [
      [{ id: 1, text: '\uFFFE' }, '{"id":1,"text":"\\ufffe"}'],
      [[], '[]'],
      [7, '7'],
      [null, 'null'],
      [false, 'false'],
    ] as const) {
      it(`has a body that somebody has parsed as JSON again: ${json}`, () => {
        const parsed = { ...sqsRecord('a'), body } as unknown as SQSRecord;
        expect(entryOf(parsed, error, false).MessageBody).to.equal(json);
        expect(sizeOf(entryOf(parsed, error, false))).to.be.above(json.length);
      });
    }

    it('fails in words of its own where it has no body', () => {
      for (const record of [messageWithout('body'), { ...sqsRecord('a'), body: undefined }]) {
        expect(() => entryOf(record, error, false)).to.throw(
          BatchProcessingError,
          'The record has no body that could be delivered.',
        );
      }
    });

    it('has the bytes of a record of a stream in base64, as an event has them', () => {
      const record = kinesisRecord('a1', 1);
      for (const data of [Buffer.from('a1'), new TextEncoder().encode('a1')]) {
        const bytes = { ...record, kinesis: { ...record.kinesis, data } } as never;
        expect(entryOf(bytes, error, true)).to.deep.equal(entryOf(record, error, true));
      }
    });
  });

  it('passes the trace of a message on', () => {
    const record = sqsRecord('a');
    const traced = { ...record, attributes: { ...record.attributes, AWSTraceHeader: 'Root=1-2-3' } };
    expect(entryOf(traced, error, false).MessageSystemAttributes).to.deep.equal({
      AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3' },
    });
  });

  for (const [source, record] of [
    ['Kinesis', kinesisRecord('a1', 1)],
    ['DynamoDB', dynamodbRecord('a1', 1)],
  ] as const) {
    it(`has a record of ${source} as JSON`, () => {
      const { MessageBody, MessageAttributes } = entryOf(record, error, false);
      expect(JSON.parse(MessageBody)).to.deep.equal(record);
      expect(MessageAttributes.sourceArn?.StringValue).to.equal(record.eventSourceARN);
    });
  }

  describe('that was in Kafka', () => {
    const headers: KafkaRecord['headers'] = [
      { traceparent: [48, 48] },
      { mark: [-61, -85] },
      { mark: [97] },
      { empty: [] },
    ];
    const schema = { keySchemaMetadata: { dataFormat: 'AVRO', schemaId: '7' } };
    const { value: _value, ...absent } = kafkaRecord('orders-0@11 k', { headers });

    for (const [what, record] of Object.entries({
      'with key, headers, timestamp and what is said of its schema': kafkaRecord('orders-0@11 k', {
        headers,
        ...schema,
      }),
      'without a key': kafkaRecord('orders-0@11'),
      'with a key that is null': kafkaRecord('orders-0@11', { key: null }),
      'as a tombstone without a value': absent,
      'as a tombstone whose value is null': kafkaRecord('orders-0@11 k', { value: null }),
      'as a value that is empty, which is no tombstone': kafkaRecord('orders-0@11 k', { value: '' }),
    })) {
      it(`is JSON of all that it was, ${what}`, () => {
        const { MessageBody, MessageAttributes, ...rest } = entryOf(record, error, false);
        expect(JSON.parse(MessageBody)).to.deep.equal(record);
        expect(rest).to.deep.equal({});
        // The record does not say of which cluster it is: https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html
        expect(MessageAttributes).to.deep.equal({
          errorName: { DataType: 'String', StringValue: 'RangeError' },
          errorMessage: { DataType: 'String', StringValue: 'too many' },
        });
      });
    }

    it('says its cluster where it came through a pipe, whose records have that', () => {
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-msk.html
      const eventSourceArn = 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders/abcd-1';
      const record = { ...kafkaRecord('orders-0@11'), eventSource: 'aws:kafka', eventSourceArn, partition: '0' };
      const { MessageBody, MessageAttributes } = entryOf(record, error, false);
      expect(JSON.parse(MessageBody)).to.deep.equal(record);
      expect(MessageAttributes.sourceArn?.StringValue).to.equal(eventSourceArn);
    });

    it('has its error message cut where it is nearly as large as SQS takes', () => {
      const bare = sizeOf(entryOf(kafkaRecord('orders-0@11', { value: '' }), new Error(''), false));
      const nameLength = Buffer.byteLength('errorMessageString') + 4; // and errorName is longer than Error
      const value = 'A'.repeat(1_048_576 - bare - nameLength - 'RangeError'.length + 'Error'.length);
      const entry = entryOf(kafkaRecord('orders-0@11', { value }), error, false);
      expect(sizeOf(entry)).to.equal(1_048_576);
      expect(entry.MessageAttributes.errorMessage?.StringValue).to.equal('too ');
      expect(JSON.parse(entry.MessageBody)).to.have.property('value', value);
    });
  });

  it('says nothing of a source that the record does not name', () => {
    const { eventSourceARN: _, ...record } = dynamodbRecord('a1', 1);
    expect(Object.keys(entryOf(record, error, false).MessageAttributes)).to.deep.equal(['errorName', 'errorMessage']);
  });

  it('leaves out an attribute that has no value', () => {
    expect(textsOf({ odd: { dataType: 'String' } })).to.deep.equal(about);
  });

  it('has JSON without the characters that SQS refuses, and that says the same', () => {
    const record = dynamodbRecord('a\uFFFEb\uFFFF\u0000', 1);
    const { MessageBody } = entryOf(record, error, false);
    expect(MessageBody).to.match(/^[\x20-\x7e]+$/);
    expect(JSON.parse(MessageBody)).to.deep.equal(record);
  });

  describe('for a FIFO queue', () => {
    const idsOf = (record: Parameters<typeof entryOf>[0]) => {
      const { MessageGroupId, MessageDeduplicationId } = entryOf(record, error, true);
      return [MessageGroupId, MessageDeduplicationId];
    };

    it('keeps its message group, and is the same message when it comes again', () => {
      expect(idsOf(fifoRecord('a1'))).to.deep.equal(['a', 'id-a1']);
    });

    it('is a group of its own where it had none', () => {
      expect(idsOf(sqsRecord('x'))).to.deep.equal(['id-x', 'id-x']);
    });

    it('keeps the order of its partition key or item key', () => {
      expect(idsOf(kinesisRecord('a1', 1))[0]).to.equal('a');
      expect(idsOf(dynamodbRecord('a1', 1))[0]).to.equal('{"id":{"S":"a"}}');
    });

    it('keeps the order of its key in its partition of Kafka, or of its partition where it has no key', () => {
      const groupOf = (...given: Parameters<typeof kafkaRecord>) => idsOf(kafkaRecord(...given))[0];
      expect(groupOf('orders-0@1 k')).to.equal('orders-0/aw==');
      expect(groupOf('orders-0@2 k')).to.equal('orders-0/aw==');
      expect(groupOf('orders-1@1 k')).to.equal('orders-1/aw==');
      expect(groupOf('my-orders-0@1 k')).to.equal('my-orders-0/aw==');
      for (const key of [undefined, null]) expect(groupOf('orders-0@1', { key })).to.equal('orders-0/');
      expect(groupOf(`orders-0@1 ${'k'.repeat(200)}`)).to.match(/^[0-9a-f]{64}$/);
    });

    it('is the same as itself only where another partition of Kafka has its offset', () => {
      const [id] = idsOf(kafkaRecord('orders-0@1', { value: 'YQ==' })).slice(1);
      expect(id).to.match(/^[0-9a-f]{64}$/);
      expect(idsOf(kafkaRecord('orders-0@1', { value: 'YQ==' }))[1]).to.equal(id);
      for (const other of ['orders-1@1', 'orders-0@2', 'bills-0@1']) {
        expect(idsOf(kafkaRecord(other, { value: 'YQ==' }))[1]).not.to.equal(id);
      }
    });

    it('is in a group with others that tell no key', () => {
      expect(idsOf({ ...dynamodbRecord('a1', 1), dynamodb: undefined })[0]).to.equal('{}');
    });

    it('is the same as itself only, also where another stream has its sequence number', () => {
      const record = kinesisRecord('a1', 1);
      const id = idsOf(record)[1];
      expect(idsOf(structuredClone(record))[1])
        .to.equal(id)
        .and.to.match(/^[0-9a-f]{64}$/);
      expect(idsOf({ ...record, eventSourceARN: `${record.eventSourceARN}-2` })[1]).not.to.equal(id);
    });

    it('has ids that SQS takes: of other characters, or too long, they are hashed', () => {
      expect(idsOf(kinesisRecord('é1', 1))[0]).to.match(/^[0-9a-f]{64}$/);
      expect(idsOf(fifoRecord('a1', 'g'.repeat(128)))[0]).to.equal('g'.repeat(128));
      expect(idsOf(fifoRecord('a1', 'g'.repeat(129)))[0]).to.match(/^[0-9a-f]{64}$/);
      const [group] = idsOf(fifoRecord('a1', 'two words'));
      expect(group).to.match(/^[0-9a-f]{64}$/);
      expect(group).not.to.equal(idsOf(fifoRecord('a1', 'two wordz'))[0]);
    });
  });

  it('has the size of its body, and of names, types and values of attributes, in bytes', () => {
    expect(
      sizeOf({
        MessageBody: 'é', // 2
        MessageAttributes: {
          text: { DataType: 'String', StringValue: '€' }, // 4 + 6 + 3
          data: { DataType: 'Binary', BinaryValue: Buffer.alloc(5) }, // 4 + 6 + 5
        },
      }),
    ).to.equal(30);
  });
});
