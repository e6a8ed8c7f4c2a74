import {
  type CollectionTag,
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  Pair,
  parseDocument,
  Scalar,
  type ScalarTag,
  YAMLMap,
} from 'yaml';

import type { Json } from './json';
import type { Parsed } from './parsed';

/**
 * Parses YAML with CloudFormation's short forms, such as `!GetAtt Orders.Arn`, which become the long ones. So does any other
 * tag: what is not known is an intrinsic function that is not known.
 *
 * @throws Error where it is no YAML, has several documents, a key twice, or anchors that blow it up or contain themselves
 */
export function parseYaml(text: string): Parsed {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, merge: true, customTags: tagsOf(text), logLevel: 'error' });
  if (document.errors[0] !== undefined) throw document.errors[0];
  const value = document.toJS() as Json;
  JSON.stringify(value); // throws where an anchor contains itself
  return {
    value,
    lineOf: (path) => {
      const key = keyAt(document.contents, path);
      return key?.range ? lineCounter.linePos(key.range[0]).line : undefined;
    },
  };
}

function keyAt(root: unknown, path: readonly string[]): Node | undefined {
  let at = root;
  let key: Node | undefined;
  for (const name of path) {
    const pair = isMap(at) ? at.items.find((each) => isScalar(each.key) && each.key.value === name) : undefined;
    if (pair === undefined || isAlias(pair.value)) return undefined;
    key = pair.key as Scalar;
    at = pair.value;
  }
  return key;
}

/** The tags that a text has, for each kind of node that they can stand before. */
function tagsOf(text: string): (ScalarTag | CollectionTag)[] {
  const names = new Set([...text.matchAll(/!([A-Za-z][\w:]*)/g)].map(([, name]) => name!));
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
