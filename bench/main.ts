/** Measures the package as it is published, side by side with others. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { ask } from './ask';
import { chartOf } from './chart';
import { type Budget, type Verdict, verdictsOf } from './check';
import { questions } from './questions';
import type { Measurement } from './statistics';
import { tableOf, verdictsTable } from './table';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      json: { type: 'string' },
      check: { type: 'boolean', default: false },
      chart: { type: 'boolean', default: false },
      budgets: { type: 'string' },
    },
  });
  const names = values.only ?? Object.keys(questions);
  for (const name of names) {
    if (!Object.hasOwn(questions, name)) {
      throw new RangeError(`There is no question '${name}'; there are: ${Object.keys(questions).join(', ')}.`);
    }
  }
  const budgets = JSON.parse(readFileSync(values.budgets!, 'utf8')) as Budget[];
  const results: Record<string, Measurement[]> = {};
  const verdicts: Verdict[] = [];
  for (const [index, name] of names.entries()) {
    const measurements = await ask(name, (at) => {
      progress(`${index + 1} of ${names.length}: ${name}, ${at}`);
    });
    progress('');
    results[name] = measurements;
    verdicts.push(...verdictsOf(name, measurements, budgets));
    console.log(`${tableOf(questions[name]!, measurements)}\n`);
  }
  console.log(verdictsTable(verdicts));
  if (values.chart) draw(results);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, null, 2));
  return values.check && verdicts.some(({ isMet }) => !isMet) ? 1 : 0;
}

/** Into the documentation, where the questions are compared with something. */
function draw(results: Readonly<Record<string, readonly Measurement[]>>): void {
  const directory = join(__dirname, '../../docs/benchmarks');
  mkdirSync(directory, { recursive: true });
  for (const [name, measurements] of Object.entries(results)) {
    const question = questions[name]!;
    if (question.against.length === 0) continue;
    writeFileSync(join(directory, `${name}.svg`), `${chartOf(question, measurements)}\n`);
  }
}

function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.exitCode = 1;
    console.error(error instanceof Error ? error.message : error);
  },
);
