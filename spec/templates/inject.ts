import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import '../check/link/built-scripts';
import { type Finding, findingsOf } from '../../lib/check/findings';
import { handlerKeyOf, linkHandlers } from '../../lib/check/link';
import type { Handler, Infrastructure, LambdaFunction } from '../../lib/check/model';
import { readInfrastructure } from '../../lib/check/read';
import { breaches } from './breaches';
import { type Setup, setupOf } from './breaches/setup';
import { deploymentOf, type FunctionProperties, type Resource, type Template } from './deployment';
import { type Synthesised, work } from './synthesise';

/** A fault that was put into a template. */
export interface Injected {
  readonly rule: string;
  readonly tool: Synthesised['tool'];
  readonly name: string;
  /** Whether it was there before, and after. */
  readonly before: boolean;
  readonly found: boolean;
  /** Rules that were not broken before, and need not be. */
  readonly falseAlarms: readonly string[];
}

/** All that is found in a template as it is, handlers loaded. */
export async function findingsIn({ tool, file, template, code }: Synthesised): Promise<Finding[]> {
  // CDK says where the code is, and for SAM `sam build` would.
  const [module, exported] = handlerNameOf(template).split('.') as [string, string];
  const built = functionsIn(template).map(([id]) => [id, `${join(code, module)}.js#${exported}`] as const);
  const handlers = tool === 'SAM' ? new Map(built) : undefined;
  const infrastructures = readInfrastructure([file], { handlers });
  const known = await linkHandlers(functionsOf(infrastructures), { handlers, load: true });
  return findingsOf(infrastructures, known, { ignore: [], hints: true });
}

/** Puts the fault of a rule into a template that can have it; undefined where it cannot. */
export async function inject(rule: string, synthesised: Synthesised): Promise<Injected | undefined> {
  const { of, breach, mend, also = [] } = breaches[rule]!;
  const { tool, name } = synthesised;
  if (!of(deploymentOf(synthesised.template))) return undefined;
  const before = await brokenIn(synthesised, (setup) => mend?.(setup));
  const after = await brokenIn(synthesised, (setup) => {
    mend?.(setup);
    breach(setup);
  });
  return {
    rule,
    tool,
    name,
    before: before.has(rule),
    found: after.has(rule),
    falseAlarms: [...after].filter((other) => other !== rule && !before.has(other) && !also.includes(other)),
  };
}

const linked = new Map<string, Promise<Handler>>();

/** The rules that are broken in a changed copy of a template. */
async function brokenIn({ template, code }: Synthesised, change: (setup: Setup) => void): Promise<Set<string>> {
  const copy = structuredClone(template);
  const handler = structuredClone(await handlerOf(template, code));
  if (handler.kind !== 'ours') throw new Error('Expected a handler of this library.');
  change(setupOf(copy, handler.entries[0]!));
  const infrastructures = written(copy, code);
  const isSameHandler = handlerNameOf(template) === handlerNameOf(copy);
  const known = isSameHandler ? handler : await handlerOf(copy, code);
  const handlers = new Map(functionsOf(infrastructures).map((fn) => [handlerKeyOf(fn), known]));
  return new Set(findingsOf(infrastructures, handlers, { ignore: [], hints: true }).map(({ rule }) => rule));
}

/** What is known of the handler of a template, once it was loaded. */
function handlerOf(template: Template, code: string): Promise<Handler> {
  const key = `${code} ${handlerNameOf(template)}`;
  const handler = linked.get(key) ?? linkHandlers(functionsOf(written(template, code)), { load: true }).then(only);
  linked.set(key, handler);
  return handler;
}

const only = (handlers: ReadonlyMap<string, Handler>): Handler => [...handlers.values()][0]!;

/** What is read of a template that is written to a file first, which says where the code is in the way of CDK. */
function written(template: Template, code: string): readonly Infrastructure[] {
  const file = join(work, 'changed.template.json');
  const copy = structuredClone(template);
  for (const [, fn] of functionsIn(copy)) Object.assign(fn, { Metadata: { 'aws:asset:path': code } });
  writeFileSync(file, JSON.stringify(copy));
  return readInfrastructure([file]);
}

function functionsOf(infrastructures: readonly Infrastructure[]): LambdaFunction[] {
  return infrastructures.flatMap(({ mappings }) => mappings.flatMap((mapping) => mapping.function ?? []));
}

function functionsIn({ Resources }: Template): [id: string, fn: Resource][] {
  return Object.entries(Resources).filter(([, { Type }]) => /^AWS::(Serverless|Lambda)::Function$/.test(Type));
}

function handlerNameOf(template: Template): string {
  return (functionsIn(template)[0]![1].Properties as FunctionProperties).Handler;
}
