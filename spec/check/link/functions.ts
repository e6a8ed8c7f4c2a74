import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { buildSync } from 'esbuild';

import type { Code, CodePlace, LambdaFunction } from '../../../lib/check/model';
import { work } from './built-scripts';

const root = join(__dirname, '../../..');

/** The dialect of the run. */
export const isStandard = process.env.TS_NODE_PROJECT === 'tsconfig.standard.json';

/** A folder with these files: text by their paths. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(work, 'code-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** A folder for each source, with one file, `index`, in which it is bundled with the library and minified, as it is deployed. */
export function bundled(sources: Readonly<Record<string, string>>, format: 'cjs' | 'esm'): (name: string) => string {
  const own = ['chunk', 'dead-letter', 'kafka', 'payload', 'pipes', 'retry-delay'];
  const names = Object.keys(sources);
  const files = folderOf(Object.fromEntries(names.map((name, index) => [`${index}.ts`, sources[name]!])));
  const outdir = mkdtempSync(join(work, 'bundles-'));
  buildSync({
    entryPoints: names.map((_, index) => ({ in: join(files, `${index}.ts`), out: `${index}/index` })),
    outdir,
    outExtension: format === 'cjs' ? {} : { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format,
    nodePaths: [join(root, 'node_modules')],
    alias: {
      ...Object.fromEntries(own.map((name) => [`lambda-batch-handler/${name}`, join(root, `lib/${name}/index.ts`)])),
      'lambda-batch-handler': join(root, 'lib/index.ts'),
    },
    // What is CommonJS in an ES module may need it.
    banner: format === 'cjs' ? {} : { js: requireInModules },
    tsconfigRaw: { compilerOptions: { experimentalDecorators: !isStandard } },
    // package.json says of dist, not of lib, what has side effects.
    logOverride: { 'ignored-bare-import': 'silent' },
  });
  return (name) => join(outdir, String(names.indexOf(name)));
}

const requireInModules = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

/** What is deployed, in a folder of one function. */
export const deployedIn = (path: string): Extract<CodePlace, { kind: 'folder' }> => ({
  kind: 'folder',
  path,
  isBuilt: true,
  isShared: false,
});

export function functionOf(code: Partial<Code>, id = 'Orders'): LambdaFunction {
  return {
    id,
    file: 'template.yaml',
    line: 1,
    ignored: [],
    timeout: 3,
    reservedConcurrency: undefined,
    hasDeadLetterQueue: false,
    grants: [],
    code: { handler: 'index.handler', runtime: 'nodejs22.x', place: undefined, environment: {}, ...code },
  };
}
