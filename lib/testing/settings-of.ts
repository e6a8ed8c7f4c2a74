import { isDeepStrictEqual } from 'node:util';

import type { Mapping } from '../check/model';
import { readInfrastructure } from '../check/read';
import { show } from '../errors/show';
import { checkOptions, checkString } from './check';
import { settingNames, settingsOfMapping, type SimulationSettings } from './mapping-settings';
import { sourceOfKind } from './settings-kind';

/** Options of `settingsOf`: which mapping is meant, where there are several. */
export interface SettingsOptions {
  /** The logical id of the mapping; of an event of SAM that of the function and of the event. Default: there is only one. */
  readonly mapping?: string;
  /** What its settings are under the conditions that are meant, as far as it tells. Default: they are always the same. */
  readonly where?: Partial<SimulationSettings>;
}

type Name = Extract<keyof SimulationSettings, string>;

/** How many settings an error lists. */
const MOST_LISTED = 8;

/**
 * What a template says of an event source mapping, its queue and its function, as options of `simulateQueue`,
 * `simulateStream` or `simulateKafka`: `simulateQueue({ handler, messages, ...settingsOf('template.yaml', 'OrderHandler') })`.
 * So a spec shows what becomes of records there, as where `ReportBatchItemFailures` has been forgotten. What is written behind
 * it overrides it.
 *
 * What the template leaves open, such as an import, is left to the defaults of the simulation, but for two: whether the mapping
 * has ReportBatchItemFailures is false then, and a visibility timeout that would be shorter than the function's timeout is six
 * times that. A queue without a redrive policy has Infinity for its `maxReceiveCount`, so the simulation needs `maxInvocations`.
 * Filters, batching and tumbling windows, and reserved concurrency, are not simulated.
 *
 * @example
 * ```ts
 * const simulation = await simulateQueue({ handler, messages: ['{}'], ...settingsOf('template.yaml', 'OrderHandler') });
 * ```
 *
 * @param template the path of a template of AWS SAM or CloudFormation, of a cloud assembly of AWS CDK, or of what the Serverless
 * Framework compiles; or several that belong together
 * @param functionId the logical id of the function
 * @throws TypeError where there is no such function or mapping, or there are several, or several settings: it lists them
 * @throws UnreadableError where a template cannot be read
 */
export function settingsOf(
  template: string | readonly string[],
  functionId: string,
  options: SettingsOptions = {},
): SimulationSettings {
  checkOptions('settingsOf', options, ['mapping', 'where']);
  checkString('the logical id of the function', functionId);
  const { mapping: id, where = {} } = options;
  if (id !== undefined) checkString('mapping', id);
  checkOptions('settingsOf: where', where, settingNames);
  const templates = typeof template === 'object' ? template : [template];
  for (const each of templates) checkString('the path of a template', each);
  const all = readInfrastructure(templates).flatMap(({ mappings }) => mappings);
  const own = all.filter((mapping) => mapping.function?.id === functionId);
  if (own.length === 0)
    throw refusal(templates, `a function ${functionId} with an event source mapping`, functionsIn(all));
  const meant = own.filter((mapping) => id === undefined || mapping.id === id);
  if (meant.length === 0) throw refusal(templates, `${functionId} to have the mapping ${id}`, mappingsIn(own));
  if (new Set(meant.map(({ file, id: each }) => `${file}#${each}`)).size > 1) {
    throw refusal(
      templates,
      `${functionId} to have one mapping, or the option mapping to say which`,
      mappingsIn(meant),
    );
  }
  return onlyOne(templates, meant, where);
}

/** @throws TypeError where conditions of the template make settings differ, and it is not said which are meant */
function onlyOne(
  templates: readonly string[],
  mappings: readonly Mapping[],
  where: Partial<SimulationSettings>,
): SimulationSettings {
  const all = distinct(mappings.map(settingsOfMapping));
  const names = Object.keys(where) as Name[];
  const [settings, ...more] = all.filter((each) => names.every((name) => isDeepStrictEqual(each[name], where[name])));
  if (settings !== undefined && more.length === 0) return settings;
  const { id } = mappings[0]!;
  const expected =
    settings === undefined
      ? `${id} to have such settings under some condition as ${show(where)}`
      : `the settings of ${id} to be the same under all conditions, or the option where to say which`;
  throw refusal(templates, expected, listed(settings === undefined ? all : [settings, ...more], names));
}

function distinct(all: readonly SimulationSettings[]): SimulationSettings[] {
  return all.filter((one, index) => all.findIndex((other) => isDeepStrictEqual(one, other)) === index);
}

/** Several settings, each as far as they differ, and by the names that were asked for. */
function listed(all: readonly SimulationSettings[], asked: readonly Name[]): string {
  const [first] = all as [SimulationSettings];
  const names = [...new Set(all.flatMap((each) => Object.keys(each)))] as Name[];
  const differing = names.filter((name) => asked.includes(name) || all.some((each) => each[name] !== first[name]));
  const texts = all
    .slice(0, MOST_LISTED)
    .map((each) => `{ ${differing.map((name) => `${name}: ${String(each[name])}`).join(', ')} }`);
  return [...texts, ...(all.length > MOST_LISTED ? [`${all.length - MOST_LISTED} others`] : [])].join(', ');
}

function functionsIn(all: readonly Mapping[]): string {
  const ids = [...new Set(all.map((mapping) => mapping.function?.id))].filter((id) => id !== undefined);
  return ids.length === 0 ? 'no event source mapping of a function' : ids.join(', ');
}

function mappingsIn(all: readonly Mapping[]): string {
  const texts = all.map(({ id, kind, isKindOpen }) => `${id} (${sourceOfKind(isKindOpen ? undefined : kind)})`);
  return [...new Set(texts)].join(', ');
}

function refusal(templates: readonly string[], expected: string, received: string): TypeError {
  return new TypeError(`settingsOf: in ${templates.join(', ')} expected ${expected}, received ${received}.`);
}
