import type { SampleResult } from './run-sample';
import { afterwards, type Happened, recordsOf, sourceOf } from './sources';

/** A sample as a table with a line a record, what else it shows, and what is wrong with its answer, if anything is. */
export function describeResult(result: SampleResult): string {
  const { sample, happened, difference } = result;
  const { title } = sourceOf(recordsOf(sample.event)[0]!);
  return [
    `${sample.name} (${title})`,
    sample.description,
    ...indent(happened.length === 0 ? [] : tableOf(result)),
    ...indent(sample.report?.() ?? []),
    ...indent(difference === undefined ? [] : `NOT THE EXPECTED ANSWER: ${difference}`.split('\n')),
  ].join('\n');
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

function tableOf({ sample, answer, happened }: SampleResult): string[] {
  const records = recordsOf(sample.event);
  const source = sourceOf(records[0]!);
  const { checkpoint, returned } = afterwards(sample.event, answer);
  const nextOf = (identifier: string, it: Happened): string => {
    if (!returned.includes(identifier)) return source.done;
    if (identifier === checkpoint) return `checkpoint is set here, ${source.returned} from here on`;
    return it === 'succeeded' ? `${source.returned}, although it succeeded` : source.returned;
  };
  const rows = happened.map((it, index) => {
    const identifier = source.identifier(records[index]!);
    return [source.shorten(identifier), source.group(records[index]!), it, nextOf(identifier, it)];
  });
  return align(['record', source.groupTitle, 'what happened', `what ${source.sender} does next`], rows);
}

/** Lines whose cells stand below each other, without the columns that are empty. */
export function align(titles: string[], rows: string[][]): string[] {
  const columns = titles.map((_, column) => column).filter((column) => rows.some((row) => row[column] !== ''));
  const lines = [titles, ...rows];
  const widths = columns.map((column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) =>
    columns
      .map((column, index) => line[column]!.padEnd(widths[index]!))
      .join('  ')
      .trimEnd(),
  );
}
