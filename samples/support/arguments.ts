import { parseArgs } from 'node:util';

import type { WorkloadOptions } from '../local/workload';
import { type SampleName, sampleNames } from './load';

/** What `npm start` is asked to do. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'samples'; readonly names: readonly SampleName[]; readonly verbose: boolean }
  | { readonly kind: 'container'; readonly workload: Pick<WorkloadOptions, 'messages' | 'groups' | 'seed'> }
  | { readonly kind: 'queues'; readonly workload: WorkloadOptions; readonly verbose: boolean };

export const help = `Usage: npm start -- [--messages N] [--failing SHARE] [--groups N] [--seed N] [--verbose]
       npm start -- --container [--messages N] [--groups N] [--seed N]
       npm start -- --samples | --sample NAME [--verbose]

Starts an SQS and a Kinesis API on this machine and, where kcat is installed, a
Kafka broker, sends messages to a standard queue, a FIFO queue, a stream and a
topic, and has samples handle them, as Lambda would: what fails comes back after
its visibility timeout, or from the checkpoint on, and what always fails ends in
a dead-letter queue. Checks that no message is lost and that order is kept.

  --messages N     how many messages each of them gets, 1 to 10000; default: 500
  --failing SHARE  which share of them fails, 0 to 1: half of these always, a quarter once, a quarter twice;
                   default: 0.02
  --groups N       how many message groups and partition keys there are, 1 to 10000; default: 20
  --seed N         the same seed makes the same messages; default: 1

  --container      have the sample of a container (samples/container) work off a FIFO queue instead, in a process of its own
                   that gets SIGTERM in the middle and is started again; --messages is 1000 then by default

  --samples        run all samples on their recorded events instead, and check their answers
  --sample NAME    run this sample alone
  --verbose        print also what the samples log
  --help           print this

Samples: ${sampleNames.join(', ')}`;

/** Arguments that make no sense, with the line to tell so. */
export class UsageError extends Error {}

interface NumberRule {
  readonly isInteger: boolean;
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

const numbers: Record<keyof WorkloadOptions, NumberRule> = {
  messages: { isInteger: true, min: 1, max: 10_000, default: 500 }, // local-aws-sqs refuses 20,000 in a FIFO queue
  failing: { isInteger: false, min: 0, max: 1, default: 0.02 },
  groups: { isInteger: true, min: 1, max: 10_000, default: 20 },
  seed: { isInteger: true, min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, default: 1 },
};

const options = {
  messages: { type: 'string' },
  failing: { type: 'string' },
  groups: { type: 'string' },
  seed: { type: 'string' },
  container: { type: 'boolean' },
  samples: { type: 'boolean' },
  sample: { type: 'string' },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * @param env where npm puts options that it took for its own
 * @throws UsageError where the arguments make no sense
 */
export function commandOf(args: string[], env: NodeJS.ProcessEnv = process.env): Command {
  const values = parse(args, env);
  if (values.help) return { kind: 'help' };
  const { container, samples, sample, verbose } = values;
  const given = (['container', 'samples', 'sample', 'messages', 'failing', 'groups', 'seed'] as const).filter(
    (name) => name in values,
  );
  const beside = given.filter((name) => !container || !['container', 'messages', 'groups', 'seed'].includes(name));
  if (container ? beside.length > 0 : (samples || sample !== undefined) && given.length > 1) {
    const wrong = container ? ['container', ...beside] : given;
    throw new UsageError(
      `Options that do not go together: ${wrong.map((name) => `--${name}`).join(' and ')}; try --help.`,
    );
  }
  if (samples) return { kind: 'samples', names: sampleNames, verbose };
  if (sample !== undefined) return { kind: 'samples', names: [nameOf(sample)], verbose };
  const numberOf = (name: keyof WorkloadOptions): number => checkNumber(name, values[name]);
  const workload = {
    messages: numberOf('messages'),
    failing: numberOf('failing'),
    groups: numberOf('groups'),
    seed: numberOf('seed'),
  };
  if (container) {
    const { failing: _, ...rest } = workload; // there is no dead-letter queue
    return { kind: 'container', workload: { ...rest, messages: 'messages' in values ? workload.messages : 1_000 } };
  }
  return { kind: 'queues', workload, verbose };
}

function parse(args: string[], env: NodeJS.ProcessEnv) {
  refuseForgottenDashes(args, env);
  try {
    const { values, tokens } = parseArgs({ args: withNegatives(args), options, tokens: true });
    refuseRepeated(tokens.flatMap((token) => (token.kind === 'option' ? token.name : [])));
    return values;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // The first sentence says what is wrong; the others are about parseArgs.
    throw new UsageError(`${(error as Error).message.split(/\.\s/)[0]!.replace(/\.$/, '')}; try --help.`);
  }
}

/** Without `--` before them npm takes options for its own, and they do not get here: `npm start --messages 5`. */
function refuseForgottenDashes(args: readonly string[], env: NodeJS.ProcessEnv): void {
  const [name] = Object.keys(options).filter((each) => env[`npm_config_${each}`] !== undefined);
  if (name === undefined) return;
  const value = env[`npm_config_${name}`] === 'true' ? args[0] : env[`npm_config_${name}`];
  const meant = value === undefined ? `--${name}` : `--${name} ${value}`;
  throw new UsageError(`npm took --${name} for an option of its own: write npm start -- ${meant}; try --help.`);
}

/** A number that begins with `-` belongs to the option before it, where parseArgs sees another option. */
function withNegatives(args: readonly string[]): string[] {
  return args.reduce<string[]>((joined, arg) => {
    const before = joined.at(-1)?.slice(2);
    if (/^-[\d.]/.test(arg) && before !== undefined && before in numbers) joined.push(`${joined.pop()!}=${arg}`);
    else joined.push(arg);
    return joined;
  }, []);
}

function refuseRepeated(names: readonly string[]): void {
  const repeated = names.find((name, at) => names.indexOf(name) < at);
  if (repeated !== undefined) throw new UsageError(`The option --${repeated} is given twice; try --help.`);
}

function nameOf(name: string): SampleName {
  const found = sampleNames.find((known) => known === name);
  if (found === undefined) throw new UsageError(`There is no sample '${name}'; there are: ${sampleNames.join(', ')}.`);
  return found;
}

function checkNumber(name: keyof WorkloadOptions, text: string | undefined): number {
  const { isInteger, min, max, default: otherwise } = numbers[name];
  if (text === undefined) return otherwise;
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= min && value <= max && (!isInteger || Number.isInteger(value))) return value;
  const expected = `${isInteger ? 'an integer' : 'a number'} from ${min} to ${max}`;
  throw new UsageError(`Expected --${name} to be ${expected}, received '${text}'; try --help.`);
}
