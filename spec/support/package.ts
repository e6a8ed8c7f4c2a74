import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export const root = join(__dirname, '..', '..');
export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Runs a program to its end; what it printed, also where it failed, is in the error. */
export function run(file: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(file, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${file} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** Builds and packs the library; gives the path of the tarball. */
export function pack(folder: string): string {
  const [name] = run(npm, ['pack', '--silent', '--pack-destination', folder], root).trim().split('\n').slice(-1);
  return join(folder, name!);
}
