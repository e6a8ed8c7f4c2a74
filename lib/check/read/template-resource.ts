import type { Resource } from '../model';
import { evaluate, type Value, withMacro } from './evaluate';
import { isObject, type Json, property, textIn } from './json';
import type { Declared, Stack } from './stack';
import type { StackScope } from './stack-scope';

/** What can be asked for its properties. */
export interface Properties {
  /** Undefined where nothing is said. */
  readonly get: (name: string) => Value;
}

/** The properties of a resource or of an event, as far as they are asked for. */
export function propertiesOf(declared: Json | undefined, scope: StackScope): Properties {
  const values = new Map<string, Value>();
  const valueOf = (name: string): Value => {
    if (declared === undefined || declared === null) return undefined;
    if (!isObject(declared)) return scope.unknown(declared);
    if (Object.hasOwn(declared, name)) return evaluate(declared[name]!, scope);
    return withMacro(declared) ? scope.unknown({ [name]: declared }) : undefined;
  };
  return {
    get: (name) => {
      if (!values.has(name)) values.set(name, valueOf(name));
      return values.get(name);
    },
  };
}

/** A resource of a template, under one choice of the conditions. */
export class TemplateResource implements Properties {
  readonly id: string;
  readonly type: string;
  readonly declared: Declared;
  readonly stack: Stack;
  readonly scope: StackScope;
  /** Tells it from all others. */
  readonly key: string;
  readonly get: Properties['get'];

  constructor(id: string, declared: Declared, stack: Stack, scope: StackScope) {
    this.id = id;
    this.type = declared.type;
    this.declared = declared;
    this.stack = stack;
    this.scope = scope;
    this.key = `${stack.key}#${id}`;
    this.get = propertiesOf(declared.properties, scope).get;
  }

  /** What the model says of every resource. */
  described(): Resource {
    const { file } = this.stack.document;
    const { metadata } = this.declared;
    const ignore = property(metadata, 'lambda-batch-handler', 'ignore');
    return {
      id: this.id,
      key: this.key,
      file,
      line: this.stack.document.lineOf(['Resources', this.id]),
      path: textIn(metadata, 'aws:cdk:path'),
      ignored: [ignore].flat().filter((each) => typeof each === 'string'),
    };
  }
}
