import type { Json } from './json';
import { checkDepth, type Parsed } from './parsed';

/** Strings, brackets, and what stands between members; no more is needed of a text that JSON.parse takes. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|\n/g;

/**
 * Parses JSON; ten times as fast as a parser of YAML, and the templates of an app of CDK are megabytes.
 *
 * @returns undefined where it is no JSON
 * @throws Error where it has a key twice, or is nested too deeply
 */
export function parseJson(text: string): Parsed | undefined {
  const value = valueOf(text);
  if (value === undefined) return undefined;
  const root = keysOf(text);
  return {
    value,
    lineOf: (path) => {
      let at: Key | undefined = { line: 0, keys: root };
      for (const name of path) at = at?.keys?.get(name);
      return at?.line;
    },
  };
}

function valueOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

interface Key {
  readonly line: number;
  /** Those of the object that is its value. */
  keys?: Keys;
}

type Keys = Map<string, Key>;

/** The keys of the object that the text is, with those of the objects in them; objects in lists are left out. */
function keysOf(text: string): Keys {
  const root: Keys = new Map();
  /** What is open: the keys of objects, undefined for lists. */
  const open: (Keys | undefined)[] = [];
  let last: Key | undefined;
  let string = '';
  let line = 1;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '\n') {
      line++;
    } else if (token === '{' || token === '[') {
      const keys: Keys | undefined = token === '[' ? undefined : open.length === 0 ? root : new Map<string, Key>();
      if (keys !== undefined && last !== undefined) last.keys = keys;
      open.push(keys);
      checkDepth(open.length);
      last = undefined;
    } else if (token === '}' || token === ']') {
      open.pop();
      last = undefined;
    } else if (token === ',') {
      last = undefined;
    } else if (token === ':') {
      last = added(open.at(-1)!, JSON.parse(string) as string, line);
    } else {
      string = token;
    }
  }
  return root;
}

function added(keys: Keys, name: string, line: number): Key {
  if (keys.has(name)) throw new SyntaxError(`the key ${JSON.stringify(name)} is there twice, at line ${line} again`);
  const key: Key = { line };
  keys.set(name, key);
  return key;
}
