import { expect } from 'chai';

import { entriesOf, isObject, member, orNone, property, textIn } from '../../../lib/check/read/json';

describe('JSON', () => {
  const value = { a: { b: 'c', d: 1 } };

  it('has properties of its own alone', () => {
    expect(property(value, 'a', 'b')).to.equal('c');
    expect(property(value, 'a', 'x')).to.equal(undefined);
    expect(property(value, 'a', 'b', 'length')).to.equal(undefined);
    expect(property(value, 'constructor')).to.equal(undefined);
    expect(property(undefined, 'a')).to.equal(undefined);
  });

  it('has texts where they are some', () => {
    expect(textIn(value, 'a', 'b')).to.equal('c');
    expect(textIn(value, 'a', 'd')).to.equal(undefined);
  });

  it('has members that are not known where it is not known itself', () => {
    expect(member(value, 'a', 'd')).to.equal(1);
    expect(member('unknown', 'a', 'd')).to.equal('unknown');
    expect(member(undefined, 'a')).to.equal(undefined);
  });

  it('is a list of one, or of none', () => {
    expect([orNone(null), orNone(undefined)]).to.deep.equal([[null], []]);
  });

  it('has entries where it is an object, which a list is not', () => {
    expect(entriesOf(value.a)).to.deep.equal(Object.entries(value.a));
    for (const other of [undefined, null, 'text', [1]]) {
      expect(isObject(other)).to.equal(false);
      expect(entriesOf(other)).to.deep.equal([]);
    }
  });
});
