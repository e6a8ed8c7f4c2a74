import {
  type CollectionTag,
  Composer,
  type CST,
  type Document,
  isAlias,
  Lexer,
  LineCounter,
  type Node,
  Pair,
  Parser,
  Scalar,
  type ScalarTag,
  visit,
  YAMLMap,
} from 'yaml';

import type { Json } from './json';
import { checkDepth, type Parsed } from './parsed';

/** How often what is behind an anchor may be used, and what is behind anchors in it. */
const MOST_ALIASES = 1_000;

/**
 * Parses YAML with CloudFormation's short forms, such as `!GetAtt Orders.Arn`, which become the long ones. So does any other
 * tag: what is not known is an intrinsic function that is not known.
 *
 * @throws Error where it is no YAML, has several documents, a key twice, or anchors that blow it up or contain themselves, or
 * is nested too deeply
 */
export function parseYaml(text: string): Parsed {
  const lineCounter = new LineCounter();
  lineCounter.addNewLine(0);
  const lineOf = ([offset]: readonly [number, ...number[]]): number => lineCounter.linePos(offset).line;
  const composer = new Composer({
    lineCounter,
    merge: true,
    uniqueKeys: false,
    stringKeys: true,
    customTags: tagsOf(text),
  });
  const tokens = tokensOf(text, new Parser(lineCounter.addNewLine), lineOf);
  const [document, second] = [...composer.compose(tokens, true, text.length)] as [Document.Parsed, Document.Parsed?];
  if (second !== undefined) throw new Error('it has several documents');
  const [error] = document.errors;
  if (error) throw new Error(`${error.message} at line ${lineOf(error.pos)}`, { cause: error });
  const keys = keysOf(document, (key) => lineOf(key.range!));
  const value = document.toJS({ maxAliasCount: MOST_ALIASES }) as Json;
  checkCircles(value);
  return {
    value,
    lineOf: (path) => {
      const key = keyAt(document.contents, path, keys);
      return key?.range ? lineOf(key.range) : undefined;
    },
  };
}

/** The tokens of a text, as long as it is not so deep that the composer would run out of stack. */
function* tokensOf(
  text: string,
  parser: Parser,
  lineOf: (range: readonly [number]) => number,
): Generator<CST.Token, void> {
  for (const lexeme of new Lexer().lex(text)) {
    checkDepth(parser.stack.length);
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') throw new Error(`${token.message} at line ${lineOf([token.offset])}`); // there may be a million of them
      yield token;
    }
  }
  yield* parser.end();
}

/** The members of each object, by the values of their keys. */
type Keys = ReadonlyMap<unknown, ReadonlyMap<unknown, Pair>>;

/**
 * The library compares each key of an object with all others of it, of which there can be thousands.
 *
 * @throws Error where one is there twice
 */
function keysOf(document: Document.Parsed, lineOf: (key: Scalar) => number): Keys {
  const keys = new Map<unknown, Map<unknown, Pair>>();
  visit(document, {
    Map: (_, map) => {
      const members = new Map<unknown, Pair>();
      for (const pair of map.items) {
        const key = pair.key as Scalar;
        if (members.has(key.value)) {
          throw new Error(`the key "${String(key.value)}" is there twice, at line ${lineOf(key)} again`);
        }
        members.set(key.value, pair);
      }
      keys.set(map, members);
    },
  });
  return keys;
}

/** An anchor can be used within what it stands before. What is used many times is looked at once. */
function checkCircles(value: Json, around = new Set<Json>(), done = new Set<Json>()): void {
  if (typeof value !== 'object' || value === null || done.has(value)) return;
  if (around.has(value)) throw new Error('it has an anchor that contains itself');
  around.add(value);
  for (const each of Object.values(value)) checkCircles(each, around, done);
  around.delete(value);
  done.add(value);
}

function keyAt(root: unknown, path: readonly string[], keys: Keys): Node | undefined {
  let at = root;
  let key: Node | undefined;
  for (const name of path) {
    const pair = keys.get(at)?.get(name);
    if (pair === undefined || isAlias(pair.value)) return undefined;
    key = pair.key as Scalar;
    at = pair.value;
  }
  return key;
}

/** CloudFormation has twenty; each one is looked up among all. */
const MOST_TAGS = 500;

/** The tags that a text has, for each kind of node that they can stand before. */
function tagsOf(text: string): (ScalarTag | CollectionTag)[] {
  const names = new Set([...text.matchAll(/(?<![^\s,[{])!([A-Za-z][\w:]*)/g)].map(([, name]) => name!));
  if (names.size > MOST_TAGS) throw new Error(`it has more than ${MOST_TAGS} different tags`);
  return [...names].flatMap((name) => {
    const tag = `!${name}`;
    const long = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
    const wrap = (node: Node): Node => {
      const map = new YAMLMap();
      map.items.push(new Pair(new Scalar(long), node));
      return map;
    };
    return [
      { tag, resolve: (value: string) => ({ [long]: value }) },
      { tag, collection: 'seq' as const, resolve: wrap },
      { tag, collection: 'map' as const, resolve: wrap },
    ];
  });
}
