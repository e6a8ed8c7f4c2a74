/** Runs the samples on their events, and prints what happened to each record and what Lambda will do with it. */
import { parseArgs } from 'node:util';

import { loadSample, type SampleName, sampleNames } from './support/load';
import { collectOutput } from './support/output';
import { describeResult } from './support/print';
import { runSample } from './support/run-sample';

const help = `Usage: npm start -- [--sample NAME] [--verbose]

Runs the samples on their events, and checks their answers.

  --sample NAME  run this sample alone
  --verbose      print also what the samples log
  --help         print this

Samples: ${sampleNames.join(', ')}`;

async function main(args: string[]): Promise<number> {
  const { sample, verbose, help: wantsHelp } = parse(args);
  if (wantsHelp) {
    console.log(help);
    return 0;
  }
  const names = sample === undefined ? sampleNames : [checkName(sample)];
  const failed: SampleName[] = [];
  for (const name of names) {
    const { result, output } = await collectOutput(() => runSample(loadSample(name)));
    if (result.difference !== undefined) failed.push(name);
    console.log(`${describeResult(result)}\n`);
    if (verbose && output !== '') console.log(output);
  }
  console.log(summary(names.length, failed));
  return failed.length === 0 ? 0 : 1;
}

function parse(args: string[]) {
  const options = {
    sample: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    // The first sentence says what is wrong; the others are about parseArgs.
    throw new UsageError(`${(error as Error).message.split('. ')[0]!.replace(/\.$/, '')}; try --help.`);
  }
}

function checkName(name: string): SampleName {
  const found = sampleNames.find((known) => known === name);
  if (found === undefined) throw new UsageError(`There is no sample '${name}'; there are: ${sampleNames.join(', ')}.`);
  return found;
}

function summary(count: number, failed: readonly SampleName[]): string {
  return failed.length === 0
    ? `${count} of ${count} samples gave the expected answer.`
    : `${failed.length} of ${count} samples did not give the expected answer: ${failed.join(', ')}.`;
}

class UsageError extends Error {}

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.exitCode = 1;
    console.error(error instanceof UsageError ? error.message : error);
  },
);
