import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'esbuild';

import { functions } from '../contestants/functions';
import { timeOf } from '../load/time-of';
import type { Question } from '../question';

const ROUNDS = 25;

const metadata = "import 'reflect-metadata';\n";

/** Powertools has no use for reflect-metadata: it is with it to be comparable, and without what is left is our own. */
const modules: Readonly<Record<string, string>> = {
  'an empty module': 'export const handler = () => undefined;',
  'reflect-metadata alone': metadata,
  decorator: functions.decorator!,
  'Powertools and reflect-metadata': `${metadata}${functions.Powertools!}`,
  Powertools: functions.Powertools!,
};

/** One-handler functions, bundled and minified; milliseconds more than an empty module takes. */
export const loadBundled: Question = {
  title: 'Loading a one-handler function, bundled and minified by esbuild, more than an empty module takes',
  unit: 'ms',
  against: ['Powertools and reflect-metadata'],
  at: ['CommonJS'],
  processes: 1,
  work: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'load-bundled-'));
    try {
      const files = await Promise.all(
        Object.entries(modules).map(async ([name, source], index) => {
          const outfile = join(folder, `${index}.js`);
          await bundle(source, outfile);
          return [name, outfile] as const;
        }),
      );
      const samples: Record<string, number[]> = {};
      for (let round = 0; round < ROUNDS; round++) {
        let empty = 0;
        for (const [name, file] of files) {
          const ms = timeOf('require', file);
          if (name === 'an empty module') empty = ms;
          else (samples[name] ??= []).push(ms - empty);
        }
      }
      const whole = samples.decorator!;
      const own = whole.map((ms, round) => ms - samples['reflect-metadata alone']![round]!);
      return { ...samples, 'decorator, our own part': own };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function bundle(contents: string, outfile: string): Promise<void> {
  await build({
    stdin: { contents, loader: 'ts', resolveDir: join(__dirname, '..') },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    logLevel: 'error',
  });
}
