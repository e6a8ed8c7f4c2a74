import type { Choose } from './choices';
import { evaluate, type Scope, textOf, type Value } from './evaluate';
import { entriesOf, isObject, type Json, type JsonObject, orNone } from './json';
import { isKnown } from './tokens';

/** What has been settled of values that are not known: `Region` cannot be one thing here and another there. */
export class Settled {
  readonly #choose: Choose;
  readonly #is = new Map<string, string>();
  readonly #isNot = new Map<string, Set<string>>();

  constructor(choose: Choose) {
    this.#choose = choose;
  }

  /** Whether a condition holds of which nothing is known. */
  holds(key: string): boolean {
    return this.#choose(key, 2) === 1;
  }

  /** Whether a value that is not known is this text. */
  is(value: string, text: string): boolean {
    const known = this.#is.get(value);
    if (known !== undefined) return known === text;
    if (this.#isNot.get(value)?.has(text)) return false;
    if (!this.holds(JSON.stringify([value, text]))) return this.isNot(value, text);
    this.#is.set(value, text);
    return true;
  }

  isNot(value: string, text: string): false {
    this.#isNot.set(value, (this.#isNot.get(value) ?? new Set()).add(text));
    return false;
  }
}

/** Whether an expression of `Conditions` holds; the same expression has the same answer. */
export function holds(expression: Json, scope: Scope, settled: Settled): boolean {
  const [name, argument] = isObject(expression) ? (Object.entries(expression)[0] ?? []) : [];
  const list = Array.isArray(argument) ? argument : [];
  const each = (one: Json): boolean => holds(one, scope, settled);
  switch (name) {
    case 'Condition':
      return scope.holds(expression);
    case 'Fn::And':
      return list.every(each);
    case 'Fn::Or':
      return list.some(each);
    case 'Fn::Not':
      return !list.every(each);
    case 'Fn::Equals':
      return areEqual(evaluated(list[0], scope), evaluated(list[1], scope), scope, settled);
    default:
      return settled.holds(scope.unknown(expression));
  }
}

const evaluated = (value: Json | undefined, scope: Scope): Value =>
  value === undefined ? undefined : evaluate(value, scope);

function areEqual(one: Value, other: Value, scope: Scope, settled: Settled): boolean {
  const [first, second] = [one, other].map((each) => textOf(each) ?? scope.unknown(each ?? null)) as [string, string];
  if (first === second) return true;
  const [known, value] = isKnown(first) ? [first, second] : [second, first];
  if (!isKnown(known)) return settled.holds(JSON.stringify([first, second].sort()));
  return !isKnown(value) && settled.is(value, known);
}

/** The texts that each parameter is compared with: those that `Fn::Equals` names, and the keys of maps that it looks up. */
export function comparedWith(body: JsonObject): Map<string, Set<string>> {
  const compared = new Map<string, Set<string>>();
  const add = (side: Json | undefined, texts: readonly string[]): void => {
    const name = isObject(side) ? side.Ref : undefined;
    if (typeof name !== 'string' || texts.length === 0) return;
    const known = compared.get(name) ?? new Set();
    for (const text of texts) known.add(text);
    compared.set(name, known);
  };
  const { Mappings: maps, Conditions = null } = body;
  // Only conditions compare; what looks up a map is anywhere.
  walk(maps === undefined ? Conditions : body, (name, argument) => {
    if (!Array.isArray(argument)) return;
    const [first, second] = argument;
    if (name === 'Fn::Equals') {
      add(first, orNone(textOf(second)));
      add(second, orNone(textOf(first)));
    } else if (name === 'Fn::FindInMap' && typeof first === 'string' && isObject(maps)) {
      add(
        second,
        entriesOf(maps[first]).map(([key]) => key),
      );
    }
  });
  return compared;
}

/** Calls back for every member of every object in a value, once for what anchors have put into several places. */
export function walk(value: Json, visit: (name: string, value: Json) => void, seen = new Set<Json>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (Array.isArray(value)) {
    for (const each of value) walk(each, visit, seen);
    return;
  }
  for (const name of Object.keys(value)) {
    visit(name, value[name]!);
    walk(value[name]!, visit, seen);
  }
}
