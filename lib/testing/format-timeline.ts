import type { Simulation, TimelineEntry } from './simulation';

/** How many records of an entry are named before the rest is counted. */
const NAMED = 12;

/**
 * What happened in a simulation, one line an entry: when, what, to which records, and why. Records are `#0`, `#1`, ... by
 * their position in what was given, never by their payload.
 */
export function formatTimeline(simulation: Simulation<unknown>): string {
  const { timeline, deleted, deliveredElsewhere, deadLettered, remaining } = simulation;
  const lines = timeline.map((entry) => [
    `${(entry.at / 1000).toFixed(3)} s`,
    entry.invocation === undefined ? '' : `invocation ${entry.invocation}`,
    entry.what,
    recordsOf(entry),
    inOneLine(entry.reason ?? ''),
  ]);
  const widths = [0, 1, 2, 3].map((column) =>
    lines.reduce((widest, line) => Math.max(widest, line[column]!.length), 0),
  );
  const rows = lines.map(([at, ...cells]) =>
    [at!.padStart(widths[0]!), ...cells.map((cell, index) => cell.padEnd(widths[index + 1] ?? 0))].join('  ').trimEnd(),
  );
  const end = [
    `${deleted.length} done`,
    ...(deliveredElsewhere.length > 0 ? [`${deliveredElsewhere.length} delivered elsewhere`] : []),
    `${deadLettered.length} dead-lettered`,
    `${remaining.length} remaining`,
  ];
  return [...rows, end.join(', ')].join('\n');
}

/** Goes through the text once: it may hold as much white space as it likes. */
function inOneLine(text: string): string {
  const lines = text.split(/[\n\r\u2028\u2029]/).map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}

function recordsOf({ records }: TimelineEntry): string {
  const named = records.slice(0, NAMED).map((index) => `#${index}`);
  const more = records.length - named.length;
  return more > 0 ? `${named.join(' ')} and ${more} more` : named.join(' ');
}
