import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { measurementsOf } from './question';
import { questions } from './questions';
import type { Measurement, Samples } from './statistics';

/** Measures a question: each case in processes of its own, one after another. */
export async function ask(name: string, onProgress: (at: string) => void): Promise<Measurement[]> {
  const question = questions[name]!;
  const parts = new Map<string, Samples[]>();
  // Case by case within a round of processes, so that a busy minute of the machine does not fall on one case alone.
  for (let process = 0; process < question.processes; process++) {
    for (const at of question.at) {
      onProgress(at);
      parts.set(at, [...(parts.get(at) ?? []), await measure(name, at, question.flags)]);
    }
  }
  return measurementsOf(question, parts);
}

async function measure(name: string, at: string, execArgv: readonly string[] = []): Promise<Samples> {
  const child = fork(join(__dirname, 'worker.js'), [name, at], { execArgv: [...execArgv] });
  let samples: Samples | undefined;
  child.on('message', (message) => (samples = message as Samples));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 || samples === undefined) throw new Error(`Measuring ${name} at ${at} has failed (exit ${code}).`);
  return samples;
}
