import type { Simulation, TimelineEntry } from './simulation';
import { reasonOf, recordsOf, secondsOf } from './timeline-entry';

/** Who takes part in a diagram, by the name that its lines have for them. */
const participants = { source: 'Event source', function: 'Function', elsewhere: 'Elsewhere', letters: 'Dead letters' };

type Participant = keyof typeof participants;

/** What the source is called, by what it does with a record that is done. */
const sources: Partial<Record<TimelineEntry['what'], string>> = {
  deleted: 'Queue',
  checkpointed: 'Stream',
  committed: 'Topic',
};

/** Between whom an entry is a message, or over whom it is a note. */
const arrows: Record<TimelineEntry['what'], `${Participant}${'->>' | '-->>' | '-x'}${Participant}` | Participant> = {
  invoked: 'source->>function',
  throttled: 'source-xfunction',
  chunk: 'function',
  delayed: 'source',
  deleted: 'function-->>source',
  checkpointed: 'function-->>source',
  committed: 'function-->>source',
  returned: 'function-->>source',
  'delivered elsewhere': 'function->>elsewhere',
  split: 'source',
  'dead-lettered': 'source->>letters',
};

/** A simulation as a sequence diagram in Mermaid; `end` is what it came to. */
export function diagramOf({ timeline }: Simulation<unknown>, end: string): string {
  const happened = new Set(timeline.map(({ what }) => what));
  const source = Object.entries(sources).find(([what]) => happened.has(what as TimelineEntry['what']))?.[1];
  const names: [Participant, string][] = [
    ['source', source ?? participants.source],
    ['function', participants.function],
    ...(['elsewhere', 'letters'] as const)
      .filter((name) => timeline.some(({ what }) => arrows[what].endsWith(name)))
      .map((name): [Participant, string] => [name, participants[name]]),
  ];
  return [
    'sequenceDiagram',
    ...names.map(([name, title]) => `  participant ${name} as ${title}`),
    ...timeline.flatMap((entry, index) => [
      ...(entry.at === timeline[index - 1]?.at ? [] : [note('source,function', secondsOf(entry))]),
      lineOf(entry),
    ]),
    note('source,function', end),
  ].join('\n');
}

function lineOf(entry: TimelineEntry): string {
  const { what, invocation } = entry;
  const reason = reasonOf(entry);
  const words = [
    ...(invocation === undefined ? [] : [`invocation ${invocation}`]),
    what,
    recordsOf(entry),
    ...(reason === '' ? [] : [`(${reason})`]),
  ].join(' ');
  const arrow = arrows[what];
  return arrow in participants ? note(arrow, words) : `  ${arrow}: ${escaped(words)}`;
}

const note = (over: string, words: string): string => `  Note over ${over}: ${escaped(words)}`;

/**
 * Text that Mermaid shows as it is. `;` and `#` end a message, `%%{` begins a directive, `$$` a formula, and the rest would be
 * HTML: https://mermaid.js.org/syntax/sequenceDiagram.html#entity-codes-to-escape-characters
 */
const escaped = (text: string): string => text.replace(/[#;%$<>&]/g, (found) => `#${found.charCodeAt(0)};`);
