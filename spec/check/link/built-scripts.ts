import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSync } from 'esbuild';

import { takeScriptsFrom } from '../../../lib/check/link';

const lib = join(__dirname, '../../../lib/check/link');

/** A folder for what specs of the link make; it is gone when they end. */
export const work = realpathSync(mkdtempSync(join(tmpdir(), 'lambda-batch-handler-link-')));
process.once('exit', () => {
  rmSync(work, { recursive: true, force: true });
});

/** The scripts as a build makes them: who imports this file runs them. */
buildSync({
  entryPoints: ['loader', 'refuse', 'runner'].map((name) => join(lib, `${name}.ts`)),
  outdir: join(work, 'scripts'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
});
takeScriptsFrom(join(work, 'scripts'));
