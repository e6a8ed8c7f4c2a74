import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const root = join(__dirname, '..', '..');
export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** A folder for all that the specs of the package make; it is gone when they end. */
export const work = realpathSync(mkdtempSync(join(tmpdir(), 'lambda-batch-handler-')));
process.once('exit', () => {
  rmSync(work, { recursive: true, force: true });
});

/** Runs a program to its end; what it printed, also where it failed, is in the error. */
export function run(file: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(file, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${file} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

export const node = (args: readonly string[], cwd: string): string => run(process.execPath, args, cwd);
export const bin = (path: string): string => join(root, 'node_modules', path);

/** Builds and packs the package, once. */
export function packed(): string {
  tarball ??= run(npm, ['pack', '--silent', '--pack-destination', work], root).trim().split('\n').at(-1)!;
  return join(work, tarball);
}
let tarball: string | undefined;

/** A project of that module type, made once, with the tarball and Node's types installed and nothing else. */
export function project(type: 'commonjs' | 'module'): string {
  const folder = join(work, type);
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type }));
  run(npm, ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', packed()], folder);
  for (const types of ['@types/node', 'undici-types']) {
    cpSync(bin(types), join(folder, 'node_modules', types), { recursive: true });
  }
  return folder;
}

/** Puts the packed library and what it needs at run time into a folder: as copies, and without a link out of it. */
export function installed(folder: string): void {
  const own = join(folder, 'node_modules', 'lambda-batch-handler');
  mkdirSync(own, { recursive: true });
  run('tar', ['xzf', packed(), '--strip-components=1', '-C', own], work);
  cpSync(bin('reflect-metadata'), join(folder, 'node_modules', 'reflect-metadata'), { recursive: true });
}

/** Makes packages of the repository resolvable from a folder, with their own dependencies. */
export function link(folder: string, ...packages: string[]): void {
  for (const name of packages) {
    const target = join(folder, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(bin(name), target, 'junction');
  }
}

export const readme = readFileSync(join(root, 'README.md'), 'utf8');

const toolchains = readFileSync(join(root, 'docs', 'toolchains.md'), 'utf8');

/** The compiler options that docs/toolchains.md gives for a dialect. */
export function readmeConfig(dialect: 'experimental' | 'standard'): object {
  const configs = [...toolchains.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => JSON.parse(json!) as Config);
  const found = configs.find(
    (config) => 'experimentalDecorators' in config.compilerOptions === (dialect === 'experimental'),
  );
  return found!.compilerOptions;
}

interface Config {
  readonly compilerOptions: object;
}
