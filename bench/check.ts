import { differences, type Measurement, ratios, spreadOf, valuesOf } from './statistics';

/** The most that something may cost. */
export interface Budget {
  readonly question: string;
  readonly at: readonly string[];
  readonly contestant: string;
  /** What it is compared with; by itself where it is left out. */
  readonly against?: string;
  /** The most of the median ratio or, without `against`, of the median. */
  readonly most?: number;
  /** The most nanoseconds more a batch than `against`, of a question in nanoseconds a record. */
  readonly mostMoreNs?: number;
}

/** A budget with what was measured. */
export interface Verdict extends Omit<Budget, 'at'> {
  readonly at: string;
  readonly measured: number;
  readonly allowed: number;
  readonly isMet: boolean;
}

/** Judges the budgets of a question. What cannot be judged, because it was not measured, is an error. */
export function verdictsOf(name: string, measurements: readonly Measurement[], budgets: readonly Budget[]): Verdict[] {
  return budgets
    .filter(({ question }) => question === name)
    .flatMap((budget) => budget.at.map((at) => verdictOf(budget, at, measurements)));
}

function verdictOf(budget: Budget, at: string, measurements: readonly Measurement[]): Verdict {
  const { samples } = measurements.find((measurement) => measurement.at === at) ?? {};
  if (samples === undefined) throw new RangeError(`The budget of ${budget.question} at ${at} is of nothing measured.`);
  const { contestant, against, most, mostMoreNs } = budget;
  const verdict = (measured: number, allowed: number): Verdict => ({
    ...budget,
    at,
    measured,
    allowed,
    isMet: measured <= allowed,
  });
  if (mostMoreNs !== undefined) {
    const more = spreadOf(differences(samples, contestant, against!)).median;
    return verdict(more * Number(at), mostMoreNs);
  }
  const values = against === undefined ? valuesOf(samples, contestant) : ratios(samples, contestant, against);
  return verdict(spreadOf(values).median, most!);
}
