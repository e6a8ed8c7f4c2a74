import { expect } from 'chai';

import { timeRounds } from '../../bench/timing';

const timing = { warmUpMs: 0, turnMs: 0, rounds: 3 };

describe('The timing of the benchmarks', () => {
  it('gives every contestant one turn a round, and shows what it answered', async () => {
    const shown: [string, unknown][] = [];
    const runs = { sync: () => 'a', async: async () => 'b' };

    const samples = await timeRounds(runs, timing, (name, answer) => shown.push([name, answer]));

    expect(Object.keys(samples)).to.deep.equal(['sync', 'async']);
    expect(samples['sync']).to.have.length(3);
    expect(samples['async']).to.have.length(3);
    for (let round = 0; round < 3; round++) {
      const turns = shown.slice(round * 2, round * 2 + 2);
      expect(turns).to.have.deep.members([
        ['sync', 'a'],
        ['async', 'b'],
      ]);
    }
  });

  it('ends with the first answer that is not the right one', async () => {
    const inspect = () => {
      throw new Error('It is wrong.');
    };
    let thrown: unknown;
    await timeRounds({ wrong: () => 1 }, timing, inspect).catch((error: unknown) => (thrown = error));
    expect(thrown).to.have.property('message', 'It is wrong.');
  });
});
