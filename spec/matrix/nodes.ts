import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

import { npm, run } from '../support/package';

/** A Node.js that the matrix runs on. */
export interface Node {
  readonly path: string;
  /** As it tells it itself, such as `v22.23.3`. */
  readonly version: string;
  readonly major: number;
}

/** The supported versions. */
const majors = [20, 22, 24] as const;

/**
 * One Node of each supported version: the one at hand, those that MATRIX_NODES names (paths, separated as in PATH), and
 * the rest installed to a folder.
 */
export function findNodes(folder: string): Node[] {
  const given = (process.env.MATRIX_NODES ?? '').split(delimiter).filter(Boolean);
  const found = [process.execPath, ...given].map(nodeAt);
  return majors.map((major) => found.find((node) => node.major === major) ?? install(major, folder));
}

function nodeAt(path: string): Node {
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
  return { path, version, major: Number(/^v(\d+)/.exec(version)![1]) };
}

function install(major: number, folder: string): Node {
  const isWindows = process.platform === 'win32';
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
  // In a folder of its own: `node` as a dependency would shadow the one at hand.
  const prefix = join(folder, `node${major}`);
  run(npm, ['install', '--prefix', prefix, '--no-save', '--ignore-scripts', `${name}@${major}`], folder);
  return nodeAt(join(prefix, 'node_modules', name, 'bin', isWindows ? 'node.exe' : 'node'));
}
