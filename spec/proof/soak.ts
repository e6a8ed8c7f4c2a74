/** Plays scenarios until it is told to stop, or one breaks a promise: `npm run soak`, or `npm run soak -- SEED`. */
import { prove, Tally } from './prove';

const tally = new Tally();
let seed = Number(process.argv[2] ?? Math.floor(Math.random() * 2 ** 31));
let stopped = false;
process.once('SIGINT', () => {
  stopped = true; // a second one ends the process as ever
});

async function soak(): Promise<void> {
  console.log('Ctrl-C stops.');
  for (let round = 1; !stopped; round++, seed++) {
    await prove(seed, tally);
    if (round % 50 === 0) console.log(`${tally.summary}, at seed ${seed}`);
  }
  console.log(`Nothing was lost: ${tally.summary}.`);
}

soak().catch((error: unknown) => {
  process.exitCode = 1;
  console.error(`Seed ${seed} breaks a promise: npm run soak -- ${seed}\n`);
  console.error(error); // the smallest scenario, and, as its cause, which promise was broken for which record
});
