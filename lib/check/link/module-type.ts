import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether Lambda takes a file for an ES module: by its extension, or by the package.json that is nearest to it, but none above
 * the root of what is deployed, where Node would find that of the repository around it.
 */
export function isModule(file: string, root: string): boolean {
  const extension = path.extname(file);
  return extension === '.js' ? typeAt(path.dirname(file), root) === 'module' : extension === '.mjs';
}

function typeAt(folder: string, root: string): unknown {
  const text = textOf(path.join(folder, 'package.json'));
  if (text !== undefined) return typeIn(text);
  const above = path.dirname(folder);
  return above !== folder && isWithin(above, root) ? typeAt(above, root) : undefined;
}

/** Whether a path is a folder, or within it. */
export function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function typeIn(json: string): unknown {
  try {
    return (JSON.parse(json) as { type?: unknown } | null)?.type;
  } catch {
    return undefined;
  }
}
