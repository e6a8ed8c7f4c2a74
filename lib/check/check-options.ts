import { show } from '../errors/show';
import type { CheckOptions } from './check';
import { rules } from './rules';

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const areTextsByName = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText);
const isHandler = (value: unknown): boolean => isText(value) && /[^#]#[^#]/.test(value as string);
const areHandlers = (value: unknown): boolean =>
  areTextsByName(value) && Object.values(value as object).every(isHandler);

/** What each option is to be, and how one tells. */
const expected: Readonly<Record<keyof CheckOptions, readonly [what: string, is: (value: unknown) => boolean]>> = {
  templates: ['paths, as [path, ...]', areTexts],
  deployed: ['the name or the ARN of a function', isText],
  handlers: ["{ FunctionId: 'file#export' }", areHandlers],
  code: ["{ FunctionId: 'folder' }", areTextsByName],
  load: ['true or false', isFlag],
  ignore: ['ids of rules, as [id, ...]', areTexts],
  hints: ['true or false', isFlag],
};

/** @throws TypeError where an option is not what it should be */
export function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`check: expected options such as { templates: ['template.yaml'] }, received ${show(options)}.`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(expected, name)) {
      throw new TypeError(`check: unknown option ${name}; there are ${Object.keys(expected).join(', ')}.`);
    }
    const [what, is] = expected[name as keyof CheckOptions];
    if (value !== undefined && !is(value)) {
      throw new TypeError(`check: expected ${name} to be ${what}, received ${show(value)}.`);
    }
  }
  const { templates = [], deployed, ignore = [] } = options as CheckOptions;
  if (templates.length === 0 && deployed === undefined) {
    throw new TypeError('check: expected templates, or the name of what is deployed, received neither.');
  }
  checkRules(ignore);
}

/** @throws TypeError where one of them is the id of no rule: a typing error would ignore nothing */
export function checkRules(ignore: readonly string[]): void {
  const unknown = ignore.find((id) => !rules.some((rule) => rule.id === id));
  if (unknown === undefined) return;
  throw new TypeError(
    `check: expected the id of a rule to ignore, received ${show(unknown)}; there are ${rules.map(({ id }) => id).join(', ')}.`,
  );
}
