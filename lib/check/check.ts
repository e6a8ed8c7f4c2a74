import { clientsFor, readDeployed } from './deployed';
import { type Finding, findingsOf, handlerOf } from './findings';
import { firstOfEach } from './grouped';
import { linkHandlers } from './link';
import { type Handler, type Infrastructure, keyOf, type LambdaFunction, type Mapping, type MappingKind } from './model';
import { NothingCheckedError } from './nothing-checked';
import { readInfrastructure } from './read';
import { checkFunctions, type CheckOptions, checkOptions } from './check-options';

/** What `check` has looked at, and what it has found. */
export interface CheckResult {
  /** Every event source mapping that was checked, in the order of its template. */
  readonly mappings: readonly CheckedMapping[];
  /** What was found, in the order of the mappings, and of the rules in docs/check.md. */
  readonly findings: readonly Finding[];
  /** What could not be looked at, such as a queue that the credentials are not for. */
  readonly notes: readonly string[];
}

/** An event source mapping that was checked. */
export interface CheckedMapping {
  /** Its logical id, or its UUID. */
  readonly mapping: string;
  /** What kind of source it has. */
  readonly kind: MappingKind;
  /** The template; undefined for what is deployed. */
  readonly file: string | undefined;
  /** From 1; undefined for what is deployed. */
  readonly line: number | undefined;
  /** The logical id, or the name, of its function; undefined where it is not known. */
  readonly function: string | undefined;
  /** The logical id, or the name, of its queue; undefined where it has none, or that is not known. */
  readonly queue: string | undefined;
  /** What is known of the handler, in words. */
  readonly handler: string;
}

/**
 * Looks for what loses records around a handler: in its templates, or in what is deployed.
 *
 * Loads built handlers, each in a child process that reaches no network and has nothing of this one's environment but PATH.
 * What templates leave open is never a finding. docs/check.md has the rules.
 *
 * @example
 * ```ts
 * const { findings } = await check({ templates: ['template.yaml'] });
 * console.log(findings.map(({ rule, message }) => `${rule}: ${message}`));
 * ```
 *
 * @throws NothingCheckedError (as a rejection) where something cannot be read, or has no event source mapping
 * @throws TypeError (as a rejection) where an option is not what it should be
 */
export async function check(options: CheckOptions): Promise<CheckResult> {
  checkOptions(options);
  const { templates = [], deployed, load = true } = options;
  const [code, handlers] = [
    new Map(Object.entries(options.code ?? {})),
    new Map(Object.entries(options.handlers ?? {})),
  ];
  const infrastructures = [
    ...(templates.length === 0 ? [] : readInfrastructure(templates, { code, handlers })),
    ...(deployed === undefined ? [] : [await readDeployed(deployed, clientsFor(deployed))]),
  ];
  const functions = functionsOf(infrastructures);
  checkFunctions(options, new Set(functions.map(({ id }) => id)));
  return resultOf(infrastructures, await linkHandlers(functions, { handlers, load }), options);
}

/** The functions of several infrastructures, each once. */
export function functionsOf(infrastructures: readonly Infrastructure[]): LambdaFunction[] {
  const all = infrastructures.flatMap(({ mappings }) => mappings.map((mapping) => mapping.function));
  return [...new Set(all.filter((fn) => fn !== undefined))];
}

/** @throws NothingCheckedError where there is no event source mapping */
export function resultOf(
  infrastructures: readonly Infrastructure[],
  handlers: ReadonlyMap<string, Handler>,
  { ignore = [], hints = false }: Pick<CheckOptions, 'ignore' | 'hints'>,
): CheckResult {
  const all = infrastructures.flatMap((each) => each.mappings);
  const mappings = firstOfEach(all, keyOf);
  if (mappings.length === 0) {
    throw new NothingCheckedError(
      'Expected at least one event source mapping of SQS, Kinesis, DynamoDB Streams or Kafka, found none: nothing was checked.',
    );
  }
  return {
    mappings: mappings.map((mapping) => checkedMapping(mapping, handlerOf(mapping, handlers))),
    findings: findingsOf(infrastructures, handlers, { ignore, hints }),
    notes: [...new Set(infrastructures.flatMap(({ notes = [] }) => notes))],
  };
}

function checkedMapping(mapping: Mapping, handler: Handler): CheckedMapping {
  const { id, kind, file, line, function: fn, queue } = mapping;
  return { mapping: id, kind, file, line, function: fn?.id, queue: queue?.id, handler: inWords(handler) };
}

function inWords(handler: Handler): string {
  switch (handler.kind) {
    case 'ours':
      return handler.entries
        .map(({ source, fifo, order }) =>
          [source, fifo ? 'fifo' : [], order ? `order: ${order}` : []].flat().join(', '),
        )
        .join('; ');
    case 'foreign':
      return `its code ${handler.reports ? 'reports' : 'never reports'} batchItemFailures${because(handler)}`;
    case 'missing':
      return `missing: ${handler.why}`;
    case 'unknown':
      return `unknown${because(handler)}`;
  }
}

const because = ({ note }: { readonly note?: string | undefined }): string => (note === undefined ? '' : `; ${note}`);
