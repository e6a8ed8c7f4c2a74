import { show } from '../errors/show';
import { isFolder } from './files';
import { isObject } from './read/json';
import { rules } from './rules';

/** Options of `check`. */
export interface CheckOptions {
  /**
   * Paths of templates of AWS SAM and CloudFormation (YAML or JSON), of a cloud assembly of AWS CDK (`cdk.out`), and of what
   * the Serverless Framework compiles (`.serverless/cloudformation-template-update-stack.json`). Default: none.
   */
  readonly templates?: readonly string[];
  /**
   * The name or ARN of a function that is deployed, which is looked up by the AWS SDK: needs `@aws-sdk/client-lambda`,
   * `@aws-sdk/client-sqs`, credentials and a region. Default: none.
   */
  readonly deployed?: string;
  /** Where the built handler of a function is, by the logical id of the function: `file#export`. */
  readonly handlers?: Readonly<Record<string, string>>;
  /** The folder with the code of a function, by its logical id, to look for the word `batchItemFailures`. */
  readonly code?: Readonly<Record<string, string>>;
  /** Whether built handlers are loaded, each in a process of its own, to read their options. Default: true. */
  readonly load?: boolean;
  /** Ids of rules that are not asked. Default: none. */
  readonly ignore?: readonly string[];
  /** Whether hints are among the findings. Default: false. */
  readonly hints?: boolean;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const areTextsByName = (value: unknown): boolean => isObject(value) && Object.values(value).every(isText);
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

/** @throws TypeError for what is said of a function that no mapping calls, or of a folder that is none: it would change nothing */
export function checkFunctions({ handlers = {}, code = {} }: CheckOptions, functions: ReadonlySet<string>): void {
  for (const [name, of] of Object.entries({ handlers, code })) {
    const unknown = Object.keys(of).find((id) => !functions.has(id));
    if (unknown === undefined) continue;
    throw new TypeError(
      `check: expected ${name} of functions that event source mappings call, received ${show(unknown)}; there are ${[...functions].join(', ')}.`,
    );
  }
  const missing = Object.values(code).find((folder) => !isFolder(folder));
  if (missing !== undefined) throw new TypeError(`check: expected code to be folders, received ${show(missing)}.`);
}

/** @throws TypeError where one of them is the id of no rule: a typing error would ignore nothing */
export function checkRules(ignore: readonly string[]): void {
  const unknown = ignore.find((id) => !rules.some((rule) => rule.id === id));
  if (unknown === undefined) return;
  throw new TypeError(
    `check: expected the id of a rule to ignore, received ${show(unknown)}; there are ${rules.map(({ id }) => id).join(', ')}.`,
  );
}
