import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { buildSync } from 'esbuild';

import { installed } from '../support/package';

/** A way to bundle the functions: in it they have that format, and their decorators are of that dialect. */
export interface Build {
  readonly format: 'cjs' | 'esm';
  readonly dialect: 'experimental' | 'standard';
}

export const builds: readonly Build[] = (['cjs', 'esm'] as const).flatMap((format) =>
  (['experimental', 'standard'] as const).map((dialect) => ({ format, dialect })),
);

export const nameOf = ({ format, dialect }: Build): string => `${format}, ${dialect} decorators`;

export const folderOf = ({ format, dialect }: Build, folder: string): string => join(folder, `${format}-${dialect}`);

/** Bundles the functions with the packed library, minified, in every way. */
export function bundleAll(folder: string): void {
  const sources = join(folder, 'functions');
  cpSync(join(__dirname, 'functions'), sources, { recursive: true });
  installed(sources);
  for (const build of builds) {
    buildSync({
      entryPoints: ['entries', 'hooks', 'plain'].map((name) => join(sources, `${name}.ts`)),
      outdir: folderOf(build, folder),
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node20',
      format: build.format,
      outExtension: build.format === 'esm' ? { '.js': '.mjs' } : {},
      tsconfigRaw: { compilerOptions: { experimentalDecorators: build.dialect === 'experimental' } },
    });
  }
}
