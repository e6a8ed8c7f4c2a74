import { timeOf, type Way, ways } from '../load/time-of';
import type { Question } from '../question';
import type { Samples } from '../statistics';

const ROUNDS = 25;

const packages = { ours: 'lambda-batch-handler', Powertools: '@aws-lambda-powertools/batch' } as const;

/** In a fresh process each time; reflect-metadata, which ours loads, included. */
export const load: Question = {
  title: 'Loading the package, unbundled, in a fresh process',
  unit: 'ms',
  against: ['Powertools'],
  at: ways,
  processes: 1,
  work: (at) => {
    const samples: Record<string, number[]> = Object.fromEntries(Object.keys(packages).map((who) => [who, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [who, name] of Object.entries(packages)) samples[who]!.push(timeOf(at as Way, name));
    }
    return samples satisfies Samples;
  },
};
