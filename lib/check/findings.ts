import { firstOfEach, grouped } from './grouped';
import { handlerKeyOf } from './link';
import type { Breach, Handler, Infrastructure, Mapping, Resource, Severity } from './model';
import { rules } from './rules';

/** One thing that is wrong around a handler. */
export interface Finding {
  /** The id of the rule, by which it can be ignored. */
  readonly rule: string;
  /**
   * `error` where records are lost or refused, or AWS rejects the setting; `warning` where records are lost or held up under
   * load; `hint` where AWS advises something else.
   */
  readonly severity: Severity;
  /** What happens to records. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  /** The page that says so. */
  readonly source: string;
  /** The template; undefined for what is deployed. */
  readonly file: string | undefined;
  /** From 1; undefined for what is deployed. */
  readonly line: number | undefined;
  /** The logical id, or name, of what is to be mended: the mapping, its queue or its function. */
  readonly resource: string;
  /** The logical id, or the UUID, of the event source mapping. */
  readonly mapping: string;
  /** The logical id, or the name, of its function; undefined where it is not known. */
  readonly function: string | undefined;
  /** The logical id, or the name, of its queue; undefined where it has none, or that is not known. */
  readonly queue: string | undefined;
}

/** Which findings there are to be. */
export interface Wanted {
  /** Ids of rules that are not asked. */
  readonly ignore: readonly string[];
  /** Whether hints are wanted. */
  readonly hints: boolean;
}

/** What all rules find, each once: conditions of templates give several infrastructures that differ in little. */
export function findingsOf(
  infrastructures: readonly Infrastructure[],
  handlers: ReadonlyMap<string, Handler>,
  wanted: Wanted,
): Finding[] {
  const all = infrastructures.flatMap((infrastructure) => [...allFindings(infrastructure, handlers, wanted)]);
  return firstOfEach(all, ({ rule, file, resource, message }) => JSON.stringify([rule, file, resource, message]));
}

function* allFindings(
  { mappings, others = [] }: Infrastructure,
  handlers: ReadonlyMap<string, Handler>,
  { ignore, hints }: Wanted,
): Iterable<Finding> {
  const sharing = sharingOf([...mappings, ...others]);
  for (const mapping of mappings) {
    const around = { mappings: sharing(mapping), handler: handlerOf(mapping, handlers) };
    for (const rule of rules) {
      const { id, source } = rule;
      const breach = ignore.includes(id) ? undefined : rule.check(mapping, around);
      if (breach === undefined || (breach.severity === 'hint' && !hints)) continue;
      if (involved(mapping, breach).some(({ ignored }) => ignored.includes(id))) continue;
      yield findingOf(id, source, mapping, breach);
    }
  }
}

/** Gives those of some mappings that have the same source as one of them. */
export function sharingOf(mappings: readonly Mapping[]): (mapping: Mapping) => readonly Mapping[] {
  const sources = grouped(mappings, ({ sourceKey }) => sourceKey);
  return ({ sourceKey }) => (sourceKey === undefined ? [] : sources.get(sourceKey)!);
}

/** What is known of the handler behind a mapping. */
export function handlerOf({ function: fn }: Mapping, handlers: ReadonlyMap<string, Handler>): Handler {
  return (fn && handlers.get(handlerKeyOf(fn))) ?? { kind: 'unknown' };
}

function involved(mapping: Mapping, { at }: Breach): Resource[] {
  return [mapping, mapping.function, mapping.queue, at].filter((each) => each !== undefined);
}

function findingOf(rule: string, source: string, mapping: Mapping, breach: Breach): Finding {
  const { severity, message, fix, at = mapping } = breach;
  return {
    rule,
    severity,
    message,
    fix,
    source,
    file: at.file,
    line: at.line,
    resource: at.id,
    mapping: mapping.id,
    function: mapping.function?.id,
    queue: mapping.queue?.id,
  };
}
