import { parseArgs, type ParseArgsConfig } from 'node:util';

import { BatchProcessingError } from '../errors';
import { check, type CheckResult } from './check';
import { permissions } from './deployed';
import { type Look, reportOf } from './report';

/** What the command writes to, as `process` has them. */
export interface Streams {
  readonly stdout: Output;
  readonly stderr: Output;
}

interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  hasColors?(): boolean;
}

const help = `Usage: lambda-batch-handler check <what ...> [options]

Looks for what loses records around a batch handler. <what> is
  template.yaml                  of AWS SAM or CloudFormation, YAML or JSON
  cdk.out                        a cloud assembly of AWS CDK, after cdk synth
  .serverless/cloudformation-template-update-stack.json
                                 of the Serverless Framework

  --deployed <function>          what runs, by the AWS SDK; needs
${permissions.map((permission) => `                                 ${permission}`).join('\n')}
  --handler <Id=file#export>     where the built handler of a function is
  --code <Id=folder>             where its code is, if it is not of this library
  --no-load                      do not load handlers to read their options
  --fail-on <error|warning>      what makes the exit code 1; default: error
  --ignore <rule,...>            rules that are not asked
  --hints                        show hints, too
  --json                         { mappings, findings, notes }, for programs
  --help

Built handlers are loaded, which runs the code of their modules: in a process
of its own, without network, and with nothing of your environment but PATH.

Exit code: 0 nothing found at --fail-on or above, 1 findings, 2 nothing checked.
`;

const options = {
  deployed: { type: 'string' },
  handler: { type: 'string', multiple: true },
  code: { type: 'string', multiple: true },
  'no-load': { type: 'boolean' },
  'fail-on': { type: 'string', default: 'error' },
  ignore: { type: 'string', multiple: true },
  hints: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

/** Runs the command with its arguments, and gives its exit code. */
export async function run(args: readonly string[], { stdout, stderr }: Streams): Promise<0 | 1 | 2> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [command, ...templates] = positionals;
    if (values.help === true) {
      stdout.write(help);
      return 0;
    }
    if (command !== 'check') throw new TypeError(`expected the command check, received ${command ?? 'none'}`);
    const failing = failingAt(values['fail-on']);
    const result = await check({
      templates,
      ...(values.deployed === undefined ? {} : { deployed: values.deployed }),
      handlers: byId('handler', values.handler),
      code: byId('code', values.code),
      load: values['no-load'] !== true,
      ignore: (values.ignore ?? []).flatMap((ids) => ids.split(',')),
      hints: values.hints === true,
    });
    stdout.write(`${values.json === true ? asJson(result) : reportOf(result, lookOf(stdout))}\n`);
    return result.findings.some(({ severity }) => failing.includes(severity)) ? 1 : 0;
  } catch (error) {
    stderr.write(`lambda-batch-handler: ${told(error)}\n`);
    return 2;
  }
}

/** @throws TypeError where it is no severity that an exit code can have */
function failingAt(severity: string): string[] {
  if (severity === 'error') return ['error'];
  if (severity === 'warning') return ['error', 'warning'];
  throw new TypeError(`expected --fail-on to be error or warning, received ${severity}`);
}

/** @throws TypeError where an argument is not `Id=text` */
function byId(option: string, values: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf('=');
      if (at > 0) return [value.slice(0, at), value.slice(at + 1)];
      throw new TypeError(`expected --${option} to be <Id=...>, received ${value}`);
    }),
  );
}

/** What is not known is null there: a program can rely on every key. */
function asJson(result: CheckResult): string {
  return JSON.stringify(result, (_key, value: unknown) => value ?? null, 2);
}

function lookOf(output: Output): Look {
  const { isTTY = false, columns = 80 } = output;
  return { colours: isTTY && output.hasColors?.() === true, width: Math.max(40, Math.min(columns, 80)) };
}

/** What is wrong with the usage, or with what was to be checked, in a line; of anything else also where it was. */
function told(error: unknown): string {
  if (error instanceof BatchProcessingError) return error.message;
  if (error instanceof TypeError) return `${error.message.replace(/\.$/, '')}. See lambda-batch-handler --help`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
