import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const scripts = { require: 'require.cjs', import: 'import.mjs' } as const;

/** How modules are loaded. */
export type Way = keyof typeof scripts;

export const ways = Object.keys(scripts) as readonly Way[];

/**
 * Milliseconds that a module takes in a fresh process, from a file as on Lambda: `--eval` has some of Node's own modules
 * loaded already, and others not.
 */
export function timeOf(way: Way, module: string, node = process.execPath): number {
  const script = join(__dirname, '..', 'load', scripts[way]);
  return Number(execFileSync(node, [script, module], { encoding: 'utf8' }));
}
