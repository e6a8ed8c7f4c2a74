import { bundle, formats } from '../bundle';
import { functions } from '../contestants/functions';
import type { Question } from '../question';
import type { Samples } from '../statistics';

const without = ['reflect-metadata', 'reflect-metadata/lite'];

/** Bundlers take the ES modules of a package for both formats, by its condition `module`. */
export const size: Question = {
  title: 'Size of a one-handler function, bundled and minified by esbuild, without reflect-metadata',
  unit: 'kB',
  against: ['Powertools'],
  at: Object.keys(formats),
  processes: 1,
  work: async (at) => {
    const format = formats[at]!;
    const sizeOf = async (source: string, external: readonly string[]) =>
      (await bundle(source, format, external)).byteLength / 1_000;
    const sizes = Object.entries(functions).map(async ([name, source]) => [name, [await sizeOf(source, without)]]);
    const whole = ['decorator, with reflect-metadata', [await sizeOf(functions.decorator, [])]];
    return Object.fromEntries([...(await Promise.all(sizes)), whole]) as Samples;
  },
};
