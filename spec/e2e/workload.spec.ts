import { expect } from 'chai';

import { inCalls, workloadOf } from '../../samples/local/workload';

const options = { messages: 200, failing: 0.1, groups: 5, seed: 3 };

describe('A workload', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(workloadOf('fifo', options)).to.deep.equal(workloadOf('fifo', options));
    expect(workloadOf('fifo', options)).not.to.deep.equal(workloadOf('fifo', { ...options, seed: 4 }));
  });

  it('has the share of failing messages: half of them always, a quarter once, a quarter twice', () => {
    const failures = workloadOf('stream', options).map((message) => message.failures);

    const counts = [0, 1, 2, Infinity].map((count) => failures.filter((it) => it === count).length);

    expect(counts).to.deep.equal([180, 5, 5, 10]);
  });

  it('has tombstones among the records of a topic, none of which fails for good', () => {
    const tombstones = workloadOf('kafka', options).filter(({ payload }) => payload === null);

    expect(tombstones).to.have.length.within(1, 20);
    expect(tombstones.map(({ failures }) => failures)).not.to.include(Infinity);
  });

  it('gives all messages to as many groups, except where none keeps an order', () => {
    const groupsOf = (source: 'standard' | 'fifo') =>
      new Set(workloadOf(source, options).map(({ group }) => group)).size;

    expect([groupsOf('fifo'), groupsOf('standard')]).to.deep.equal([5, 200]);
  });

  it('is sent in order, and no call has two messages of a group', () => {
    const messages = workloadOf('fifo', options);

    const calls = inCalls(messages, 4);

    expect(calls.flat()).to.deep.equal(messages);
    expect(Math.max(...calls.map(({ length }) => length))).to.equal(4);
    for (const call of calls) expect(new Set(call.map(({ group }) => group)).size).to.equal(call.length);
  });

  it('fills the calls for messages that keep no order', () => {
    const sizes = inCalls(workloadOf('standard', { ...options, messages: 25 }), 10).map(({ length }) => length);

    expect(sizes).to.deep.equal([10, 10, 5]);
  });
});
