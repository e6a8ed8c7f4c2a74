import { expect } from 'chai';
import sinon from 'sinon';

import { eachChoice } from '../../../lib/check/read/choices';

describe('eachChoice', () => {
  it('runs once where nothing is to be chosen', () => {
    expect(eachChoice(64, () => 'result')).to.deep.equal(['result']);
  });

  it('goes through all ways to choose, the first of all first', () => {
    const results = eachChoice(64, (choose) => [choose('a', 2), choose('b', 3)]);

    expect(results).to.deep.equal([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
  });

  it('chooses the same for the same key', () => {
    expect(eachChoice(64, (choose) => [choose('a', 2), choose('a', 2)])).to.deep.equal([
      [0, 0],
      [1, 1],
    ]);
  });

  it('asks only for what a choice leads to', () => {
    const results = eachChoice(64, (choose) => (choose('a', 2) === 0 ? 'no' : ['yes', choose('b', 2)]));

    expect(results).to.deep.equal(['no', ['yes', 0], ['yes', 1]]);
  });

  it('goes through no more ways than it may, and yet takes each way of each choice in one of them', () => {
    const keys = Array.from({ length: 30 }, (_, index) => `${index}`);
    const run = () => eachChoice(64, (choose) => keys.map((key) => choose(key, 2)));

    const results = run();

    expect(results).to.have.length(64);
    for (const index of keys.keys()) {
      expect(new Set(results.map((result) => result[index]))).to.deep.equal(new Set([0, 1]));
    }
    expect(run()).to.deep.equal(results);
    expect(results[0]).to.deep.equal(keys.map(() => 0));
  });

  it('says where there are more ways than it goes through', () => {
    const onMore = sinon.spy();
    eachChoice(4, (choose) => [choose('a', 2), choose('b', 2)], onMore);
    sinon.assert.notCalled(onMore);
    eachChoice(3, (choose) => [choose('a', 2), choose('b', 2)], onMore);
    sinon.assert.called(onMore);
  });

  it('takes each way of each choice in as few runs as there are ways', () => {
    const keys = Array.from({ length: 30 }, (_, index) => `${index}`);

    expect(eachChoice(2, (choose) => keys.map((key) => choose(key, 2)))).to.deep.equal([
      keys.map(() => 0),
      keys.map(() => 1),
    ]);
  });
});
