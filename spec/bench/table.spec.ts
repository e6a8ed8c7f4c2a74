import { expect } from 'chai';

import type { Question } from '../../bench/question';
import { tableOf, verdictsTable } from '../../bench/table';

const question: Question = {
  title: 'Cost a record',
  unit: 'ns a record',
  against: ['by hand'],
  at: ['10'],
  processes: 1,
  work: () => ({}),
};

describe('The tables of the benchmarks', () => {
  it('have a line for each contestant, with its median, quartiles and ratio', () => {
    const samples = { 'by hand': [100, 100, 100], ours: [120, 130, 1234.5] };
    expect(tableOf(question, [{ at: '10', samples }]).split('\n')).to.deep.equal([
      'Cost a record',
      'at  contestant  ns a record  quartiles   to by hand',
      '10  by hand     100          100 to 100',
      '10  ours        130          125 to 682  1.3 x',
    ]);
  });

  it('leave the ratio out where the one to compare with was not measured', () => {
    expect(tableOf(question, [{ at: '10', samples: { ours: [120] } }])).to.match(/120 to 120$/);
  });

  it('name the budgets that are missed', () => {
    const verdict = { question: 'cost', at: '10', contestant: 'ours', measured: 2, allowed: 3 };
    expect(
      verdictsTable([
        { ...verdict, against: 'by hand', isMet: true },
        { ...verdict, measured: 4, isMet: false },
      ]).split('\n'),
    ).to.deep.equal(['met     cost  10  ours  to by hand  2  of 3', 'MISSED  cost  10  ours              4  of 3']);
    expect(verdictsTable([])).to.equal('');
  });
});
