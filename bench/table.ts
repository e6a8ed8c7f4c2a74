import type { Verdict } from './check';
import type { Question } from './question';
import { type Measurement, ratios, spreadOf, valuesOf } from './statistics';

/** What a question came to: a line for each case and contestant, with its ratios to those it is compared with. */
export function tableOf(question: Question, measurements: readonly Measurement[]): string {
  const rows = measurements.flatMap(({ at, samples }) =>
    Object.keys(samples).map((contestant) => {
      const { median, q1, q3 } = spreadOf(valuesOf(samples, contestant));
      const compared = question.against.map((baseline) =>
        Object.hasOwn(samples, baseline) && baseline !== contestant
          ? `${figure(spreadOf(ratios(samples, contestant, baseline)).median)} x`
          : '',
      );
      return [at, contestant, figure(median), `${figure(q1)} to ${figure(q3)}`, ...compared];
    }),
  );
  const titles = ['at', 'contestant', question.unit, 'quartiles', ...question.against.map((one) => `to ${one}`)];
  return [question.title, ...aligned([titles, ...rows])].join('\n');
}

export function verdictsTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ question, at, contestant, against = '', measured, allowed, isMet }) => [
    isMet ? 'met' : 'MISSED',
    question,
    at,
    contestant,
    against === '' ? '' : `to ${against}`,
    figure(measured),
    `of ${figure(allowed)}`,
  ]);
  return aligned(rows).join('\n');
}

/** Three digits are more than the machine is good for. */
const figure = (value: number): string => String(Number(value.toPrecision(3)));

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
