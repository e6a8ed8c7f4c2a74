import type { Entry } from '../model';
import { objectIn } from '../object-in';

/** What a loader is asked for. */
export interface Job {
  /** The working directory of the loader: the folder that is deployed. */
  readonly folder: string;
  /** Above it no package.json says what type of modules there is. */
  readonly root: string;
  readonly file: string;
  /** The name of what the file exports, whose parts may be nested. */
  readonly exported: string;
}

/** What has become of a handler that was to be loaded. */
export type Answer =
  | { readonly kind: 'ours'; readonly entries: readonly Entry[] }
  /** It was loaded, and has nothing of this library. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'missing'; readonly why: string }
  | { readonly kind: 'failed'; readonly note: string };

/** Texts are no longer, which is longer than a queue's URL can be. */
const LONGEST = 1_000;
const MOST_ENTRIES = 1_000;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST;
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const orAbsent = (is: (value: unknown) => boolean) => (value: unknown) => value === undefined || is(value);

const properties: Readonly<Record<keyof Entry, (value: unknown) => boolean>> = {
  source: isText,
  fifo: isFlag,
  order: orAbsent(isText),
  stopBeforeTimeout: orAbsent(isNumber),
  concurrency: orAbsent(isNumber),
  chunkSize: isNumber,
  delaysRetries: isFlag,
  deadLetterQueues: (value) => Array.isArray(value) && value.every(isText),
  isPerCall: orAbsent(isFlag),
};

/** What a loader has written, if it has the shape of an answer: it runs the user's code, which can do what it likes. */
export function answerIn(json: string): Answer {
  const { kind, entries, why, note } = objectIn(json);
  if (kind === 'foreign') return { kind };
  if (kind === 'missing' && isText(why)) return { kind, why: oneLine(why) };
  if (kind === 'failed' && isText(note)) return { kind, note: oneLine(note) };
  if (kind === 'ours' && Array.isArray(entries) && entries.length <= MOST_ENTRIES && entries.every(isEntry)) {
    return { kind, entries };
  }
  return { kind: 'failed', note: 'what was read of it is not what options are' };
}

function isEntry(value: unknown): value is Entry {
  const entry = Object(value) as Record<string, unknown>;
  return Object.entries(properties).every(([name, is]) => is(entry[name]));
}

/** The most of a note that is shown. */
const SHOWN = 200;

/** A text as it can be shown in a report: one line of what can be seen. */
function oneLine(text: string): string {
  const [first = ''] = text.split(/[\r\n]/, 1);
  const line = first.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '');
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}...` : line;
}
