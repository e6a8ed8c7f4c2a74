import { join } from 'node:path';

import type { Format, Minifier, Toolchain } from './toolchains';
import { nodeFor, succeed, type Workplace } from './workplace';

/** The files that run what a toolchain has made of the program, by what they are. */
export function outputsOf({ minifier }: Toolchain, out: string): Record<string, string> {
  return {
    CommonJS: join(out, 'commonjs', 'main.js'),
    [`one file, minified by ${minifier}, CommonJS`]: join(out, 'bundle.cjs'),
    [`one file, minified by ${minifier}, ES module`]: join(out, 'bundle.mjs'),
  };
}

/** Compiles the program to both module formats, and makes both kinds of bundle of its ES modules. */
export async function build(toolchain: Toolchain, out: string, work: Workplace): Promise<void> {
  const cwd = join(work.folder, toolchain.project);
  const { path } = nodeFor(toolchain.project, work);
  const formats = ['commonjs', 'esm'] as const;
  await Promise.all(formats.map((format) => succeed(path, toolchain.compile(format, join(out, format)), cwd)));
  await Promise.all(
    formats.map(async (format) => {
      const to = join(out, format === 'esm' ? 'bundle.mjs' : 'bundle.cjs');
      const commands = bundle(toolchain.minifier, format, join(out, 'esm', 'main.js'), to);
      for (const command of commands) await succeed(path, command, cwd);
    }),
  );
}

/** The commands that make one minified file of everything, in which classes and functions are renamed. */
function bundle(minifier: Minifier, format: Format, from: string, to: string): string[][] {
  // In an ES module, CommonJS dependencies need a `require`.
  const banner = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;
  const esbuild = [
    ...['../tools/node_modules/esbuild/bin/esbuild', from, '--bundle', '--platform=node', '--target=node20'],
    ...(format === 'esm' ? ['--format=esm', `--banner:js=${banner}`] : ['--format=cjs']),
    '--log-level=warning',
  ];
  if (minifier === 'esbuild') return [[...esbuild, '--minify', `--outfile=${to}`]];
  const plain = to.replace(/(?=\.\w+$)/, '.plain');
  return [[...esbuild, `--outfile=${plain}`], minify[minifier](format, plain, to)];
}

const minify = {
  swc: (format: Format, from: string, to: string) => ['compilers/swc-minify.cjs', format, from, to],
  terser: (format: Format, from: string, to: string) => [
    ...['../tools/node_modules/terser/bin/terser', from, '--compress', '--mangle', '--toplevel', '--output', to],
    ...(format === 'esm' ? ['--module'] : []),
  ],
} as const;
