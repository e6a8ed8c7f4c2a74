import { expect } from 'chai';

import { type Budget, verdictsOf } from '../../bench/check';

const measurements = [
  { at: '10', samples: { ours: [10, 30, 20], others: [10, 10, 10] } },
  { at: '1000', samples: { ours: [130, 110, 120], others: [100, 100, 100] } },
];
const of = (budget: Partial<Budget>): Budget => ({ question: 'cost', at: ['10'], contestant: 'ours', ...budget });
const verdicts = (budget: Partial<Budget>) =>
  verdictsOf('cost', measurements, [of(budget)]).map(({ at, measured, allowed, isMet }) => ({
    at,
    measured,
    allowed,
    isMet,
  }));

describe('The check of the budgets', () => {
  it('compares the median ratio with the most that is allowed', () => {
    expect(verdicts({ against: 'others', most: 2 })).to.deep.equal([
      { at: '10', measured: 2, allowed: 2, isMet: true },
    ]);
    expect(verdicts({ against: 'others', most: 1.99 })[0]!.isMet).to.equal(false);
  });

  it('compares the median by itself where there is nothing to compare with', () => {
    expect(verdicts({ most: 19 })).to.deep.equal([{ at: '10', measured: 20, allowed: 19, isMet: false }]);
  });

  it('allows so many nanoseconds more a batch', () => {
    const budget = { at: ['1000'], against: 'others', mostMoreNs: 20_000 };
    expect(verdicts(budget)).to.deep.equal([{ at: '1000', measured: 20_000, allowed: 20_000, isMet: true }]);
    expect(verdicts({ ...budget, mostMoreNs: 19_999 })[0]!.isMet).to.equal(false);
  });

  it('judges each case of a budget', () => {
    const all = verdicts({ at: ['10', '1000'], against: 'others', most: 1.5 });
    expect(all.map(({ at, isMet }) => [at, isMet])).to.deep.equal([
      ['10', false],
      ['1000', true],
    ]);
  });

  it('leaves the budgets of other questions alone', () => {
    expect(verdictsOf('size', measurements, [of({ most: 1 })])).to.deep.equal([]);
  });

  it('fails where a budget is of a case or a contestant that was not measured', () => {
    expect(() => verdicts({ at: ['100'], most: 1 })).to.throw(RangeError, 'cost at 100');
    expect(() => verdicts({ contestant: 'theirs', most: 1 })).to.throw(RangeError, 'received theirs');
    expect(() => verdicts({ against: 'theirs', most: 1 })).to.throw(RangeError, 'received theirs');
  });

  it('fails where a median is no number, rather than calling the budget met', () => {
    const broken = [{ at: '10', samples: { ours: [Number.NaN] } }];
    expect(verdictsOf('cost', broken, [of({ most: 1 })])[0]!.isMet).to.equal(false);
  });
});
