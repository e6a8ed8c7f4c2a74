import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';

import { isFolder } from '../files';
import type { CodePlace } from '../model';

/** The key of the answer that says which records failed: AWS has fixed it, so no minifier renames it. */
const WORD = 'batchItemFailures';

/** An import of a package that gives such answers, where packages are not bundled. */
const PACKAGE =
  /\b(?:from|import|require\s*\(|import\s*\()\s*["'](?:lambda-batch-handler|@aws-lambda-powertools\/batch|@middy\/sqs-partial-batch-failure)["']/g;

/** An import of any package, and its name; files have a path, and Node.js its prefix. */
const IMPORTED =
  /\b(?:from|import|require\s*\(|import\s*\()\s*["']((?:@[\w.~-]+\/)?[a-z\d~][\w.~-]*)(?:\/[^"']*)?["']/g;

/** Runtimes have the first, and they give no such answers; what of this library gives them is known. */
const KNOWN = /^(?:@aws-sdk\/|@smithy\/|aws-sdk$|lambda-batch-handler$)/;

/** What stands before the package where a build leaves nothing of the import. */
const TYPES = /\bimport\s+type\b[^;"']*$/;
const LONGEST_IMPORT = 1_000;

const CODE = /(?<!\.d)\.[cm]?[jt]sx?$/;

/** The most that is read of a folder. */
const MOST_FILES = 2_000;
const MOST_BYTES = 50 * 1_024 * 1_024;

/**
 * Whether the code of a function answers which records failed; undefined where that is not known. A folder that other
 * functions have as well says nothing of one of them. A package that it imports can answer for it, or not: so that is not known
 * where the package has the word, or is not there.
 *
 * @param file that of the handler, where it is known
 */
export function reports(place: CodePlace | undefined, file: string | undefined): boolean | undefined {
  if (place?.kind === 'inline') return isReporting(place.text);
  if (file !== undefined && hasWord(file)) return true;
  return place === undefined || place.isShared ? undefined : folderReports(place.path);
}

/** Undefined where there is no code, too much of it, or a package that may answer. */
function folderReports(folder: string): boolean | undefined {
  const own = codeIn(folder);
  if (own === undefined || own.length === 0) return undefined;
  if (own.some(isReporting)) return true;
  const seen = new Set<string>();
  const mayReport = (texts: readonly string[], from: string): boolean =>
    packagesIn(texts).some((name) => {
      const installed = installedAt(name, from);
      if (installed === undefined) return true;
      if (seen.has(installed)) return false;
      seen.add(installed);
      const code = codeIn(installed);
      return code === undefined || code.some(isReporting) || mayReport(code, installed);
    });
  return mayReport(own, folder) ? undefined : false;
}

/** The texts of the code in a folder; undefined where there is too much of it. */
function codeIn(folder: string): string[] | undefined {
  const texts: string[] = [];
  let bytes = 0;
  for (const file of filesIn(folder)) {
    bytes += sizeOf(file);
    if (texts.length === MOST_FILES || bytes > MOST_BYTES) return undefined;
    texts.push(textOf(file));
  }
  return texts;
}

function packagesIn(texts: readonly string[]): string[] {
  const names = texts.flatMap((text) =>
    [...text.matchAll(IMPORTED)].filter(({ index }) => !isOfTypes(text, index)).map(([, name]) => name!),
  );
  return [...new Set(names)].filter((name) => !isBuiltin(name) && !KNOWN.test(name));
}

/** The folder of a package, as Node.js looks for it. */
function installedAt(name: string, from: string): string | undefined {
  const found = path.join(from, 'node_modules', name);
  if (isFolder(found)) return found;
  const parent = path.dirname(from);
  return parent === from ? undefined : installedAt(name, parent);
}

function* filesIn(folder: string): Generator<string> {
  for (const entry of entriesIn(folder)) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* filesIn(name);
    else if (entry.isFile() && CODE.test(entry.name)) yield name;
  }
}

function entriesIn(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // it is not there, or is not for us
  }
}

function isReporting(text: string): boolean {
  if (text.includes(WORD)) return true;
  for (const { index } of text.matchAll(PACKAGE)) {
    if (!isOfTypes(text, index)) return true;
  }
  return false;
}

const isOfTypes = (text: string, index: number): boolean =>
  TYPES.test(text.slice(Math.max(0, index - LONGEST_IMPORT), index));

function hasWord(file: string): boolean {
  try {
    return sizeOf(file) <= MOST_BYTES && isReporting(textOf(file));
  } catch {
    return false;
  }
}

const textOf = (file: string): string => readFileSync(file, 'utf8');

const sizeOf = (file: string): number => statSync(file).size;
