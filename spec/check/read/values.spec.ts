import { expect } from 'chai';

import { open } from '../../../lib/check/model';
import { Tokens } from '../../../lib/check/read/tokens';
import { booleanOf, isGiven, knownTextOf, numberOf, otherwise, textsOf } from '../../../lib/check/read/values';

describe('Values of templates', () => {
  const unknown = new Tokens().of({ key: 'unknown' });

  it('are numbers also as texts', () => {
    expect([30, '30', ' 30 ', '-1'].map(numberOf)).to.deep.equal([30, 30, 30, -1]);
    expect(['', 'x', unknown, {}, []].map(numberOf)).to.deep.equal([open, open, open, open, open]);
  });

  it('are booleans also as texts', () => {
    expect([true, 'true', 'True', false, 'false'].map(booleanOf)).to.deep.equal([true, true, true, false, false]);
    expect(['yes', 1, unknown, {}].map(booleanOf)).to.deep.equal([open, open, open, open]);
  });

  it('are texts where all of them is known', () => {
    expect(['a', 1].map(knownTextOf)).to.deep.equal(['a', '1']);
    expect([`a${unknown}`, {}].map(knownTextOf)).to.deep.equal([open, open]);
  });

  it('are lists of texts also as one text', () => {
    expect([['a', 'b'], 'a', []].map(textsOf)).to.deep.equal([['a', 'b'], ['a'], []]);
    expect([unknown, ['a', unknown], [{}]].map(textsOf)).to.deep.equal([open, open, open]);
  });

  it('are undefined where nothing is said', () => {
    for (const read of [numberOf, booleanOf, knownTextOf, textsOf]) {
      expect([read(undefined), read(null)]).to.deep.equal([undefined, undefined]);
    }
    expect(otherwise(undefined, 3)).to.equal(3);
    expect(otherwise(open, 3)).to.equal(open);
    expect(otherwise(4, 3)).to.equal(4);
  });

  it('are given or not, unless that is not known', () => {
    expect([undefined, null, {}, [], 'a', unknown].map(isGiven)).to.deep.equal([false, false, true, true, true, open]);
  });
});
