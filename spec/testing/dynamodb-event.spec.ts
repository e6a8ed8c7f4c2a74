import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { expect } from 'chai';
import fc from 'fast-check';

import { type DynamoDBChange, dynamodbEvent, type DynamoDBEventOptions } from '../../lib/testing/dynamodb-event';
import { lambdaContext } from '../../lib/testing/lambda-context';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';

const keys = { id: 'o-1' };
const insert: DynamoDBChange = { eventName: 'INSERT', keys, newImage: { total: 7 } };
const modify: DynamoDBChange = { eventName: 'MODIFY', keys, newImage: { total: 8 }, oldImage: { total: 7 } };
const remove: DynamoDBChange = { eventName: 'REMOVE', keys, oldImage: { total: 8 } };

const only = (change: DynamoDBChange, options?: DynamoDBEventOptions): DynamoDBRecord =>
  dynamodbEvent([change], options).Records[0]!;
const numbersOf = ({ Records }: DynamoDBStreamEvent) => Records.map(({ dynamodb }) => dynamodb!.SequenceNumber!);
const eventIdsOf = ({ Records }: DynamoDBStreamEvent) => Records.map(({ eventID }) => eventID!);
const plain = (image: unknown): unknown => unmarshall(image as Parameters<typeof unmarshall>[0]);

