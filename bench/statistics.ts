/** One figure a round for each contestant; those of a round stand at the same index, so that like is compared with like. */
export type Samples = Readonly<Record<string, readonly number[]>>;

/** What one child process was asked (a number of records, mostly), and what came of it. */
export interface Measurement {
  readonly at: string;
  readonly samples: Samples;
}

/** A median, and the quartiles around it. */
export interface Spread {
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
}

export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('Expected at least one value, received none.');
  const sorted = [...values].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), q1: quantile(sorted, 0.25), q3: quantile(sorted, 0.75) };
}

/** Between two values it goes straight from one to the other. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)]!;
  const high = sorted[Math.ceil(at)]!;
  return low + (high - low) * (at - Math.floor(at));
}

/** Round by round: what slows a round down slows down both. */
export function ratios(samples: Samples, contestant: string, baseline: string): number[] {
  const values = valuesOf(samples, baseline);
  return valuesOf(samples, contestant).map((value, index) => value / values[index]!);
}

export function differences(samples: Samples, contestant: string, baseline: string): number[] {
  const values = valuesOf(samples, baseline);
  return valuesOf(samples, contestant).map((value, index) => value - values[index]!);
}

/** @throws RangeError where there is no such contestant */
export function valuesOf(samples: Samples, contestant: string): readonly number[] {
  if (Object.hasOwn(samples, contestant)) return samples[contestant]!;
  throw new RangeError(`Expected one of ${Object.keys(samples).join('; ')}, received ${contestant}.`);
}

/** The rounds of several processes as those of one. */
export function joined(parts: readonly Samples[]): Samples {
  const names = Object.keys(parts[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, parts.flatMap((part) => valuesOf(part, name))]));
}

export function mapped(samples: Samples, change: (value: number) => number): Samples {
  return Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, values.map(change)]));
}
