import { expect } from 'chai';

import { open } from '../../../lib/check/model';
import { given, limitOf, or } from '../../../lib/check/rules/given';

describe('What is given', () => {
  it('is said of values that are all known', () => {
    expect(given([1, 'a', false, 0], (...values) => values)).to.deep.equal([1, 'a', false, 0]);
  });

  for (const unknown of [open, undefined]) {
    it(`is nothing where one is ${String(unknown)}`, () => {
      expect(given([1, unknown], () => 'a breach')).to.equal(undefined);
    });
  }

  it('is another value where nothing is said, and stays open where it is', () => {
    expect(or(undefined, 5)).to.equal(5);
    expect(or(0, 5)).to.equal(0);
    expect(or(open, 5)).to.equal(open);
  });

  it('is no limit where nothing is said, and where -1 is', () => {
    expect(limitOf(undefined)).to.equal(Infinity);
    expect(limitOf(-1)).to.equal(Infinity);
    expect(limitOf(0)).to.equal(0);
    expect(limitOf(open)).to.equal(open);
  });
});
