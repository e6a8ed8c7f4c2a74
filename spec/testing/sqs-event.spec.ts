import { createHash } from 'node:crypto';

import type { SQSMessageAttributes } from 'aws-lambda';
import { expect } from 'chai';
import fc from 'fast-check';

import { lambdaContext } from '../../lib/testing/lambda-context';
import { type PlainMessageAttributes, sqsEvent, type SqsEventOptions } from '../../lib/testing/sqs-event';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const idsOf = (options: SqsEventOptions = {}) =>
  sqsEvent(['a', 'b', 'c'], options).Records.map(({ messageId }) => messageId);
const only = <B>(body: B, options?: SqsEventOptions<B>) => sqsEvent([body], options).Records[0]!;
const md5OfAttributes = (messageAttributes: PlainMessageAttributes) =>
  only('a', { messageAttributes }).md5OfMessageAttributes;

/** The checksum as the SQS Developer Guide has a receiver compute it, from what was received. */
function checksumOf(attributes: SQSMessageAttributes): string {
  const sized = (bytes: Buffer): Buffer[] => {
    const size = new DataView(new ArrayBuffer(4));
    size.setInt32(0, bytes.length, false);
    return [Buffer.from(size.buffer), bytes];
  };
  const parts = Object.entries(attributes)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, { dataType, stringValue, binaryValue }]) => [
      ...sized(Buffer.from(name, 'utf8')),
      ...sized(Buffer.from(dataType, 'utf8')),
      ...(dataType === 'Binary'
        ? [Buffer.from([2]), ...sized(Buffer.from(binaryValue!, 'base64'))]
        : [Buffer.from([1]), ...sized(Buffer.from(stringValue!, 'utf8'))]),
    ]);
  return createHash('md5').update(Buffer.concat(parts)).digest('hex');
}

