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
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
};

/** The other entries throw the errors of the index: a second copy of the classes would be no `instanceof`. */
const shared = (extension) => ({
  name: 'shared',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.?\/errors$/ }, () => ({ path: `./index${extension}`, external: true }));
    onResolve({ filter: /^\.\.\/(peers|client-sqs|opentelemetry-api)$/ }, ({ path }) => ({
      path: `${path.slice(1)}.js`,
      external: true,
    }));
  },
});

// Node gets CommonJS. ES modules are for bundlers alone (the condition `module`), which leave out what is not used: they
// take the same file for `import` and `require`, so there is never a second copy of a class.
for (const [format, extension] of [
  ['cjs', '.js'],
  ['esm', '.mjs'],
]) {
  const options = { ...common, format, outExtension: { '.js': extension }, packages: 'external' };
  await build({ ...options, entryPoints: ['lib/index.ts'] });
  await build({
    ...options,
    entryPoints: {
      payload: 'lib/payload/index.ts',
      'dead-letter': 'lib/dead-letter/index.ts',
      opentelemetry: 'lib/opentelemetry/index.ts',
    },
    plugins: [shared(extension)],
  });
}
const commonjs = ['lib/types.ts', 'lib/peers.ts', 'lib/client-sqs.ts', 'lib/opentelemetry-api.ts'];
await build({ ...common, format: 'cjs', entryPoints: commonjs, packages: 'external' });

// For `import` in Node, which reads a CommonJS file from end to end to find the names of its exports: that would take as
// long as loading it. So there is a module that has the names, above a file that is too short to matter.
for (const name of ['index', 'payload', 'dead-letter', 'opentelemetry']) {
  const names = Object.keys(require(`./dist/${name}.js`)).sort();
  writeFileSync(`dist/${name}.import.cjs`, `const exported = require('./${name}.js');\nmodule.exports = exported;\n`);
  writeFileSync(
    `dist/${name}.import.mjs`,
    `import exported from './${name}.import.cjs';\nexport const { ${names.join(', ')} } = exported;\n`,
  );
  const types = name === 'index' ? './index.js' : `./${name}/index.js`;
  writeFileSync(`dist/${name}.import.d.mts`, `export * from '${types}';\n`);
}

// The fake clock goes into the file, so that nobody has to install one, and its licences beside it.
await build({ ...common, format: 'cjs', entryPoints: { testing: 'lib/testing/index.ts' } });
const bundled = ['@sinonjs/fake-timers', '@sinonjs/commons', 'type-detect'];
const licences = bundled.map((name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8')}`);
writeFileSync('dist/testing.LICENSES.txt', `testing.js contains these packages:\n\n${licences.join('\n')}`);

const tsc = require.resolve('typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
