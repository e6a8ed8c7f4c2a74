// Builds dist: one file a subpath, so that a cold start reads few files, with source maps and declarations beside.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

import { build } from 'esbuild';

const require = createRequire(import.meta.url);

rmSync('dist', { recursive: true, force: true });

const common = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
};

await build({ ...common, entryPoints: ['lib/index.ts', 'lib/types.ts'], packages: 'external' });

// The readers of payloads throw the errors of index.js: a second copy of the classes would be no `instanceof`.
const errorsOfIndex = {
  name: 'errors-of-index',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.?\/errors$/ }, () => ({ path: './index.js', external: true }));
  },
};
await build({
  ...common,
  entryPoints: { payload: 'lib/payload/index.ts' },
  packages: 'external',
  plugins: [errorsOfIndex],
});

// The fake clock goes into the file, so that nobody has to install one, and its licences beside it.
await build({ ...common, entryPoints: { testing: 'lib/testing/index.ts' } });
const bundled = ['@sinonjs/fake-timers', '@sinonjs/commons', 'type-detect'];
const licences = bundled.map((name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8')}`);
writeFileSync('dist/testing.LICENSES.txt', `testing.js contains these packages:\n\n${licences.join('\n')}`);

const tsc = require.resolve('typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
