import path from 'node:path';
import { styleText } from 'node:util';

import type { CheckedMapping, CheckResult } from './check';
import type { Finding } from './findings';
import type { Severity } from './model';

/** How a report looks. */
export interface Look {
  readonly colours: boolean;
  /** How many columns a line has at the most; what has no spaces is not broken. */
  readonly width: number;
}

const severities: readonly Severity[] = ['error', 'warning', 'hint'];
const colourOf = { error: 'red', warning: 'yellow', hint: 'cyan' } as const;

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/** The result in words: what was found, the worst first, then what was checked and what could not be, and a line that counts. */
export function reportOf({ mappings, findings, notes }: CheckResult, { colours, width }: Look): string {
  const paint: Paint = (format, text) => (colours ? styleText(format, text, { validateStream: false }) : text);
  const found = severities.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  return [
    ...found.map((finding) => [...findingLines(finding, width, paint), '']),
    ...mappings.map((mapping) => mappingLines(mapping, width)),
    ...notes.map((note) => wrapped(`note: ${note}`, width, '', '  ')),
    [paint('bold', sumOf(mappings, findings))],
  ]
    .flat()
    .join('\n');
}

function findingLines(finding: Finding, width: number, paint: Paint): string[] {
  const { rule, severity, message, fix, source, resource, mapping } = finding;
  const where = resource === mapping ? connection(finding) : `${resource}, of ${connection(finding)}`;
  return [
    `${placeOf(finding)}  ${paint(colourOf[severity], severity)}  ${paint('bold', rule)}`,
    ...wrapped(where, width, '  '),
    ...wrapped(`${message}.`, width, '  '),
    ...wrapped(`fix: ${fix}`, width, '  ', '       '),
    `  ${paint('dim', source)}`,
  ];
}

function mappingLines(mapping: CheckedMapping, width: number): string[] {
  return wrapped(`checked ${placeOf(mapping)}  ${connection(mapping)} (handler: ${mapping.handler})`, width, '', '  ');
}

/** Where one can go to by a click. */
function placeOf({ file, line, mapping }: Pick<Finding, 'file' | 'line' | 'mapping'>): string {
  if (file === undefined) return mapping;
  const relative = path.relative('', file);
  return `${relative.length < file.length ? relative : file}${line === undefined ? '' : `:${line}`}`;
}

function connection({ mapping, queue, function: fn }: Pick<Finding, 'mapping' | 'queue' | 'function'>): string {
  return `${queue ?? mapping} -> ${fn ?? 'a function of elsewhere'}`;
}

function sumOf(mappings: readonly CheckedMapping[], findings: readonly Finding[]): string {
  const counted = severities
    .map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const)
    .filter(([severity, count]) => count > 0 || severity !== 'hint')
    .map(([severity, count]) => plural(count, severity));
  return `${plural(mappings.length, 'event source mapping')}: ${counted.join(', ')}`;
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Words in lines of at most `width` columns, behind an indentation; `next` is that of all lines but the first. */
function wrapped(text: string, width: number, indent: string, next = indent): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    const isEmpty = line.trim() === '';
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = next + word;
    } else {
      line += isEmpty ? word : ` ${word}`;
    }
  }
  return [...lines, line];
}
