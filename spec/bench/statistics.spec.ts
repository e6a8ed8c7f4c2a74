import { expect } from 'chai';

import { differences, joined, mapped, ratios, spreadOf, valuesOf } from '../../bench/statistics';

const samples = { ours: [1, 2, 9], others: [2, 4, 3] };

describe('The statistics of the benchmarks', () => {
  it('give the median and the quartiles of any number of values, in whatever order', () => {
    expect(spreadOf([9, 1, 5, 3, 7])).to.deep.equal({ median: 5, q1: 3, q3: 7 });
    expect(spreadOf([4, 1, 3, 2])).to.deep.equal({ median: 2.5, q1: 1.75, q3: 3.25 });
    expect(spreadOf([6])).to.deep.equal({ median: 6, q1: 6, q3: 6 });
  });

  it('leave the values as they are', () => {
    const values = [3, 1, 2];
    spreadOf(values);
    expect(values).to.deep.equal([3, 1, 2]);
  });

  it('sort by size, not by digits', () => {
    expect(spreadOf([100, 9, 20]).median).to.equal(20);
  });

  it('have no spread of nothing', () => {
    expect(() => spreadOf([])).to.throw(RangeError, 'received none');
  });

  it('compare round by round', () => {
    expect(ratios(samples, 'ours', 'others')).to.deep.equal([0.5, 0.5, 3]);
    expect(differences(samples, 'ours', 'others')).to.deep.equal([-1, -2, 6]);
  });

  it('know who was measured, and refuse who was not', () => {
    expect(valuesOf(samples, 'ours')).to.equal(samples.ours);
    expect(() => valuesOf(samples, 'theirs')).to.throw(RangeError, 'Expected one of ours; others, received theirs.');
    expect(() => ratios(samples, 'ours', 'toString')).to.throw(RangeError, 'received toString');
  });

  it('put the rounds of several processes together, those of a round at the same index', () => {
    expect(joined([samples, { others: [5], ours: [4] }])).to.deep.equal({ ours: [1, 2, 9, 4], others: [2, 4, 3, 5] });
    expect(joined([])).to.deep.equal({});
  });

  it('change every value', () => {
    expect(mapped(samples, (value) => value * 2)).to.deep.equal({ ours: [2, 4, 18], others: [4, 8, 6] });
  });
});
