// Loads one handler, in a process of its own, and writes what it is to the parent: in one line, behind a secret that only
// this file knows. What it needs for that is kept before the handler's code can put something else in its place.
import { readFileSync, writeSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { parse, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ANNOUNCE } from '../../batch/announce';
import type { Answer, Job } from './answer';
import { type Announced, entriesOf } from './entries-of';
import { isModule, isWithin } from './module-type';

interface Asked extends Job {
  readonly secret: string;
  readonly timeoutMs: number;
}

const { secret, timeoutMs, folder, root, file, exported } = JSON.parse(readFileSync(0, 'utf8')) as Asked;
const [write, stringify, exit, load] = [writeSync, JSON.stringify, process.exit.bind(process), createRequire(file)];
const announced: Announced[] = [];

/** The pipe to the parent. */
const PARENT = 3;

// The parent ends this process; but it may itself have been ended.
setTimeout(exit, timeoutMs + 5_000, 1).unref();

// What goes wrong beside the loading, such as a connection that was refused, says nothing of what is exported.
process.on('uncaughtException', () => undefined);
process.on('unhandledRejection', () => undefined);

(globalThis as Record<symbol, unknown>)[ANNOUNCE] = (made: object, options?: () => unknown) =>
  announced.push({ made, options });

takeForCommonJs();
process.once('beforeExit', () => {
  give({ kind: 'failed', note: 'at its top level it waits for what never comes' });
});
void answer().then(give);

function give(given: Answer): void {
  write(PARENT, `\n${secret}${stringify(given)}\n`);
  exit(0);
}

async function answer(): Promise<Answer> {
  try {
    const handler = nested(isModule(file, root) ? await import(pathToFileURL(file).href) : load(file));
    if (typeof handler !== 'function') {
      return { kind: 'missing', why: `${relative(folder, file)} exports no function ${exported}` };
    }
    const entries = entriesOf(handler, announced);
    return entries.length === 0 ? { kind: 'foreign' } : { kind: 'ours', entries };
  } catch (error) {
    return { kind: 'failed', note: noteOf(error) };
  }
}

/** What is exported, as Lambda finds it. */
function nested(module: unknown): unknown {
  return exported.split('.').reduce((object, key) => object && (object as Record<string, unknown>)[key], module);
}

function noteOf(error: unknown): string {
  try {
    return String(error).slice(0, 500);
  } catch {
    return 'it throws what is no error';
  }
}

/**
 * Has Node take for CommonJS what is deployed without a package.json, as Lambda does: here it stands within a repository,
 * whose own package.json may say that it has ES modules.
 */
function takeForCommonJs(): void {
  type Load = (module: { _compile(text: string, file: string, format: string): void }, file: string) => void;
  const { _extensions: extensions } = Module as unknown as { readonly _extensions: Record<string, Load> };
  const before = extensions['.js']!;
  extensions['.js'] = (module, path) => {
    const isMisled = isWithin(path, root) && !isModule(path, root) && isModule(path, parse(path).root);
    if (isMisled) module._compile(readFileSync(path, 'utf8'), path, 'commonjs');
    else before(module, path);
  };
}