describe('sqsEvent', () => {
  it('makes the event of a standard queue', () => {
    const [first, second] = sqsEvent(['Test message.', 'b']).Records;
    const { messageId, receiptHandle, ...rest } = first!;

    expect(messageId).to.match(UUID_V4);
    expect(Buffer.from(receiptHandle, 'base64')).to.have.lengthOf(120);
    expect(rest).to.deep.equal({
      body: 'Test message.',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1767225600000',
        SenderId: 'AIDAIENQZJOLO23YVJ4VO',
        ApproximateFirstReceiveTimestamp: '1767225600001',
      },
      messageAttributes: {},
      md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3', // as in AWS's own example of this body
      md5OfMessageAttributes: null,
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:orders',
      awsRegion: 'eu-west-1',
    });
    expect(second!.attributes.SentTimestamp).to.equal('1767225600001');
    expect(second!.attributes.ApproximateFirstReceiveTimestamp).to.equal('1767225600002');
  });

  it('makes the event of a FIFO queue, whose messages have a sequence number, a group and a deduplication id', () => {
    const { attributes, eventSourceARN } = only('a', { fifo: true });

    expect(eventSourceARN).to.equal('arn:aws:sqs:eu-west-1:123456789012:orders.fifo');
    expect(attributes.SequenceNumber).to.match(/^188\d{17}$/);
    expect(attributes).to.deep.equal({
      ApproximateReceiveCount: '1',
      SentTimestamp: '1767225600000',
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1767225600001',
      SequenceNumber: attributes.SequenceNumber,
      MessageGroupId: '1',
      MessageDeduplicationId: attributes.MessageDeduplicationId,
    });
    expect(attributes.MessageDeduplicationId).to.match(/^[0-9a-f]{64}$/);
  });

  it('gives messages of a FIFO queue with the same body a deduplication id each: SQS would have dropped the second', () => {
    const { Records } = sqsEvent(['a', 'a'], { fifo: true });
    const ids = Records.map(({ attributes }) => attributes.MessageDeduplicationId);

    expect(new Set(ids).size).to.equal(2);
  });

  it('refuses a date that is none, and a seed that is no integer', () => {
    expect(() => sqsEvent(['a'], { sentAt: new Date(NaN) })).to.throw(
      TypeError,
      'Expected sentAt to be a valid Date, received Invalid Date (object).',
    );
    expect(() => sqsEvent(['a'], { seed: 1.5 })).to.throw(RangeError, 'Expected seed to be an integer');
    expect(() => sqsEvent(['a'], [] as object)).to.throw(
      TypeError,
      'sqsEvent: expected options, received [] (object).',
    );
  });

  it('refuses a body that SQS would not take', () => {
    expect(sqsEvent(['x'.repeat(1_048_576)]).Records).to.have.lengthOf(1);
    expect(() => sqsEvent(['x', 'é'.repeat(524_289)])).to.throw(
      RangeError,
      'Expected bodies of at most 1 MiB, received 1048578 bytes at 1.',
    );
  });

  it('makes an empty event of no messages', () => {
    expect(sqsEvent([])).to.deep.equal({ Records: [] });
  });

  describe('takes bodies', () => {
    it('as they are where they are strings, and as JSON otherwise', () => {
      const { Records } = sqsEvent<unknown>(['text', '{"a": 1}', '', { a: [1] }, [2], 7, null, false]);

      expect(Records.map(({ body }) => body)).to.deep.equal([
        'text',
        '{"a": 1}',
        '',
        '{"a":[1]}',
        '[2]',
        '7',
        'null',
        'false',
      ]);
    });

    it('and computes the MD5 of their UTF-8', () => {
      expect(only('').md5OfBody).to.equal('d41d8cd98f00b204e9800998ecf8427e');
      expect(only('Grüße 🚚').md5OfBody).to.equal(md5(Buffer.from('Grüße 🚚', 'utf8').toString()));
      expect(only({ a: 1 }).md5OfBody).to.equal(md5('{"a":1}'));
    });

    it('but none that has no JSON', () => {
      expect(() => sqsEvent(['a', undefined])).to.throw(TypeError, 'received undefined (undefined).');
      expect(() => sqsEvent([7n])).to.throw(TypeError, 'received 7n (bigint).');
    });
  });

  describe('makes message attributes', () => {
    const plain = { tenant: 't-1', attempts: 4.5, image: Uint8Array.of(0, 255, 7) };

    it('of plain values, each with its data type', () => {
      expect(only('a', { messageAttributes: plain }).messageAttributes).to.deep.equal({
        tenant: { stringValue: 't-1', stringListValues: [], binaryListValues: [], dataType: 'String' },
        attempts: { stringValue: '4.5', stringListValues: [], binaryListValues: [], dataType: 'Number' },
        image: { binaryValue: 'AP8H', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
      });
    });

    it('refuses attributes that are none, such as those of AWS, which it makes', () => {
      for (const wrong of [{ dataType: 'String', stringValue: 'v' }, null, true]) {
        expect(() => sqsEvent(['a'], { messageAttributes: { k: wrong } as never })).to.throw(
          TypeError,
          'Expected messageAttributes.k to be text, a number or bytes, received',
        );
      }
    });

    it('refuses those that are no object', () => {
      for (const wrong of ['red', ['red'], () => null]) {
        expect(() => sqsEvent(['a'], { messageAttributes: wrong as never })).to.throw(
          TypeError,
          'Expected messageAttributes to be an object, received ',
        );
      }
    });

    it('by a function of the body and its index', () => {
      const { Records } = sqsEvent([{ id: 'x' }, { id: 'y' }], {
        messageAttributes: ({ id }, index) => ({ id, index }),
      });

      expect(Records.map((record) => record.messageAttributes.id?.stringValue)).to.deep.equal(['x', 'y']);
      expect(Records.map((record) => record.messageAttributes.index?.stringValue)).to.deep.equal(['0', '1']);
    });

    it('with the checksum that other implementations of it compute', () => {
      // The value that moto's tests expect of SQS for this attribute.
      expect(md5OfAttributes({ timestamp: 1493147359900 })).to.equal('235c5c510d26fb653d073faed50ae77c');
    });

    it('with the checksum of the documented algorithm, for each type and for names and values beyond ASCII', () => {
      const sets: PlainMessageAttributes[] = [
        { tenant: 't-1' },
        { attempts: -4.5 },
        { image: Uint8Array.of(0, 255, 7) },
        { image: Buffer.from('xyz').subarray(1) },
        { größe: 'zwölf 🚚' },
        plain,
      ];
      for (const messageAttributes of sets) {
        const record = only('a', { messageAttributes });
        expect(record.md5OfMessageAttributes).to.equal(checksumOf(record.messageAttributes));
      }
    });

    it('with a checksum that depends on names, types and values, but not on the order of the names', () => {
      const { tenant, attempts, image } = plain;

      expect(md5OfAttributes({ image, attempts, tenant })).to.equal(md5OfAttributes(plain));
      const others: PlainMessageAttributes[] = [
        { tenant: '1' },
        { tenant: 1 },
        { tenant: Buffer.from('1') },
        { tenant: '2' },
        { other: '1' },
      ];
      expect(new Set(others.map(md5OfAttributes))).to.have.property('size', 5);
    });

    it('and a checksum of null where there are none, as in most events that AWS has sent', () => {
      expect(only('a', { messageAttributes: {} })).to.have.property('md5OfMessageAttributes', null);
      expect(only('a', { messageAttributes: () => ({}) })).to.have.property('md5OfMessageAttributes', null);
    });
  });

  describe('tells the message group', () => {
    it('of all messages, or by a function of the body and its index', () => {
      const groups = (messageGroupId: SqsEventOptions<string>['messageGroupId']) =>
        sqsEvent(['a1', 'b1'], { fifo: true, messageGroupId }).Records.map(
          ({ attributes }) => attributes.MessageGroupId,
        );

      expect(groups('tenant')).to.deep.equal(['tenant', 'tenant']);
      expect(groups((body, index) => `${body[0]!}-${index}`)).to.deep.equal(['a-0', 'b-1']);
    });

    it('of a fair standard queue, whose messages have nothing else of a FIFO queue', () => {
      const { attributes, eventSourceARN } = only('a', { messageGroupId: 'tenant' });

      expect(eventSourceARN).to.equal('arn:aws:sqs:eu-west-1:123456789012:orders');
      expect(attributes).to.have.property('MessageGroupId', 'tenant');
      expect(attributes).not.to.have.any.keys('SequenceNumber', 'MessageDeduplicationId');
    });
  });

  it('goes by the name of the queue, and takes the region from it', () => {
    const fifo = only('a', { eventSourceARN: 'arn:aws:sqs:us-east-2:111122223333:bills.fifo' });
    const standard = only('a', { eventSourceARN: 'arn:aws:sqs:ap-south-1:111122223333:bills' });

    expect(fifo.awsRegion).to.equal('us-east-2');
    expect(fifo.attributes.MessageGroupId).to.equal('1');
    expect(standard.awsRegion).to.equal('ap-south-1');
    expect(standard.attributes).not.to.have.property('MessageGroupId');
    expect(only('a', { eventSourceARN: 'bills' }).awsRegion).to.equal('');
  });

  it('refuses a queue whose name contradicts fifo', () => {
    const named = (name: string, fifo: boolean) => () => sqsEvent(['a'], { eventSourceARN: `arn:${name}`, fifo });

    expect(named('bills', true)).to.throw(TypeError, "received fifo: true and 'arn:bills' (string).");
    expect(named('bills.fifo', false)).to.throw(TypeError, "received fifo: false and 'arn:bills.fifo' (string).");
  });

  it('says how often the messages have been received, and when they were sent', () => {
    const sentAt = new Date('2027-03-04T05:06:07.089Z');
    const { attributes } = sqsEvent(['a', 'b'], { receiveCount: 3, sentAt }).Records[1]!;

    expect(attributes.ApproximateReceiveCount).to.equal('3');
    expect(attributes.SentTimestamp).to.equal('1804136767090');
    expect(attributes.ApproximateFirstReceiveTimestamp).to.equal('1804136767091');
  });

  it('refuses a receive count that is none, options it does not know, and bodies that are no array', () => {
    const options = (given: object) => () => sqsEvent(['a'], given);

    expect(options({ receiveCount: 0 })).to.throw(
      RangeError,
      'receiveCount to be an integer of at least 1, received 0.',
    );
    expect(options({ receiveCount: 1.5 })).to.throw(RangeError, 'received 1.5.');
    expect(options({ receiveCount: '1' })).to.throw(TypeError, "received '1' (string).");
    expect(options({ groupId: 'a' })).to.throw(TypeError, 'sqsEvent: unknown option groupId; expected one of fifo, ');
    expect(() => sqsEvent('a' as never)).to.throw(TypeError, "Expected bodies to be an array, received 'a' (string).");
  });

  it('makes the same event of the same seed, and other identifiers of another', () => {
    const event = (seed?: number) =>
      sqsEvent(['a', { b: 1 }], { fifo: true, messageAttributes: { tenant: 't-1' }, seed });

    expect(event(7)).to.deep.equal(event(7));
    expect(event()).to.deep.equal(event(1));
    const [one, other] = [event(7).Records, event(8).Records];
    for (const index of [0, 1]) {
      expect(one[index]!.messageId).not.to.equal(other[index]!.messageId);
      expect(one[index]!.receiptHandle).not.to.equal(other[index]!.receiptHandle);
      expect(one[index]!.attributes.SequenceNumber).not.to.equal(other[index]!.attributes.SequenceNumber);
    }
  });

  it('gives the same identifiers whatever the other options are, so that a message can be made again', () => {
    expect(idsOf({ receiveCount: 2 })).to.deep.equal(idsOf());
    expect(idsOf({ fifo: true })).to.deep.equal(idsOf());
    expect(new Set(idsOf())).to.have.property('size', 3);
  });

  it('gives messages that differ in identifier, receipt handle and ascending sequence number, whatever they say', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.jsonValue(), fc.constant('same')), { maxLength: 20 }),
        fc.integer(),
        fc.boolean(),
        (bodies, seed, fifo) => {
          const event = sqsEvent<unknown>(bodies, { seed, fifo });
          const { Records } = event;
          const numbers = Records.flatMap(({ attributes }) => attributes.SequenceNumber ?? []);
          const distinct = (key: 'messageId' | 'receiptHandle') => new Set(Records.map((record) => record[key])).size;

          expect(Records.map(({ body }) => body)).to.deep.equal(
            bodies.map((body) => (typeof body === 'string' ? body : JSON.stringify(body))),
          );
          expect(Records.map(({ md5OfBody }) => md5OfBody)).to.deep.equal(Records.map(({ body }) => md5(body)));
          expect([distinct('messageId'), distinct('receiptHandle')]).to.deep.equal([bodies.length, bodies.length]);
          expect(numbers).to.have.lengthOf(fifo ? bodies.length : 0);
          for (const [index, sequenceNumber] of numbers.entries()) {
            expect(sequenceNumber).to.match(/^188\d{17}$/);
            if (index > 0) expect(BigInt(sequenceNumber) > BigInt(numbers[index - 1]!)).to.equal(true);
          }
          expect(JSON.parse(JSON.stringify(event))).to.deep.equal(event);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('survives JSON with all attributes', () => {
    const event = sqsEvent(['a'], { fifo: true, messageAttributes: { a: 'text', b: 7, c: Uint8Array.of(1) } });

    expect(JSON.parse(JSON.stringify(event))).to.deep.equal(event);
  });

  describe('makes what @BatchHandler takes', () => {
    const failFor =
      (...bodies: string[]) =>
      ({ body }: { body: string }) => {
        if (bodies.includes(body)) throw new Error('This message fails.');
      };

    it('for a standard queue: it reports the identifier of the message that failed', async () => {
      const event = sqsEvent(['a', 'bad', 'c']);
      const handler = handlerFor({ source: 'SQS', logger: fakeLogger() }, failFor('bad'));

      expect(await handler(event, lambdaContext())).to.deep.equal({
        batchItemFailures: [{ itemIdentifier: event.Records[1]!.messageId }],
      });
    });

    it('for a FIFO queue: it reports what follows a failure in its message group', async () => {
      const event = sqsEvent(['a1', 'b1', 'a2', 'b2'], { fifo: true, messageGroupId: (body) => body[0]! });
      const logger = fakeLogger();
      const handler = handlerFor({ source: 'SQS', fifo: true, skipGroupOnError: true, logger }, failFor('a1'));

      expect(await handler(event, lambdaContext())).to.deep.equal({
        batchItemFailures: [
          { itemIdentifier: event.Records[0]!.messageId },
          { itemIdentifier: event.Records[2]!.messageId },
        ],
      });
    });
  });
});
