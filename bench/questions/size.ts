import { join } from 'node:path';

import { build, type Format } from 'esbuild';

import { functions } from '../contestants/functions';
import type { Question } from '../question';
import type { Samples } from '../statistics';

const formats: Readonly<Record<string, Format>> = { CommonJS: 'cjs', 'ES module': 'esm' };

/** Bundlers take the ES modules of a package for both formats, by its condition `module`. */
export const size: Question = {
  title: 'Size of a one-handler function, bundled and minified by esbuild, without reflect-metadata',
  unit: 'kB',
  against: ['Powertools'],
  at: Object.keys(formats),
  processes: 1,
  work: async (at) => {
    const sizes = Object.entries(functions).map(async ([name, source]) => [name, [await sizeOf(source, formats[at]!)]]);
    return Object.fromEntries(await Promise.all(sizes)) as Samples;
  },
};

async function sizeOf(contents: string, format: Format): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, loader: 'ts', resolveDir: join(__dirname, '..') },
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format,
    external: ['reflect-metadata'],
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    logLevel: 'error',
  });
  return outputFiles[0]!.contents.byteLength / 1_000;
}
