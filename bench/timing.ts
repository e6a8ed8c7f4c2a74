import type { Samples } from './statistics';

/** How the contestants of one process are timed. */
export interface Timing {
  /** How long a contestant runs before it counts, so that it is compiled. */
  readonly warmUpMs: number;
  /** How long a turn should take: a batch is repeated until it does. */
  readonly turnMs: number;
  readonly rounds: number;
}

export const usualTiming: Timing = { warmUpMs: 1000, turnMs: 4, rounds: 25 };

/** Runs one batch, and gives what it answered. */
export type Run = () => unknown;

/**
 * Nanoseconds of each contestant's batch, round by round. In a round every contestant has its turn, in an order that is
 * drawn anew, because each pays for the garbage of the one before.
 *
 * @param inspect is shown the last answer of each turn
 */
export async function timeRounds(
  runs: Readonly<Record<string, Run>>,
  { warmUpMs, turnMs, rounds }: Timing,
  inspect: (name: string, answer: unknown) => void,
): Promise<Samples> {
  const contestants: { name: string; run: Run; times: number; samples: number[] }[] = [];
  for (const [name, run] of Object.entries(runs)) {
    const batchNs = await warmUp(run, warmUpMs);
    contestants.push({ name, run, times: Math.max(1, Math.round((turnMs * 1e6) / batchNs)), samples: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { name, run, times, samples } of shuffled(contestants)) {
      const { ns, answer } = await turn(run, times);
      inspect(name, answer);
      samples.push(ns);
    }
  }
  return Object.fromEntries(contestants.map(({ name, samples }) => [name, samples]));
}

/** Gives the nanoseconds of a batch at the end of it. */
async function warmUp(run: Run, ms: number): Promise<number> {
  let times = 1;
  let last = await turn(run, times);
  for (let left = ms * 1e6 - last.ns; left > 0; left -= last.ns * times) {
    times = Math.max(1, Math.min(times * 2, Math.floor(left / last.ns)));
    last = await turn(run, times);
  }
  return last.ns;
}

async function turn(run: Run, times: number): Promise<{ readonly ns: number; readonly answer: unknown }> {
  let answer: unknown;
  const start = process.hrtime.bigint();
  for (let time = 0; time < times; time++) {
    answer = run();
    if (answer instanceof Promise) answer = await answer; // what is sync waits for nothing
  }
  return { ns: Number(process.hrtime.bigint() - start) / times, answer };
}

function shuffled<T>(items: readonly T[]): T[] {
  const drawn = [...items];
  for (let last = drawn.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [drawn[last], drawn[other]] = [drawn[other]!, drawn[last]!];
  }
  return drawn;
}
