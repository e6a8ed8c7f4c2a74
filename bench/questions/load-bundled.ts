import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bundle, formats } from '../bundle';
import { functions } from '../contestants/functions';
import { timeOf } from '../load/time-of';
import { nodes } from '../nodes';
import type { Question } from '../question';

const ROUNDS = 25;

const metadata = "import 'reflect-metadata';\n";
const empty = 'an empty module';

/** Powertools has no use for reflect-metadata: it is with it to be comparable. */
const modules: Readonly<Record<string, string>> = {
  [empty]: 'export const handler = () => undefined;',
  ...functions,
  'reflect-metadata alone': metadata,
  'Powertools and reflect-metadata': `${metadata}${functions.Powertools}`,
};

const cases = Object.keys(formats).flatMap((format) => Object.keys(nodes).map((node) => `${format}, ${node}`));

/** One-handler functions, bundled and minified; milliseconds more than an empty module takes. */
export const loadBundled: Question = {
  title: 'Loading a one-handler function, bundled and minified by esbuild, more than an empty module takes',
  unit: 'ms',
  against: ['Powertools and reflect-metadata'],
  at: cases,
  processes: 1,
  work: async (at) => {
    const [format, node] = at.split(', ') as [string, string];
    const isModule = formats[format] === 'esm';
    const folder = mkdtempSync(join(tmpdir(), 'load-bundled-'));
    try {
      const files: [string, string][] = [];
      for (const [name, source] of Object.entries(modules)) {
        const file = join(folder, `${files.length}.${isModule ? 'mjs' : 'cjs'}`);
        writeFileSync(file, await bundle(source, formats[format]!));
        files.push([name, file]);
      }
      const samples: Record<string, number[]> = {};
      for (let round = 0; round < ROUNDS; round++) {
        const took = new Map(
          files.map(([name, file]) => [name, timeOf(isModule ? 'import' : 'require', file, nodes[node])]),
        );
        for (const [name, ms] of took) if (name !== empty) (samples[name] ??= []).push(ms - took.get(empty)!);
      }
      return samples;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
