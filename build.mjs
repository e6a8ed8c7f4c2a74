// Builds dist: for Node one CommonJS file a subpath, so that a cold start reads few files; for bundlers a tree of ES modules,
// of which they take what is used; with source maps and declarations beside.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { build } from 'esbuild';

// npm runs `prepare` after each install, twice for one from git, and when it packs, which has its own build. The
// declarations are what a build makes last.
if (process.argv.includes('--if-missing') && existsSync('dist/index.d.ts')) process.exit();

const require = createRequire(import.meta.url);

/** The subpaths that handlers import, by the file that has their names. */
const subpaths = {
  index: 'index',
  payload: 'payload/index',
  'dead-letter': 'dead-letter/index',
  'retry-delay': 'retry-delay/index',
  opentelemetry: 'opentelemetry/index',
  kafka: 'kafka/index',
  pipes: 'pipes/index',
  chunk: 'chunk/index',
  guard: 'guard/index',
  'sqs-consumer': 'sqs-consumer/index',
};

/** What users run, or import in what they test and deploy with: never part of a handler. */
const tools = {
  testing: 'testing/index',
  check: 'check/index',
  cdk: 'cdk/index',
  bin: 'check/bin',
};

/** What runs in a process of its own. */
const scripts = Object.fromEntries(['loader', 'refuse', 'runner'].map((name) => [name, `lib/check/link/${name}.ts`]));

/** Files that load an optional peer by a `require` that bundlers see: CommonJS also in the tree of ES modules. */
const peers = ['payload/util-dynamodb', 'sqs/client-sqs', 'guard/client-lambda', 'opentelemetry/api'];

rmSync('dist', { recursive: true, force: true });

const common = {
  outdir: 'dist',
  outbase: 'lib',
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false, // lib is in the package as well: declaration maps lead there
  logLevel: 'warning',
  // package.json says of dist, not of lib, what has side effects; what is dropped is imported by name as well.
  logOverride: { 'ignored-bare-import': 'silent' },
};

/** Imports of the library's own files by `external(file, from)`: what to leave as an import, if it is to be left. */
const leaving = (external) => ({
  name: 'leaving',
  setup: ({ onResolve, resolve }) => {
    onResolve({ filter: /^\./ }, async ({ path: specifier, pluginData, kind, resolveDir, importer }) => {
      if (pluginData === leaving || kind === 'entry-point') return undefined;
      const found = await resolve(specifier, { kind, resolveDir, importer, pluginData: leaving });
      const file = path.relative('lib', found.path).replace(/\.ts$/, '');
      const left = external(file, path.dirname(path.relative('lib', importer)));
      return left === undefined ? undefined : { path: left.startsWith('.') ? left : `./${left}`, external: true };
    });
  },
});

const peerFile = (file) => (peers.includes(file) ? `peers/${path.basename(file)}.js` : undefined);

// Names that are public come from the index, also inside of other subpaths: a second copy of a class is no `instanceof`.
const shared = (file) =>
  peerFile(file) ?? (['batch/delivery', 'errors/index', 'observing/observe'].includes(file) ? 'index.js' : undefined);

const node = { ...common, format: 'cjs', packages: 'external' };
await build({ ...node, entryPoints: ['lib/index.ts', 'lib/types.ts'] });
for (const [name, file] of Object.entries(subpaths)) {
  if (name === 'index') continue;
  await build({ ...node, entryPoints: { [name]: `lib/${file}.ts` }, outbase: undefined, plugins: [leaving(shared)] });
}
await build({
  ...node,
  outdir: 'dist/peers',
  outbase: undefined,
  entryPoints: peers.map((file) => `lib/${file}.ts`),
  entryNames: '[name]',
});

// The tree for bundlers (the condition `module`), one file for one of lib. They take the same for `import` and `require`,
// so there is never a second copy of a class. Of the test kit there is what judges an answer, for the bridge to sqs-consumer.
const judging = ['check', 'event-batch', 'interpret-response', 'interpretation', 'partial-answer', 'payload-limit'];
const kept = [...judging, 'reported-identifier'].map((name) => path.join('testing', `${name}.ts`));
const sources = readdirSync('lib', { recursive: true }).filter(
  (file) => file.endsWith('.ts') && (!/^(testing|check|cdk)\b/.test(file) || kept.includes(file)),
);
await build({
  ...common,
  format: 'esm',
  packages: 'external',
  outdir: 'dist/esm',
  outExtension: { '.js': '.mjs' },
  entryPoints: sources.filter((file) => !peers.includes(file.replace(/\.ts$/, ''))).map((file) => `lib/${file}`),
  plugins: [leaving((file, from) => path.relative(`esm/${from}`, peerFile(file) ?? `esm/${file}.mjs`))],
});

// For `import` in Node, which reads a CommonJS file from end to end to find the names of its exports: that would take as
// long as loading it. So there is a module that has the names, above a file that is too short to matter.
for (const [name, file] of Object.entries(subpaths)) {
  const names = Object.keys(require(`./dist/${name}.js`)).sort();
  writeFileSync(`dist/${name}.import.cjs`, `const exported = require('./${name}.js');\nmodule.exports = exported;\n`);
  writeFileSync(
    `dist/${name}.import.mjs`,
    `import exported from './${name}.import.cjs';\nexport const { ${names.join(', ')} } = exported;\n`,
  );
  writeFileSync(`dist/${name}.import.d.mts`, `export * from './${file}.js';\n`);
}

// What stands around a handler is no part of one: the fake clock and the reader of YAML go into files of their own, so that
// nobody has to install them, with their licences beside. They have no source maps, which would be larger than all others, and
// lead to packages that are not installed.
const around = (file) => (file === 'check/read/index' ? 'check/read.js' : undefined);
const tool = { ...common, format: 'cjs', outbase: undefined, external: ['@aws-sdk/*'], sourcemap: false };
for (const [name, file] of Object.entries(tools)) {
  await build({ ...tool, entryPoints: { [name]: `lib/${file}.ts` }, plugins: [leaving(around)] });
}
await build({
  ...tool,
  outdir: 'dist/check',
  entryPoints: { read: 'lib/check/read/index.ts', ...scripts },
});
writeLicences('testing', ['@sinonjs/fake-timers', '@sinonjs/commons', 'type-detect']);
writeLicences('check/read', ['yaml']);

function writeLicences(file, packages) {
  const licences = packages.map((name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8')}`);
  const title = `${path.basename(file)}.js contains these packages:`;
  writeFileSync(`dist/${file}.LICENSES.txt`, `${title}\n\n${licences.join('\n')}`);
}

const tsc = require.resolve('typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });

// The types of both are the same, and those of the lite build are not found by `moduleResolution: node10`.
const declaration = 'dist/decorator/reflect.d.ts';
writeFileSync(declaration, readFileSync(declaration, 'utf8').replace("'reflect-metadata/lite'", "'reflect-metadata'"));
