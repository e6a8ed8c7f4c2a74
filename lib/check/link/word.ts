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
  const packages = new Set<string>();
  const own = codeReports(folder, packages);
  return own === false && mayReport(packages, folder, new Set()) ? undefined : own;
}

/** Undefined where there is no code, or too much of it. What it imports is added to `packages`. */
function codeReports(folder: string, packages: Set<string>): boolean | undefined {
  const found = { files: 0, bytes: 0 };
  for (const file of filesIn(folder)) {
    found.files++;
    found.bytes += sizeOf(file);
    if (found.files > MOST_FILES || found.bytes > MOST_BYTES) return undefined;
    const text = textOf(file);
    if (isReporting(text)) return true;
    for (const name of packagesIn(text)) packages.add(name);
  }
  return found.files === 0 ? undefined : false;
}

/** Whether one of these packages, or of those that they import, has the word, or cannot be looked at. */
function mayReport(names: Iterable<string>, from: string, seen: Set<string>): boolean {
  for (const name of names) {
    const installed = installedAt(name, from);
    if (installed === undefined) return true;
    if (seen.has(installed)) continue;
    seen.add(installed);
    const packages = new Set<string>();
    if (codeReports(installed, packages) !== false || mayReport(packages, installed, seen)) return true;
  }
  return false;
}

function packagesIn(text: string): string[] {
  return [...text.matchAll(IMPORTED)]
    .filter(({ index }) => !isOfTypes(text, index))
    .map(([, name]) => name!)
    .filter((name) => !isBuiltin(name) && !KNOWN.test(name));
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
