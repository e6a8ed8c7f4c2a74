import { loadSample, type SampleName } from './load';
import { collectOutput } from './output';
import { describeResult } from './print';
import { runSample } from './run-sample';

/** Runs samples on their events, prints what came of each record, and tells whether all answers were the expected ones. */
export async function runSamples(names: readonly SampleName[], verbose: boolean): Promise<boolean> {
  const failed: SampleName[] = [];
  for (const name of names) {
    const { result, output } = await collectOutput(() => runSample(loadSample(name)));
    if (result.difference !== undefined) failed.push(name);
    console.log(`${describeResult(result)}\n`);
    if (verbose && output !== '') console.log(output);
  }
  console.log(summary(names.length, failed));
  return failed.length === 0;
}

function summary(count: number, failed: readonly SampleName[]): string {
  return failed.length === 0
    ? `${count} of ${count} samples gave the expected answer.`
    : `${failed.length} of ${count} samples did not give the expected answer: ${failed.join(', ')}.`;
}
