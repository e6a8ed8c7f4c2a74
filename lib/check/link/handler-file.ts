import { createRequire } from 'node:module';
import path from 'node:path';

import { isFile } from '../files';

/** Where the handler of a function is, by the text of `Handler`. */
export type Found =
  | { readonly kind: 'file'; readonly file: string; readonly exported: string }
  /** It is not in the code; `why` says so as it would be told. */
  | { readonly kind: 'missing'; readonly why: string };

/** Where Lambda puts the code. */
const TASK_ROOT = '/var/task/';

/** Where Lambda puts layers. */
const LAYERS = '/opt/';

export const isInLayer = (handler: string): boolean => handler.startsWith(LAYERS);

/** In the order in which Lambda looks for them. */
const extensions = ['', '.js', '.mjs', '.cjs'];

/** What a build makes such files of. */
const sourceExtensions = ['.ts', '.mts', '.cts', '.tsx', '.jsx'];

/**
 * The file of a handler, as Lambda's runtime for Node.js finds it: its name ends at the first dot behind the last slash, and
 * what is behind that dot names the export, whose parts may be nested.
 *
 * @param isBuilt whether the folder is what is deployed, or has the sources of that
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function handlerFile(handler: string, folder: string, isBuilt: boolean): Found {
  const text = handler.startsWith(TASK_ROOT) ? handler.slice(TASK_ROOT.length) : handler;
  const slash = text.lastIndexOf('/') + 1;
  const [, name, exported] = /^([^.]+)\.(.+)$/.exec(text.slice(slash)) ?? [];
  if (name === undefined || exported === undefined || text.includes('..')) {
    return { kind: 'missing', why: `the handler ${handler} names no file and export, as index.handler does` };
  }
  const base = path.resolve(folder, text.slice(0, slash), name);
  const file =
    [...extensions, ...(isBuilt ? [] : sourceExtensions)].map((each) => base + each).find(isFile) ??
    installed(text.slice(0, slash) + name, folder);
  if (file !== undefined) return { kind: 'file', file, exported };
  return { kind: 'missing', why: `there is no file ${text.slice(0, slash)}${name}.js, .mjs or .cjs` };
}

/** The file of a package, or the index of a folder, as `require` finds them. */
function installed(specifier: string, folder: string): string | undefined {
  const { resolve } = createRequire(path.resolve(folder, 'index.js'));
  for (const each of [`./${specifier}`, specifier]) {
    try {
      const file = resolve(each);
      if (path.isAbsolute(file) && /\.[cm]?js$/.test(file)) return file; // not a module of Node
    } catch {
      // it is not there
    }
  }
  return undefined;
}
