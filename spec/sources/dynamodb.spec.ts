import type { DynamoDBRecord } from 'aws-lambda';
import { expect } from 'chai';

import { BatchProcessingError } from '../../lib';
import { reads } from '../../lib/batch/reader';
import { reader } from '../../lib/payload';
import { dynamodb } from '../../lib/sources/dynamodb';
import type { PayloadPlace } from '../../lib/sources/source';
import { dynamodbRecord } from '../support/events';

/** A record with less, or other, than its type says. */
const odd = (record: object): DynamoDBRecord => record;
const keyOf = (Keys: unknown) => dynamodb.orderingKey(odd({ dynamodb: { Keys } }));

/** What a reader of the payload is given, and what becomes of what it returns. */
const reading = reader((raw: unknown) => raw)[reads];
const place = dynamodb.payload as PayloadPlace;

describe('The DynamoDB source', () => {
  it('has the event source that DynamoDB writes', () => {
    expect(dynamodb.eventSource).to.equal(dynamodbRecord('a', 0).eventSource);
  });

  it('knows a record by its dynamodb part', () => {
    expect(dynamodb.hasShape(odd({ dynamodb: {} }))).to.be.true;
    expect(dynamodb.hasShape(odd({ body: '' }))).to.be.false;
    expect(dynamodb.hasShape(odd({}))).to.be.false;
  });

  it('identifies a record by its sequence number, as the string it is (3c 11)', () => {
    expect(dynamodb.itemIdentifier(dynamodbRecord('a', 7))).to.equal('111000000000000000000007');
  });

  it('has neither identifier nor key for a record without the dynamodb part (3c 12)', () => {
    for (const record of [odd({}), odd({ dynamodb: null }), odd({ dynamodb: {} })]) {
      expect(dynamodb.itemIdentifier(record)).to.be.undefined;
      expect(dynamodb.orderingKey(record)).to.be.undefined;
    }
  });

  it('has the same key for the changes of one item, whatever the change and its image (3c 12)', () => {
    const { dynamodb: change } = dynamodbRecord('a1', 0);
    const removal = odd({ eventName: 'REMOVE', dynamodb: { Keys: change?.Keys, OldImage: change?.NewImage } });
    const keysOnly = odd({ eventName: 'MODIFY', dynamodb: { Keys: change?.Keys, StreamViewType: 'KEYS_ONLY' } });

    expect(dynamodb.orderingKey(removal)).to.equal(dynamodb.orderingKey(dynamodbRecord('a2', 1)));
    expect(dynamodb.orderingKey(keysOnly)).to.equal(dynamodb.orderingKey(dynamodbRecord('a3', 2)));
    expect(dynamodb.orderingKey(removal)).not.to.equal(dynamodb.orderingKey(dynamodbRecord('b1', 3)));
  });

  it('compares item keys by value, in whatever order their attributes come', () => {
    expect(keyOf({ id: { S: 'a' }, range: { N: '1' } })).to.equal(keyOf({ range: { N: '1' }, id: { S: 'a' } }));
  });

  it('keeps items apart that differ in a name, a type or a value', () => {
    const keys = [
      { id: { S: '1' } },
      { id: { N: '1' } },
      { id: { B: '1' } },
      { id: { S: '2' } },
      { key: { S: '1' } },
      { id: { S: '1' }, range: { S: '1' } },
      { id: { S: '1' }, range: { N: '1' } },
      { id: { S: '1","range":{"S":"1' } },
      { id: { S: '' } },
      { ['__proto__']: { S: '1' } },
      {},
    ];

    expect(new Set(keys.map(keyOf))).to.have.property('size', keys.length);
  });

  it('takes keys that are null for none', () => {
    expect(keyOf(null)).to.be.undefined;
  });

  it('has the record as raw payload', () => {
    const record = dynamodbRecord('a', 0);
    expect(place.kind).to.equal('change');
    expect(reading.of(place, record)).to.equal(record);
  });

  it('puts the images that were read in the place of those of the change, in a copy', () => {
    const record = dynamodbRecord('a', 0);
    record.dynamodb!.OldImage = { id: { S: 'a' } };
    const before = structuredClone(record);
    const { NewImage: _new, OldImage: _old, ...rest } = record.dynamodb!;
    const withImages = (images: object) => reading.copy(place, record, { eventName: 'INSERT', ...images });

    expect(withImages({ newImage: 1 })).to.deep.equal({ ...record, dynamodb: { ...rest, NewImage: 1 } });
    expect(withImages({ oldImage: null })).to.deep.equal({ ...record, dynamodb: { ...rest, OldImage: null } });
    expect(withImages({})).to.deep.equal({ ...record, dynamodb: rest });
    expect(record).to.deep.equal(before);
    expect(reading.copy(place, odd({}), { eventName: 'INSERT' })).to.deep.equal({ dynamodb: {} });
  });

  it('says what a reader has to return, where it returned something else', () => {
    for (const read of [undefined, null, 'a', 7, {}, { newImage: {} }, { eventName: 7 }]) {
      expect(() => reading.copy(place, dynamodbRecord('a', 0), read)).to.throw(
        BatchProcessingError,
        'Expected the payload reader to return { eventName, newImage?, oldImage? }, as images() does',
      );
    }
  });

  it('counts no receives, and has nothing to say of a queue', () => {
    expect(dynamodb.receiveCount).to.be.undefined;
    expect(dynamodb.orderingMismatch).to.be.undefined;
  });
});
