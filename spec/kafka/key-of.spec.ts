import { expect } from 'chai';

import { ParsingError } from '../../lib/errors';
import { keyOf } from '../../lib/kafka/key-of';
import { kafkaRecord } from '../support/kafka';

describe('The key of a record of Kafka', () => {
  it('is bytes (K19)', () => {
    expect(keyOf(kafkaRecord('t-0@1 a'))).to.deep.equal(Buffer.from('a'));
    expect(keyOf(kafkaRecord('t-0@1', { key: '' }))).to.deep.equal(Buffer.alloc(0));
  });

  it('is null where there is none, in either form that AWS has been seen to send', () => {
    // [THREAD powertools-typescript #4988, #5016]
    expect(keyOf(kafkaRecord('t-0@1', { key: null }))).to.equal(null);
    expect(keyOf(kafkaRecord('t-0@1'))).to.equal(null);
  });

  it('is an error where it is no text', () => {
    expect(() => keyOf(kafkaRecord('t-0@1', { key: 5 as never }))).to.throw(ParsingError, 'to be text in base64');
  });

  it('is an error without the key where it is no base64', () => {
    expect(() => keyOf(kafkaRecord('t-0@1', { key: 'se*ret' })))
      .to.throw(ParsingError, 'Expected the key of the record to be text in base64.')
      .with.property('message')
      .that.does.not.include('se*ret');
  });
});
