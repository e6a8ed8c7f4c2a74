import { expect } from 'chai';

import { byKey, firstFailureStops, parallel, sequential } from '../../lib/engine/ordering';

describe('The orderings', () => {
  it('give each record a lane of its own in parallel, without a limit unless one is set', () => {
    expect(parallel()).to.deep.equal({ lane: 'record', concurrency: Infinity, failureStopsLane: false });
    expect(parallel(4)).to.deep.equal({ lane: 'record', concurrency: 4, failureStopsLane: false });
    expect(parallel(undefined).concurrency).to.equal(Infinity);
  });

  it('put a sequential batch on one lane that no failure stops', () => {
    expect(sequential).to.deep.equal({ lane: 'batch', concurrency: 1, failureStopsLane: false });
  });

  it('put a batch that stops at its first failure on one lane', () => {
    expect(firstFailureStops).to.deep.equal({ lane: 'batch', concurrency: 1, failureStopsLane: true });
  });

  it('give each key a lane that its failure stops', () => {
    expect(byKey(3)).to.deep.equal({ lane: 'key', concurrency: 3, failureStopsLane: true });
  });
});
