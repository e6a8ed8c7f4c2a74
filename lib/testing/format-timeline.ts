import { show } from '../errors/show';
import { checkOneOf, checkOptions } from './check';
import type { Simulation } from './simulation';
import { diagramOf } from './timeline-diagram';
import { reasonOf, recordsOf, secondsOf } from './timeline-entry';

/** Options of `formatTimeline`. */
export interface TimelineOptions {
  /**
   * `'text'`: lines in columns, for a terminal. `'mermaid'`: a sequence diagram, for a page that draws Mermaid: put it into a
   * block of code named `mermaid`. Default: `'text'`.
   */
  readonly as?: 'text' | 'mermaid';
}

/**
 * What happened in a simulation, one line an entry: when, what, to which records, and why. Records are `#0`, `#1`, ... by
 * their position in what was given, never by their payload.
 *
 * @throws TypeError where what is given is no simulation, such as a promise of one, or an option is not what it should be
 *
 * @example
 * ```ts
 * const result = await simulateQueue({ messages: ['good', 'bad'], handler, maxReceiveCount: 3 });
 * console.log(formatTimeline(result));
 * ```
 */
export function formatTimeline(simulation: Simulation<unknown>, options: TimelineOptions = {}): string {
  checkOptions('formatTimeline', options, ['as']);
  const { as = 'text' } = options;
  checkOneOf('as', as, ['text', 'mermaid']);
  const { timeline } = Object(simulation) as { readonly timeline?: unknown };
  if (!Array.isArray(timeline)) {
    throw new TypeError(
      `formatTimeline: expected a simulation, which is what await simulateQueue(...) gives, received ${show(simulation)}.`,
    );
  }
  const end = endOf(simulation);
  return as === 'mermaid' ? diagramOf(simulation, end) : [...rowsOf(simulation), end].join('\n');
}

function rowsOf({ timeline }: Simulation<unknown>): string[] {
  const lines = timeline.map((entry) => [
    secondsOf(entry),
    entry.invocation === undefined ? '' : `invocation ${entry.invocation}`,
    entry.what,
    recordsOf(entry),
    reasonOf(entry),
  ]);
  const widths = [0, 1, 2, 3].map((column) =>
    lines.reduce((widest, line) => Math.max(widest, line[column]!.length), 0),
  );
  return lines.map(([at, ...cells]) =>
    [at!.padStart(widths[0]!), ...cells.map((cell, index) => cell.padEnd(widths[index + 1] ?? 0))].join('  ').trimEnd(),
  );
}

function endOf({ deleted, deliveredElsewhere, deadLettered, remaining }: Simulation<unknown>): string {
  return [
    `${deleted.length} done`,
    ...(deliveredElsewhere.length > 0 ? [`${deliveredElsewhere.length} delivered elsewhere`] : []),
    `${deadLettered.length} dead-lettered`,
    `${remaining.length} remaining`,
  ].join(', ');
}
