import path from 'node:path';

import { isFile } from '../files';
import { assetsBeside, type Assets } from './assets';
import type { Source } from './cloud-assembly';
import { comparedWith, walk } from './conditions';
import { readTemplate, type TemplateDocument } from './document';
import { withGlobals } from './globals';
import { entriesOf, isObject, type Json, orNone, property, textIn } from './json';

/** What is known of a template however often it is deployed. */
interface Template {
  readonly document: TemplateDocument;
  readonly resources: ReadonlyMap<string, Declared>;
  /** The texts that each parameter is compared with. */
  readonly compared: ReadonlyMap<string, ReadonlySet<string>>;
  /** What stands where failures are sent to. */
  readonly failureTargets: readonly Json[];
}

/** A template as it is deployed once: as a stack of its own, or nested in another. */
export interface Stack extends Template {
  /** Tells it from the others. */
  readonly key: string;
  readonly name: string | undefined;
  readonly parent: { readonly stack: Stack; readonly id: string } | undefined;
  readonly nested: ReadonlyMap<string, Stack>;
  readonly assets: Assets;
}

/** A resource as a template declares it. */
export interface Declared {
  readonly type: string;
  readonly properties: Json | undefined;
  readonly metadata: Json | undefined;
  readonly condition: string | undefined;
}

/** Of resources in all stacks, beyond which no more of what is nested is read: a stack has 500 at the most. */
const MOST_RESOURCES = 50_000;

/**
 * Reads the templates of stacks, with those that are nested in them. What is nested is not read by itself as well.
 *
 * @throws UnreadableError where one cannot be read
 */
export function readStacks(sources: readonly Source[]): Stack[] {
  const reading = new Reading();
  const roots = sources.map((source) => reading.stack(source, undefined));
  return roots.filter(({ document }) => !reading.nested.has(path.resolve(document.file))).flatMap(withNested);
}

function withNested(stack: Stack): Stack[] {
  return [stack, ...[...stack.nested.values()].flatMap(withNested)];
}

class Reading {
  /** The files of nested stacks. */
  readonly nested = new Set<string>();
  readonly #templates = new Map<string, Template>();
  #resources = 0;

  stack({ file, name }: Source, parent: Stack['parent']): Stack {
    const template = this.#template(file, name !== undefined);
    const nested = new Map<string, Stack>();
    const compared = new Map(template.compared);
    const stack: Stack = {
      ...template,
      key: parent === undefined ? file : `${parent.stack.key}#${parent.id}`,
      name,
      parent,
      nested,
      assets: parent?.stack.assets ?? assetsBeside(file),
      compared,
    };
    this.#resources += stack.resources.size;
    for (const [id, declared] of stack.resources) {
      const nestedFile = nestedFileOf(declared, stack);
      if (nestedFile === undefined || this.#resources >= MOST_RESOURCES || isWithin(nestedFile, stack)) continue;
      this.nested.add(path.resolve(nestedFile));
      const child = this.stack({ file: nestedFile, name: undefined }, { stack, id });
      nested.set(id, child);
      for (const [name, texts] of comparedByChild(child, declared)) {
        compared.set(name, new Set([...(compared.get(name) ?? []), ...texts]));
      }
    }
    return stack;
  }

  #template(file: string, isStack: boolean): Template {
    const template = this.#templates.get(file) ?? templateOf(readTemplate(file, isStack));
    this.#templates.set(file, template);
    return template;
  }
}

function templateOf(document: TemplateDocument): Template {
  const resources = resourcesOf(document);
  return { document, resources, compared: comparedWith(document.body), failureTargets: failureTargetsOf(resources) };
}

/** The parameters that a nested stack is handed, with what it compares them with. */
function comparedByChild({ compared }: Stack, { properties }: Declared): [name: string, texts: ReadonlySet<string>][] {
  return [...compared].flatMap(([name, texts]) => {
    const from = textIn(properties, 'Parameters', name, 'Ref');
    return from === undefined ? [] : [[from, texts]];
  });
}

function resourcesOf({ body }: TemplateDocument): Map<string, Declared> {
  const resources = new Map<string, Declared>();
  for (const [id, resource] of entriesOf(body.Resources)) {
    const type = textIn(resource, 'Type');
    if (type === undefined) continue;
    const properties = property(resource, 'Properties');
    resources.set(id, {
      type,
      properties: type === 'AWS::Serverless::Function' ? withGlobals(properties, body) : properties,
      metadata: property(resource, 'Metadata'),
      condition: textIn(resource, 'Condition'),
    });
  }
  return resources;
}

/** Where the properties of all kinds of resources say what failures go to. */
const failureProperties = ['RedrivePolicy', 'DeadLetterConfig', 'DeadLetterQueue', 'DeadLetterArn', 'OnFailure'];

function failureTargetsOf(resources: ReadonlyMap<string, Declared>): Json[] {
  const targets: Json[] = [];
  const all = [...resources.values()].flatMap(({ properties }) => orNone(properties));
  walk(all, (name, value) => {
    if (failureProperties.includes(name)) targets.push(value);
  });
  return targets;
}

/** The template of a nested stack, where it is on this machine. */
function nestedFileOf({ type, properties, metadata }: Declared, stack: Stack): string | undefined {
  if (type !== 'AWS::CloudFormation::Stack' && type !== 'AWS::Serverless::Application') return undefined;
  const location = property(properties, type === 'AWS::CloudFormation::Stack' ? 'TemplateURL' : 'Location');
  const written = textIn(metadata, 'aws:asset:path') ?? (typeof location === 'string' ? location : undefined);
  const file = written ?? (isObject(location) ? stack.assets.named(JSON.stringify(location)) : undefined);
  if (file === undefined) return undefined;
  const full = path.isAbsolute(file) ? file : path.join(path.dirname(stack.document.file), file);
  return isFile(full) ? full : undefined;
}

/** Whether a template is that of a stack, or of one that it is nested in: deployed, that would never end. */
function isWithin(file: string, stack: Stack): boolean {
  for (let at: Stack | undefined = stack; at !== undefined; at = at.parent?.stack) {
    if (path.resolve(at.document.file) === path.resolve(file)) return true;
  }
  return false;
}
