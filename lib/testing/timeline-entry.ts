import type { TimelineEntry } from './simulation';

/** How many records of an entry are named before the rest is counted. */
const NAMED = 12;

export const secondsOf = ({ at }: TimelineEntry): string => `${(at / 1000).toFixed(3)} s`;

/** Goes through the text once: it may hold as much white space as it likes. */
export function reasonOf({ reason = '' }: TimelineEntry): string {
  const lines = reason.split(/[\n\r\u2028\u2029]/).map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}

export function recordsOf({ records }: TimelineEntry): string {
  const named = records.slice(0, NAMED).map((index) => `#${index}`);
  const more = records.length - named.length;
  return more > 0 ? `${named.join(' ')} and ${more} more` : named.join(' ');
}
