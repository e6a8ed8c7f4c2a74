import { expect } from 'chai';

import { prove, Tally } from './prove';

/** How many simulated batches have to keep the promises, and where to begin. */
const target = Number(process.env.PROOF_BATCHES ?? 2_000);
const seed = Number(process.env.PROOF_SEED ?? 20_261_123);

describe('The proof that nothing is lost', () => {
  let tally: Tally;

  before(() => {
    tally = new Tally(); // from here on its seconds count
  });

  after(() => {
    console.log(`\n  The proof: ${tally.summary}, from seed ${seed}.`);
  });

  it(`holds in ${target} simulated batches of every source, order and API, whatever fails`, async function () {
    this.timeout(0);
    for (let round = 0; tally.batches < target; round++) await prove(seed + round, tally);
    expect(tally.batches).to.be.at.least(target);
  });

  it('has met every source, order, API, fault and end', () => {
    const apis = ['decorator', 'async classes', 'sync classes'];
    const streams = ['none', 'sequential', 'batch', 'key'];
    const orders = Object.entries({
      SQS: ['none', 'sequential'],
      'SQS FIFO': ['batch', 'key'],
      KinesisDataStreams: streams,
      DynamoDBStreams: streams,
      Kafka: ['none', 'sequential', 'partition', 'key'],
    });
    const kinds = orders.flatMap(([source, names]) =>
      names.flatMap((order) => [...apis, 'chunks'].map((api) => `${source}, ${order}, ${api}`)),
    );
    const faults = ['crash', 'timeout', 'throttle', 'duplicate', 'coldStart'];
    const ends = ['The function timed out after', 'No record of the batch succeeded (', 'late effect', 'split'];
    const elsewhere = ['delivered elsewhere', 'delivery that failed'];
    const odd = apis.flatMap((api) => [`stopped, ${api}`, `returned, ${api}`]);
    const hung = ['recordTimeout', 'stopBeforeTimeout', 'the timeout'].map((limit) => `hung until ${limit}`);
    expect([...tally.seen]).to.include.members([...kinds, ...faults, ...ends, ...elsewhere, ...odd, ...hung]);
    expect(tally.deadLettered).to.be.above(0);
  });
});
