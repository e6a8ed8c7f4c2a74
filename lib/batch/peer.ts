import { quietly } from './thenable';
import { BatchProcessingError } from '../errors';

/** A package, or why it cannot be loaded. */
export type Peer<T> = { readonly peer: T } | { readonly cause: unknown };

/** Who needs a package, and how. */
export interface Need<T> {
  /** What the error names, such as 'sqsQueue'. */
  readonly user: string;
  /** Loads it by a `require` that bundlers see. Default: no bundle gets it, and it is looked for at run time alone. */
  readonly seen?: () => Peer<T>;
  /** What else helps where it cannot be loaded, such as ', or set client'. */
  readonly instead?: string;
}

/**
 * Loads an optional package: as bundlers see it, else from where this file lies, else from where the function does. The
 * last is all that an ES module bundle has that brings no `require`; Lambda's runtimes contain the SDK.
 *
 * @throws BatchProcessingError where it cannot be loaded: it says what to do, and its cause is what went wrong
 */
export function loadPeer<T>(name: string, { user, seen, instead = '' }: Need<T>): T {
  // In an ES module, `__filename` does not exist.
  const places = [quietly(() => __filename), `${process.env.LAMBDA_TASK_ROOT ?? process.cwd()}/`];
  const ways = places.filter((place) => place !== undefined).map((place) => () => atRunTime<T>(name, place));
  const causes: unknown[] = [];
  for (const load of seen === undefined ? ways : [seen, ...ways]) {
    const loaded = load();
    if ('peer' in loaded) return loaded.peer;
    causes.push(loaded.cause);
  }
  // That it is not found says nothing that the message does not; what else there was, such as a bundler's, is the cause.
  const cause = causes.find((each) => !messageOf(each).startsWith(`Cannot find module '${name}'`));
  const told = cause === undefined ? '' : ` (it does not load: ${messageOf(cause)})`;
  throw new BatchProcessingError(`${user} needs ${name}: npm install ${name}${instead}${told}`, {
    cause: cause ?? causes[0],
  });
}

function atRunTime<T>(name: string, place: string): Peer<T> {
  try {
    const { createRequire } = process.getBuiltinModule('node:module'); // on use: a cold start waits for every module
    return { peer: createRequire(place)(name) as T };
  } catch (cause) {
    return { cause };
  }
}

/** Its first line: Node adds the modules that required it. */
function messageOf(cause: unknown): string {
  return String((cause as Partial<Error> | null)?.message ?? cause).split('\n', 1)[0]!;
}
