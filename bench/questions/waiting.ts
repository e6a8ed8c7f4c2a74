import { groups, keys, powertoolsGroups, sequentialKeys, tenGroups, twoHundredKeys } from '../contestants/waiting';
import { timed } from '../question';

/** What waits needs no warming up, and no repeating. */
const timing = { warmUpMs: 0, turnMs: 1, rounds: 5 };

export const waitingGroups = timed({
  title: 'Wall time, FIFO: 10 messages of 10 groups, 10 ms each, 10 groups at once',
  unit: 'ms',
  against: ['Powertools'],
  at: [10],
  timing,
  batchOf: tenGroups,
  contestants: { decorator: groups, Powertools: powertoolsGroups },
});

export const waitingKeys = timed({
  title: 'Wall time, Kinesis in key order: 1,000 records of 200 keys, 5 ms each, 100 at once',
  unit: 'ms',
  against: ['by hand, one after another'],
  at: [1_000],
  processes: 1,
  timing: { ...timing, rounds: 3 },
  batchOf: twoHundredKeys,
  contestants: { decorator: keys, 'by hand, one after another': sequentialKeys },
});
