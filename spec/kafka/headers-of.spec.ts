import { expect } from 'chai';

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
  });

  it('may have any name', () => {
    const record = kafkaRecord('t-0@1', { headers: [JSON.parse('{"__proto__":[97],"constructor":[98]}')] });
    expect([...headersOf(record)]).to.deep.equal([
      ['__proto__', [Buffer.from('a')]],
      ['constructor', [Buffer.from('b')]],
    ]);
  });
});
