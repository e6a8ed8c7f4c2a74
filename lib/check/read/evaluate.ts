import { isObject, type Json, type JsonObject, orNone } from './json';
import { isKnown } from './tokens';

/** What CloudFormation makes of a value; undefined for `AWS::NoValue`. Texts can have tokens. */
export type Value = Json | undefined;

/** What a template says to its intrinsic functions. */
export interface Scope {
  ref(name: string): Value;
  attribute(id: string, name: string): Value;
  holds(condition: Json): boolean;
  /** What a map of the template has; undefined where it has nothing there. */
  mapped(map: string, first: string, second: string): Value;
  /** What another stack exports; undefined where that is not known. */
  imported(name: string): Value;
  /** A text that stands for what is not known. */
  unknown(value: Json): string;
}

/** What an intrinsic function gives; undefined where that is not known. `AWS::NoValue` in a function is not known either. */
type Intrinsic = (argument: Json, scope: Scope) => Value;

/** What CloudFormation makes of a value in a scope. */
export function evaluate(value: Json, scope: Scope): Value {
  if (Array.isArray(value)) return value.flatMap((each) => orNone(evaluate(each, scope)));
  if (!isObject(value)) return value;
  const [name, argument] = Object.entries(value)[0] ?? [];
  if (name === undefined || argument === undefined) return value;
  if (Object.keys(value).length > 1) return withMacro(value) ? scope.unknown(value) : members(value, scope);
  if (name === 'Ref') return typeof argument === 'string' ? scope.ref(argument) : scope.unknown(value);
  if (name === 'Fn::If') return branch(argument, scope, value);
  if (!name.startsWith('Fn::')) return members(value, scope);
  const intrinsic = Object.hasOwn(intrinsics, name) ? intrinsics[name] : undefined;
  return intrinsic?.(argument, scope) ?? scope.unknown(value);
}

/** Whether a macro or a loop adds to an object: then nobody knows what it has. */
export function withMacro(value: JsonObject): boolean {
  return Object.keys(value).some(isMacro);
}

/** Whether what stands under this name is what a macro or a loop adds. */
export function isMacro(name: string): boolean {
  return name === 'Fn::Transform' || name.startsWith('Fn::ForEach::');
}

function members(value: JsonObject, scope: Scope): Json {
  const entries = Object.entries(value).map(([name, each]) => [name, evaluate(each, scope)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function branch(argument: Json, scope: Scope, value: Json): Value {
  const [condition, then, otherwise] = listOf(argument);
  if (condition === undefined || then === undefined || otherwise === undefined) return scope.unknown(value);
  return evaluate(scope.holds({ Condition: condition }) ? then : otherwise, scope);
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  'Fn::GetAtt': (argument, scope) => {
    const [id, ...path] = typeof argument === 'string' ? argument.split('.') : listOf(argument);
    const names = path.map((each) => textOf(evaluate(each, scope)));
    if (typeof id !== 'string' || names.length === 0 || names.includes(undefined)) return undefined;
    return scope.attribute(id, names.join('.'));
  },
  'Fn::Sub': (argument, scope) => {
    const [text, variables] = typeof argument === 'string' ? [argument] : listOf(argument);
    return typeof text === 'string' ? substituted(text, isObject(variables) ? variables : {}, scope) : undefined;
  },
  'Fn::Join': (argument, scope) => {
    const [separator, list] = listOf(argument);
    const parts = listOf(list && evaluate(list, scope)).map(textOf);
    if (typeof separator !== 'string' || parts.length === 0 || parts.includes(undefined)) return undefined;
    return parts.join(separator);
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = listOf(argument).map((each) => textOf(evaluate(each, scope)));
    if (separator === undefined || text === undefined || !isKnown(text)) return undefined;
    return text.split(separator);
  },
  'Fn::Select': (argument, scope) => {
    const [index, list] = listOf(argument).map((each) => evaluate(each, scope));
    return listOf(list)[Number(index)];
  },
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = listOf(argument).map((each) => textOf(evaluate(each, scope)));
    if (map === undefined || first === undefined || second === undefined) return undefined;
    return scope.mapped(map, first, second);
  },
  'Fn::ImportValue': (argument, scope) => {
    const name = textOf(evaluate(argument, scope));
    return name === undefined ? undefined : scope.imported(name);
  },
};

/** Every `${Name}`, `${Name.Attribute}` and `${!Literal}` of a text. */
function substituted(text: string, variables: JsonObject, scope: Scope): string {
  return text.replace(/\$\{([^}]*)\}/g, (whole, inner: string) => {
    const name = inner.trim();
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const value = valueIn(name, variables, scope);
    return value === undefined ? '' : (textOf(value) ?? scope.unknown({ 'Fn::Sub': whole }));
  });
}

function valueIn(name: string, variables: JsonObject, scope: Scope): Value {
  if (Object.hasOwn(variables, name)) return evaluate(variables[name]!, scope);
  const [id, ...path] = name.split('.');
  return path.length === 0 ? scope.ref(name) : scope.attribute(id!, path.join('.'));
}

const listOf = (value: Value): Json[] => (Array.isArray(value) ? value : []);

/** A text as it stands in one; undefined where a value is none. */
export function textOf(value: Value): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? `${value}` : undefined;
}
