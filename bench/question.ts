import type { Context } from 'aws-lambda';
import { lambdaContext } from 'lambda-batch-handler/testing';

import { type Answer, type Entry, textOf } from './contestants/entry';
import { joined, mapped, type Measurement, type Samples } from './statistics';
import { timeRounds, type Timing, usualTiming } from './timing';

export type Unit = 'ns a record' | 'ms' | 'MB' | 'kB' | 'x';

/** Something to be measured, and with whom. */
export interface Question {
  readonly title: string;
  readonly unit: Unit;
  /** The contestants that the others are compared with in the table. */
  readonly against: readonly string[];
  /** The cases, each measured in child processes of its own; mostly numbers of records. */
  readonly at: readonly string[];
  /** How many child processes each case gets; their rounds are put together. */
  readonly processes: number;
  /** Flags of Node for the child processes. */
  readonly flags?: readonly string[];
  /** Measures a case; called in the child process. */
  work(at: string): Promise<Samples> | Samples;
  /** Makes of what was measured what was asked. Default: it is the same. */
  conclude?(measurements: readonly Measurement[]): Measurement[];
}

/** A batch, and the identifiers that have to be reported. */
export interface Batch<E> {
  readonly event: E;
  readonly failures: readonly string[];
}

export type Contestants<E> = Readonly<Record<string, Entry<E>>>;

interface Timed<E> extends Pick<Question, 'title' | 'against'> {
  readonly unit: 'ns a record' | 'ms';
  readonly at: readonly number[];
  readonly processes?: number;
  readonly timing?: Timing;
  readonly batchOf: (count: number) => Batch<E>;
  readonly contestants: Contestants<E>;
}

/** A question for which contestants run the same batch, one after another. */
export function timed<E>({
  title,
  unit,
  against,
  at,
  processes = 5,
  timing,
  batchOf,
  contestants,
}: Timed<E>): Question {
  return {
    title,
    unit,
    against,
    at: at.map(String),
    processes,
    work: async (count) => {
      const samples = await timeBatch(batchOf(Number(count)), contestants, timing);
      return mapped(samples, (ns) => (unit === 'ms' ? ns / 1e6 : ns / Number(count)));
    },
  };
}

/** Nanoseconds of a batch. Every contestant's answers are checked, the first one before anything is timed. */
export async function timeBatch<E>(
  { event, failures }: Batch<E>,
  contestants: Contestants<E>,
  timing = usualTiming,
): Promise<Samples> {
  const context: Context = lambdaContext({ timeoutMs: 900_000 });
  const expected = [...failures].sort();
  const inspect = (name: string, answer: unknown) => {
    const reported = reportedBy(answer);
    if (reported.join() !== expected.join()) {
      throw new Error(`Expected ${name} to report ${shown(expected)}, received ${shown(reported)}.`);
    }
  };
  for (const [name, entry] of Object.entries(contestants)) inspect(name, await entry(event, context));
  const runs = Object.entries(contestants).map(([name, entry]) => [name, () => entry(event, context)] as const);
  return timeRounds(Object.fromEntries(runs), timing, inspect);
}

/** Sorted, because what runs side by side may be reported as it comes. */
function reportedBy(answer: unknown): string[] {
  const { batchItemFailures } = answer as Answer;
  return batchItemFailures.map(({ itemIdentifier }) => textOf(itemIdentifier)).sort();
}

function shown(identifiers: readonly string[]): string {
  const [first] = identifiers;
  return first === undefined ? 'nothing' : `${identifiers.length} records, ${first} first`;
}

/** The measurements of a question, of what its processes have sent. */
export function measurementsOf(question: Question, parts: ReadonlyMap<string, readonly Samples[]>): Measurement[] {
  const measurements = question.at.map((at) => ({ at, samples: joined(parts.get(at) ?? []) }));
  return question.conclude?.(measurements) ?? measurements;
}
