import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import type { CodePlace } from '../model';

/** The key of the answer that says which records failed: AWS has fixed it, so no minifier renames it. */
const WORD = 'batchItemFailures';

/** An import of a package that gives such answers, where packages are not bundled. */
const PACKAGE =
  /\b(?:from|import|require\s*\(|import\s*\()\s*["'](?:lambda-batch-handler|@aws-lambda-powertools\/batch|@middy\/sqs-partial-batch-failure)["']/g;

/** What stands before the package where a build leaves nothing of the import. */
const TYPES = /\bimport\s+type\b[^;"']*$/;
const LONGEST_IMPORT = 1_000;

const CODE = /(?<!\.d)\.[cm]?[jt]sx?$/;

/** The most that is read of a folder. */
const MOST_FILES = 2_000;
const MOST_BYTES = 50 * 1_024 * 1_024;

/**
 * Whether the code of a function answers which records failed; undefined where that is not known. A folder that other
 * functions have as well says nothing of one of them, and neither does what is installed in one.
 *
 * @param file that of the handler, where it is known
 */
export function reports(place: CodePlace | undefined, file: string | undefined): boolean | undefined {
  if (place?.kind === 'inline') return isReporting(place.text);
  if (file !== undefined && hasWord(file)) return true;
  return place === undefined || place.isShared ? undefined : folderReports(place.path);
}

/** Undefined where there is no code, or too much of it. */
function folderReports(folder: string): boolean | undefined {
  const found = { files: 0, bytes: 0 };
  for (const file of filesIn(folder)) {
    found.files++;
    found.bytes += sizeOf(file);
    if (found.files > MOST_FILES || found.bytes > MOST_BYTES) return undefined;
    if (hasWord(file)) return true;
  }
  return found.files === 0 ? undefined : false;
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
    if (!TYPES.test(text.slice(Math.max(0, index - LONGEST_IMPORT), index))) return true;
  }
  return false;
}

function hasWord(file: string): boolean {
  try {
    return sizeOf(file) <= MOST_BYTES && isReporting(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}

const sizeOf = (file: string): number => statSync(file).size;
