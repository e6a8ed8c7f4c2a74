import type { KinesisStreamRecord } from 'aws-lambda';
import { expect } from 'chai';

import { ParsingError } from '../../lib';
import { reads } from '../../lib/batch/reader';
import { reader } from '../../lib/payload';
import { kinesis } from '../../lib/sources/kinesis';
import type { PayloadPlace } from '../../lib/sources/source';
import { kinesisRecord } from '../support/events';

const odd = (record: object): KinesisStreamRecord => record as KinesisStreamRecord;

/** What a reader of the payload is given, and what becomes of what it returns. */
const reading = reader((raw: unknown) => raw)[reads];

describe('The Kinesis source', () => {
  it('has the event source that Kinesis writes', () => {
    expect(kinesis.eventSource).to.equal(kinesisRecord('a', 0).eventSource);
  });

  it('knows a record by its kinesis part', () => {
    expect(kinesis.hasShape(odd({ kinesis: {} }))).to.be.true;
    expect(kinesis.hasShape(odd({ body: '' }))).to.be.false;
    expect(kinesis.hasShape(odd({}))).to.be.false;
  });

  it('identifies a record by its sequence number, as the string it is (3c 11)', () => {
    expect(kinesis.itemIdentifier(kinesisRecord('a', 7))).to.equal(kinesisRecord('a', 7).kinesis.sequenceNumber);
    expect(kinesis.itemIdentifier(kinesisRecord('a', 7)))
      .to.be.a('string')
      .with.lengthOf(56);
  });

  it('orders records by their partition key', () => {
    expect(kinesis.orderingKey(kinesisRecord('a1', 0))).to.equal('a');
    expect(kinesis.orderingKey(kinesisRecord('', 0))).to.equal('');
  });

  it('has neither identifier nor key for a record without the kinesis part', () => {
    for (const record of [odd({}), odd({ kinesis: null }), odd({ kinesis: undefined }), odd({ kinesis: {} })]) {
      expect(kinesis.itemIdentifier(record)).to.be.undefined;
      expect(kinesis.orderingKey(record)).to.be.undefined;
    }
  });

  it('has the bytes of the data as raw payload, also none', () => {
    const place = kinesis.payload as PayloadPlace;
    expect(place.kind).to.equal('bytes');
    expect(kinesis.payload.of(kinesisRecord('abc', 0))).to.equal('YWJj');
    expect(reading.of(place, kinesisRecord('abc', 0))).to.deep.equal(Buffer.from('abc'));
    expect(reading.of(place, kinesisRecord('', 0))).to.deep.equal(Buffer.alloc(0));
    expect(reading.of(place, odd({ kinesis: { data: Buffer.of(1) } }))).to.deep.equal(Buffer.of(1)); // as GetRecords has it
    for (const part of [undefined, null, {}, { data: null }, { data: 1 }, { data: 'a' }, { data: '!!!!' }]) {
      expect(() => reading.of(place, odd({ kinesis: part }))).to.throw(
        ParsingError,
        'Expected the payload of the record to be bytes, or text in base64',
      );
    }
  });

  it('puts what was read in the place of the data, in a copy', () => {
    const record = kinesisRecord('a', 0);
    expect(kinesis.payload.with(record, [7])).to.deep.equal({ ...record, kinesis: { ...record.kinesis, data: [7] } });
    expect(record).to.deep.equal(kinesisRecord('a', 0));
  });

  it('counts no receives, and has nothing to say of a queue', () => {
    expect(kinesis.receiveCount).to.be.undefined;
    expect(kinesis.orderingMismatch).to.be.undefined;
  });
});
