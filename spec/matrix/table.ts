import type { Node } from './nodes';

/** A line of a table: what was run and, by the major version of Node, what became of it. */
export interface Row {
  readonly labels: readonly string[];
  readonly cells: Map<number, string>;
}

/** Rows as a Markdown table; a cell that nothing was put in was not run. */
export function table(titles: readonly string[], rows: readonly Row[], nodes: readonly Node[]): string {
  const lines = [
    [...titles, ...nodes.map(({ version }) => `Node ${version.slice(1)}`)],
    ...rows.map(({ labels, cells }) => [...labels, ...nodes.map(({ major }) => cells.get(major) ?? 'not run')]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const [head, ...rest] = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`,
  );
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest].join('\n');
}
