import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { bin } from '../support/package';
import { versionOf } from './toolchains';
import { nodeFor, start, succeed, type Workplace } from './workplace';

/** A bundler of which the library must make no warning. */
export interface Bundler {
  readonly name: string;
  /** What runs it, in the project. */
  readonly script: string;
  /** Whether it warns of packages that are missing, also within a try. */
  readonly tellsMissing: boolean;
}

export const bundlers: readonly Bundler[] = [
  { name: `webpack ${versionOf('webpack')}`, script: 'bundlers/webpack.cjs', tellsMissing: true },
  { name: `rollup ${versionOf('rollup')}`, script: 'bundlers/rollup.cjs', tellsMissing: false },
];

export const peers = ['@aws-sdk/client-sqs', '@opentelemetry/api'] as const;

/** Folders of the project in which handlers are bundled: one without, and one with the optional peers. */
const folders = { alone: 'bundled', peers: 'bundled-beside-peers' } as const;
export type Folder = keyof typeof folders;

const formats = ['cjs', 'mjs'] as const;

/** In place of the SDK: it prints what it is called for and, like the SDK, it needs modules of Node. */
const sdk = `
  require('node:util');
  exports.from = 'this is the SDK';
  exports.SQSClient = class {
    async send({ input }) {
      console.log('VisibilityTimeout' in input.Entries[0] ? 'delayed' : 'sent');
      return { Successful: [{ Id: '0' }] };
    }
  };`;

/** Makes the handlers JavaScript, in both folders. */
export async function prepareHandlers(work: Workplace): Promise<void> {
  const project = join(work.folder, 'tools');
  for (const folder of Object.values(folders)) {
    const options = [`--outdir=${folder}`, '--platform=node', '--target=node20', '--format=esm'];
    const command = ['node_modules/esbuild/bin/esbuild', 'bundled/*.ts', ...options, '--out-extension:.js=.mjs'];
    await succeed(nodeFor('tools', work).path, command, project);
  }
  const installed = join(project, folders.peers, 'node_modules');
  mkdirSync(join(installed, '@aws-sdk/client-sqs'), { recursive: true });
  writeFileSync(join(installed, '@aws-sdk/client-sqs/index.js'), sdk);
  cpSync(bin('@opentelemetry/api'), join(installed, '@opentelemetry/api'), { recursive: true });
  // Packages are looked for from where the library is.
  const own = join(installed, 'lambda-batch-handler');
  cpSync(join(project, 'node_modules/lambda-batch-handler'), own, { recursive: true });
}

/** Bundles a handler in both formats; gives the warnings, and the files by format. */
export async function bundle(
  { script }: Bundler,
  handler: string,
  folder: Folder,
  work: Workplace,
  external: readonly string[] = [],
): Promise<{ warnings: string[]; files: string[]; cwd: string }> {
  const project = join(work.folder, 'tools');
  const cwd = join(project, folders[folder]);
  const out = join(cwd, `${script.replace(/\W/g, '-')}${external.length > 0 ? '-external' : ''}`);
  const args = [script, join(cwd, `${handler}.mjs`), handler, out, ...external];
  const { ok, stdout, stderr } = await start(nodeFor('tools', work).path, args, project);
  if (!ok) throw new Error(stdout + stderr);
  const files = formats.map((format) => join(out, `${handler}.${format}`));
  const warnings = new Set(JSON.parse(stdout) as string[]); // webpack says the same for each format
  return { warnings: [...warnings], files, cwd };
}
