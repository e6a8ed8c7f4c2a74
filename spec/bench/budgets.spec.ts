import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import type { Budget } from '../../bench/check';

const budgets = JSON.parse(readFileSync(join(__dirname, '../../bench/budgets.json'), 'utf8')) as Budget[];

describe('The budgets of the benchmarks', () => {
  it('each say one thing that can be missed', () => {
    for (const { at, most, mostMoreNs } of budgets) {
      expect(at).to.not.deep.equal([]);
      expect([most, mostMoreNs].filter((limit) => limit !== undefined)).to.have.length(1);
    }
  });

  it('are of one figure each', () => {
    const figures = budgets.flatMap(({ question, at, contestant, against }) =>
      at.map((one) => [question, one, contestant, against].join()),
    );
    expect(new Set(figures).size).to.equal(figures.length);
  });
});
