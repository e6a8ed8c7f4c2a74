import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

import { assetsBeside, type Assets } from './assets';
import { comparedWith, walk } from './conditions';
import { readTemplate, type TemplateDocument } from './document';
import { withGlobals } from './globals';
import { entriesOf, isObject, type Json, property, textIn } from './json';
import type { Source } from './source';

/** A template as it is deployed once: as a stack of its own, or nested in another. */
export interface Stack {
  /** Tells it from the others. */
  readonly key: string;
  readonly name: string | undefined;
  readonly document: TemplateDocument;
  readonly resources: ReadonlyMap<string, Declared>;
  readonly parent: { readonly stack: Stack; readonly id: string } | undefined;
  readonly nested: ReadonlyMap<string, Stack>;
  readonly assets: Assets;
  /** The texts that each parameter is compared with. */
  readonly compared: ReadonlyMap<string, ReadonlySet<string>>;
  /** What stands where failures are sent to. */
  readonly failureTargets: readonly Json[];
}

/** A resource as a template declares it. */
export interface Declared {
  readonly type: string;
  readonly properties: Json | undefined;
  readonly metadata: Json | undefined;
  readonly condition: string | undefined;
}

/** The most stacks of which one account can have, without asking AWS for more. */
const MOST_STACKS = 2_000;

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
  readonly #documents = new Map<string, TemplateDocument>();
  #stacks = 0;

  stack({ file, name }: Source, parent: Stack['parent']): Stack {
    this.#stacks++;
    const document = this.#document(file, name !== undefined);
    const nested = new Map<string, Stack>();
    const stack: Stack = {
      key: parent === undefined ? file : `${parent.stack.key}#${parent.id}`,
      name,
      document,
      resources: resourcesOf(document),
      parent,
      nested,
      assets: parent?.stack.assets ?? assetsBeside(file),
      compared: comparedWith(document.body),
      failureTargets: failureTargetsOf(document),
    };
    for (const [id, declared] of stack.resources) {
      const nestedFile = nestedFileOf(declared, stack);
      if (nestedFile === undefined || this.#stacks >= MOST_STACKS || isWithin(nestedFile, stack)) continue;
      this.nested.add(path.resolve(nestedFile));
      nested.set(id, this.stack({ file: nestedFile, name: undefined }, { stack, id }));
    }
    return stack;
  }

  #document(file: string, isStack: boolean): TemplateDocument {
    const document = this.#documents.get(file) ?? readTemplate(file, isStack);
    this.#documents.set(file, document);
    return document;
  }
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
const failureProperties = ['deadLetterTargetArn', 'DeadLetterConfig', 'DeadLetterQueue', 'DeadLetterArn', 'OnFailure'];

function failureTargetsOf({ body }: TemplateDocument): Json[] {
  const targets: Json[] = [];
  walk(body.Resources!, (name, value) => {
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
  return existsSync(full) && statSync(full).isFile() ? full : undefined;
}

/** Whether a template is that of a stack, or of one that it is nested in: deployed, that would never end. */
function isWithin(file: string, stack: Stack): boolean {
  for (let at: Stack | undefined = stack; at !== undefined; at = at.parent?.stack) {
    if (path.resolve(at.document.file) === path.resolve(file)) return true;
  }
  return false;
}
