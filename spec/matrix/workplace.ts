import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { npm, packed } from '../support/package';
import { findNodes, type Node } from './nodes';
import { type Project, projects } from './toolchains';

/** A temporary folder with the projects in it, in each its tools, the program and the packed library. */
export interface Workplace {
  readonly folder: string;
  readonly nodes: Node[];
}

/** An empty one. */
export function workplace(): Workplace {
  return { folder: realpathSync(mkdtempSync(join(tmpdir(), 'lambda-batch-handler-matrix-'))), nodes: [] };
}

export async function install({ folder, nodes }: Workplace): Promise<void> {
  nodes.push(...findNodes(folder));
  const tarball = packed();
  await Promise.all(
    Object.keys(projects).map(async (project) => {
      const cwd = join(folder, project);
      cpSync(join(__dirname, project), cwd, { recursive: true });
      for (const name of ['program', 'compilers', 'bundlers', 'bundled', 'stripped']) {
        cpSync(join(__dirname, name), join(cwd, name), { recursive: true });
      }
      const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
      await succeed(npm, ['ci', ...quiet], cwd);
      await succeed(npm, ['install', '--no-save', ...quiet, tarball], cwd);
    }),
  );
}

/** The Node that runs the tools of a project: the oldest that they run on. */
export function nodeFor(project: Project, { nodes }: Workplace): Node {
  return nodes.find(({ major }) => major >= projects[project])!;
}

interface Ending {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with the variables of the environment that are given and those that are there. */
export function start(file: string, args: readonly string[], cwd: string, variables: object = {}): Promise<Ending> {
  const options = { cwd, env: { ...process.env, NO_COLOR: '1', ...variables }, maxBuffer: 2 ** 26, timeout: 240_000 };
  return new Promise((resolve) => {
    execFile(file, args, options, (error, stdout, stderr) => resolve({ ok: error === null, stdout, stderr }));
  });
}

/** Runs a program that has to end well. */
export async function succeed(file: string, args: readonly string[], cwd: string): Promise<void> {
  const { ok, stdout, stderr } = await start(file, args, cwd);
  if (!ok) throw new Error(`${file} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
