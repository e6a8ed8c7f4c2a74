import { expect } from 'chai';

import { firstOfEach, grouped } from '../../lib/check/grouped';

describe('grouped', () => {
  const words = ['orders', 'payments', 'oranges'];

  it('puts together what has the same key, in the order of what comes first', () => {
    expect([...grouped(words, ([first]) => first)]).to.deep.equal([
      ['o', ['orders', 'oranges']],
      ['p', ['payments']],
    ]);
  });

  it('gives the first with each key', () => {
    expect(firstOfEach(words, (word) => word[0]!)).to.deep.equal(['orders', 'payments']);
  });
});