describe('dynamodbEvent', () => {
  it('makes the event of a stream', () => {
    const record = only(modify);

    expect(record.eventID).to.match(/^[0-9a-f]{32}$/);
    expect(record.dynamodb!.SequenceNumber).to.match(/^4\d{27}$/);
    expect(record).to.deep.equal({
      eventID: record.eventID,
      eventName: 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-west-1',
      dynamodb: {
        ApproximateCreationDateTime: 1767225600,
        Keys: { id: { S: 'o-1' } },
        NewImage: { id: { S: 'o-1' }, total: { N: '8' } },
        OldImage: { id: { S: 'o-1' }, total: { N: '7' } },
        SequenceNumber: record.dynamodb!.SequenceNumber,
        SizeBytes: record.dynamodb!.SizeBytes,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000',
    });
  });

  it('makes an empty event of no changes', () => {
    expect(dynamodbEvent([])).to.deep.equal({ Records: [] });
  });

  it('has the images that a change has: none before an INSERT, none after a REMOVE', () => {
    const images = dynamodbEvent([insert, modify, remove]).Records.map(({ eventName, dynamodb }) => ({
      eventName,
      new: dynamodb!.NewImage?.total,
      old: dynamodb!.OldImage?.total,
    }));

    expect(images).to.deep.equal([
      { eventName: 'INSERT', new: { N: '7' }, old: undefined },
      { eventName: 'MODIFY', new: { N: '8' }, old: { N: '7' } },
      { eventName: 'REMOVE', new: undefined, old: { N: '8' } },
    ]);
    expect(only(insert).dynamodb).not.to.have.property('OldImage');
    expect(only(remove).dynamodb).not.to.have.property('NewImage');
  });

  const views = {
    NEW_AND_OLD_IMAGES: ['NewImage', 'OldImage'],
    NEW_IMAGE: ['NewImage'],
    OLD_IMAGE: ['OldImage'],
    KEYS_ONLY: [],
  } as const;
  for (const [streamViewType, images] of Object.entries(views)) {
    it(`has only the images of a stream of ${streamViewType}`, () => {
      const { dynamodb } = only(modify, { streamViewType: streamViewType as keyof typeof views });

      expect(dynamodb).to.have.all.keys(
        'ApproximateCreationDateTime',
        'Keys',
        'SequenceNumber',
        'SizeBytes',
        'StreamViewType',
        ...images,
      );
      expect(dynamodb).to.have.property('StreamViewType', streamViewType);
    });
  }

  it('marshals keys and images as DynamoDB does, with bytes in base64', () => {
    const { dynamodb } = only({
      eventName: 'INSERT',
      keys: { customer: 'c-1', number: 12 },
      newImage: {
        paid: true,
        note: null,
        tags: new Set(['x', 'y']),
        lines: [{ sku: 's', amount: 2n }],
        label: Uint8Array.of(0, 255),
        photos: new Set([Uint8Array.of(1)]),
      },
    });

    expect(dynamodb!.Keys).to.deep.equal({ customer: { S: 'c-1' }, number: { N: '12' } });
    expect(dynamodb!.NewImage).to.deep.equal({
      customer: { S: 'c-1' },
      number: { N: '12' },
      paid: { BOOL: true },
      note: { NULL: true },
      tags: { SS: ['x', 'y'] },
      lines: { L: [{ M: { sku: { S: 's' }, amount: { N: '2' } } }] },
      label: { B: 'AP8=' },
      photos: { BS: ['AQ=='] },
    });
  });

  it("has the size of keys and images by DynamoDB's rules, as AWS's own example of a stream has it", () => {
    const sizeOf = (change: Omit<DynamoDBChange, 'keys'>, options = {}) =>
      only({ keys: { Id: 101 }, ...change }, options).dynamodb!.SizeBytes;
    const [first, second] = [{ Message: 'New item!' }, { Message: 'This item has changed' }];

    expect(sizeOf({ eventName: 'INSERT', newImage: first })).to.equal(26);
    expect(sizeOf({ eventName: 'MODIFY', newImage: second, oldImage: first })).to.equal(59);
    expect(sizeOf({ eventName: 'REMOVE', oldImage: second })).to.equal(38);
    expect(sizeOf({ eventName: 'INSERT', newImage: first }, { streamViewType: 'KEYS_ONLY' })).to.equal(5);
  });

  it('tells an item that expired from one that was deleted', () => {
    expect(only({ ...remove, expired: true }).userIdentity).to.deep.equal({
      type: 'Service',
      principalId: 'dynamodb.amazonaws.com',
    });
    expect(only(remove)).not.to.have.property('userIdentity');
    expect(only({ ...remove, expired: false })).not.to.have.property('userIdentity');
  });

  it('says which stream the changes are of, and when they happened, in whole seconds', () => {
    const eventSourceARN = 'arn:aws:dynamodb:us-east-2:111122223333:table/bills/stream/2027-01-01T00:00:00.000';
    const changedAt = new Date('2027-03-04T05:06:07.989Z');
    const record = only(insert, { eventSourceARN, changedAt });

    expect(record.eventSourceARN).to.equal(eventSourceARN);
    expect(record.awsRegion).to.equal('us-east-2');
    expect(record.dynamodb!.ApproximateCreationDateTime).to.equal(1804136767);
    expect(only(insert, { eventSourceARN: 'bills' }).awsRegion).to.equal('');
  });

  describe('refuses', () => {
    const refused: Record<string, [change: object, message: string]> = {
      'a change of unknown name': [
        { eventName: 'UPDATE', keys },
        "Expected eventName to be one of INSERT, MODIFY, REMOVE, received 'UPDATE' (string).",
      ],
      'a change without keys': [
        { eventName: 'INSERT' },
        "Expected the keys of a change, such as { id: '1' }, received undefined (undefined).",
      ],
      'keys that are null': [{ eventName: 'INSERT', keys: null }, 'received null (object).'],
      'keys that are a text': [{ eventName: 'INSERT', keys: 'o-1' }, "received 'o-1' (string)."],
      'keys that are empty': [{ eventName: 'INSERT', keys: {} }, 'received {} (object).'],
      'an INSERT with an old image': [
        { ...insert, oldImage: { total: 1 } },
        'Expected a change that can be, received INSERT with oldImage.',
      ],
      'a REMOVE with a new image': [
        { ...remove, newImage: { total: 1 } },
        'Expected a change that can be, received REMOVE with newImage.',
      ],
      'an INSERT that has expired': [
        { ...insert, expired: true },
        'Expected a change that can be, received INSERT with expired: true.',
      ],
      'keys that are a list': [{ eventName: 'INSERT', keys: ['o-1'] }, "received [ 'o-1' ] (object)."],
      'what is no change': [[], 'Expected a change to be an object, received [] (object).'],
      'an image that is no object': [{ ...insert, newImage: 'new' }, 'Expected newImage to be an object, received'],
      'an image before that is no object': [
        { ...remove, oldImage: null },
        'Expected oldImage to be an object, received',
      ],
      'what DynamoDB cannot hold': [
        { ...insert, newImage: { at: undefined } },
        'Expected an item that DynamoDB can hold: Pass options.removeUndefinedValues=true',
      ],
    };
    for (const [what, [change, message]] of Object.entries(refused)) {
      it(what, () => {
        expect(() => dynamodbEvent([insert, change as DynamoDBChange])).to.throw(TypeError, message);
      });
    }

    it('a view type and options that it does not know, and changes that are no array', () => {
      const options = (given: object) => () => dynamodbEvent([insert], given);

      expect(options({ streamViewType: 'ALL' })).to.throw(
        TypeError,
        "streamViewType to be one of NEW_AND_OLD_IMAGES, NEW_IMAGE, OLD_IMAGE, KEYS_ONLY, received 'ALL' (string).",
      );
      expect(options({ changedAt: new Date(NaN) })).to.throw(TypeError, 'Expected changedAt to be a valid Date');
      expect(options({ eventSourceARN: null })).to.throw(TypeError, 'Expected eventSourceARN to be a string');
      expect(options({ seed: 0.5 })).to.throw(RangeError, 'Expected seed to be an integer');
      expect(options({ viewType: 'KEYS_ONLY' })).to.throw(
        TypeError,
        'dynamodbEvent: unknown option viewType; expected one of eventSourceARN, streamViewType, changedAt, seed.',
      );
      expect(() => dynamodbEvent(insert as never)).to.throw(TypeError, 'Expected changes to be an array, received {');
    });
  });

  it('makes the same event of the same seed, and other identifiers of another', () => {
    const event = (seed?: number) => dynamodbEvent([insert, modify], { seed });

    expect(event(7)).to.deep.equal(event(7));
    expect(event()).to.deep.equal(event(1));
    expect(numbersOf(event(8))).to.have.lengthOf(2);
    for (const index of [0, 1]) {
      expect(numbersOf(event(7))).not.to.include(numbersOf(event(8))[index]);
      expect(eventIdsOf(event(7))).not.to.include(eventIdsOf(event(8))[index]);
    }
  });

  it('gives neighbours sequence numbers that are the same JavaScript number', () => {
    const numbers = numbersOf(dynamodbEvent(Array.from({ length: 100 }, () => modify)));

    expect(new Set(numbers)).to.have.property('size', 100);
    expect(new Set(numbers.map(Number))).to.have.property('size', 1);
  });

  it('keeps every item, and gives sequence numbers that ascend', () => {
    const value = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 2 },
        fc.string({ unit: 'grapheme' }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    const image = fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}$/), value, { maxKeys: 4 });
    fc.assert(
      fc.property(fc.array(image, { maxLength: 10 }), fc.integer(), (images, seed) => {
        const changes = images.map((newImage, index) => ({
          eventName: 'INSERT' as const,
          keys: { id: index },
          newImage,
        }));
        const event = dynamodbEvent(changes, { seed });
        const numbers = numbersOf(event);

        expect(event.Records.map(({ dynamodb }) => plain(dynamodb!.Keys))).to.deep.equal(
          changes.map((change) => change.keys),
        );
        expect(event.Records.map(({ dynamodb }) => plain(dynamodb!.NewImage))).to.deep.equal(
          images.map((newImage, id) => ({ id, ...newImage })),
        );
        expect(new Set(eventIdsOf(event))).to.have.property('size', images.length);
        for (const [index, sequenceNumber] of numbers.entries()) {
          expect(sequenceNumber).to.match(/^4\d{27}$/);
          if (index > 0) expect(BigInt(sequenceNumber) > BigInt(numbers[index - 1]!)).to.equal(true);
        }
        expect(JSON.parse(JSON.stringify(event))).to.deep.equal(event);
      }),
      { numRuns: 50 },
    );
  });

  describe('makes what @BatchHandler takes', () => {
    const logger = fakeLogger();
    const change = (id: string, total: number): DynamoDBChange => ({
      eventName: 'INSERT',
      keys: { id },
      newImage: { total },
    });
    const event = dynamodbEvent([change('b', 0), change('a', 1), change('b', 2), change('a', 3)]);
    const fail = ({ dynamodb }: DynamoDBRecord) => {
      if (dynamodb?.NewImage?.total?.N === '1') throw new Error('This record fails.');
    };
    const reporting = (...indexes: number[]) => ({
      batchItemFailures: indexes.map((index) => ({ itemIdentifier: numbersOf(event)[index] })),
    });

    it('without order: it reports the sequence number of the record that failed', async () => {
      const handler = handlerFor({ source: 'DynamoDBStreams', logger }, fail);

      expect(await handler(event, lambdaContext())).to.deep.equal(reporting(1));
    });

    it('in order by key, or by shard: it reports what follows a failure', async () => {
      const byKey = handlerFor({ source: 'DynamoDBStreams', order: 'key', logger }, fail);
      const byShard = handlerFor({ source: 'DynamoDBStreams', order: 'shard', logger }, fail);

      expect(await byKey(event, lambdaContext())).to.deep.equal(reporting(1, 3));
      expect(await byShard(event, lambdaContext())).to.deep.equal(reporting(1, 2, 3));
    });
  });
});
