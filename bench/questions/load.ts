import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import type { Question } from '../question';
import type { Samples } from '../statistics';

const ROUNDS = 15;

const packages = { ours: 'lambda-batch-handler', Powertools: '@aws-lambda-powertools/batch' } as const;

const scripts: Readonly<Record<string, (name: string) => { type: string; script: string }>> = {
  require: (name) => ({
    type: 'commonjs',
    script: `const start = performance.now(); require('${name}'); console.log(performance.now() - start)`,
  }),
  import: (name) => ({
    type: 'module',
    script: `const start = performance.now(); await import('${name}'); console.log(performance.now() - start)`,
  }),
};

/** In a fresh process each time; reflect-metadata, which ours loads, included. */
export const load: Question = {
  title: 'Loading the package, unbundled, in a fresh process',
  unit: 'ms',
  against: ['Powertools'],
  at: Object.keys(scripts),
  processes: 1,
  work: (at) => {
    const samples: Record<string, number[]> = Object.fromEntries(Object.keys(packages).map((who) => [who, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [who, name] of Object.entries(packages)) samples[who]!.push(timeOf(scripts[at]!(name)));
    }
    return samples satisfies Samples;
  },
};

function timeOf({ type, script }: { type: string; script: string }): number {
  const args = [`--input-type=${type}`, '--eval', script];
  return Number(execFileSync(process.execPath, args, { cwd: join(__dirname, '..'), encoding: 'utf8' }));
}
