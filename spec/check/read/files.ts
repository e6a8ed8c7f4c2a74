import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Infrastructure, LambdaFunction, Mapping, Queue } from '../../../lib/check/model';
import { readInfrastructure } from '../../../lib/check/read';

/** Files by their paths: texts, or what becomes JSON. */
export type Files = Readonly<Record<string, string | object>>;

/** Writes files into a folder of their own, which is gone when the specs around this call have run. */
export function folders(): (files: Files) => string {
  const made: string[] = [];
  after(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return (files) => {
    const folder = mkdtempSync(join(tmpdir(), 'lambda-batch-handler-read-'));
    made.push(folder);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 1));
    }
    return folder;
  };
}

/** What can be read of one template. */
export interface Template {
  /** All that it can be, by its conditions. */
  readonly worlds: readonly Infrastructure[];
  /** The mappings of the first. */
  readonly mappings: readonly Mapping[];
  readonly mapping: Mapping;
  readonly queue: Queue;
  readonly fn: LambdaFunction;
}

/** Reads templates that are written out in specs: YAML, or what becomes JSON. */
export function templates(): (template: string | object) => Template {
  const write = folders();
  return (template) => {
    const worlds = readInfrastructure([join(write({ template }), 'template')]);
    const { mappings } = worlds[0]!;
    // Those that a spec does not ask for need not be there.
    const mapping = mappings[0];
    return { worlds, mappings, mapping, queue: mapping?.queue, fn: mapping?.function } as Template;
  };
}

/** A value of a mapping, a queue or a function in each world, each value once. */
export function each<T>({ worlds }: Template, value: (mapping: Mapping) => T): T[] {
  return [...new Set(worlds.flatMap(({ mappings }) => mappings.map(value)))];
}

/** A template with a mapping of a queue, whose properties are as they are given. */
export function queueTemplate(
  { queue = {}, mapping = {}, fn = {}, more = {} }: Readonly<Record<string, object>>,
  top: object = {},
): object {
  return {
    ...top,
    Resources: {
      Handler: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'index.handler', ...fn } },
      Orders: { Type: 'AWS::SQS::Queue', Properties: queue },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Handler' },
          EventSourceArn: { 'Fn::GetAtt': ['Orders', 'Arn'] },
          ...mapping,
        },
      },
      ...more,
    },
  };
}
