import { expect } from 'chai';

import { ParsingError } from '../../lib/errors';
import { headersOf } from '../../lib/kafka/headers-of';
import { kafkaRecord } from '../support/kafka';

describe('The headers of a record of Kafka', () => {
  it('have signed bytes, and every value of a name, in order (K13)', () => {
    // [THREAD powertools-python #6862, aws-lambda-dotnet #1476]
    const headers = headersOf(kafkaRecord('t-0@1', { headers: [{ mark: [-61, -85] }, { mark: [97] }, { other: [] }] }));
    expect([...headers.keys()]).to.deep.equal(['mark', 'other']);
    expect(headers.get('mark')).to.deep.equal([Buffer.from([0xc3, 0xab]), Buffer.from('a')]);
    expect(String(headers.get('mark')![0])).to.equal('ë');
    expect(headers.get('other')).to.deep.equal([Buffer.alloc(0)]);
  });

  it('are none where the record has none', () => {
    expect(headersOf(kafkaRecord('t-0@1')).size).to.equal(0);
    expect(headersOf({}).size).to.equal(0);
    expect(headersOf({ headers: null as never }).size).to.equal(0);
  });

  it('are an error without their values where they are not as Lambda sends them', () => {
    for (const value of [4711, 'secret', { 0: 1 }, null]) {
      expect(() => headersOf({ headers: [{ mark: value as never }] }))
        .to.throw(ParsingError, 'Expected each header of the record to be an array of bytes.')
        .with.property('message')
        .that.does.not.match(/4711|secret/);
    }
  });

  it('are all values of a name that is repeated, however often', () => {
    const headers = Array.from({ length: 50_000 }, (_, index) => ({ mark: [index % 128] }));
    expect(headersOf({ headers }).get('mark')).to.have.lengthOf(50_000);
  });

  it('may have any name', () => {
    const record = kafkaRecord('t-0@1', { headers: [JSON.parse('{"__proto__":[97],"constructor":[98]}')] });
    expect([...headersOf(record)]).to.deep.equal([
      ['__proto__', [Buffer.from('a')]],
      ['constructor', [Buffer.from('b')]],
    ]);
  });
});
